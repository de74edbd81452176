import type { Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { type Args, type BoundedReads, Missing, readPerson, Unread, whoIn } from "../../academy/reads.ts";
import { zoneReads } from "../../academy/time-zone.ts";
import { and } from "../../text/english.ts";
import { dayInWords } from "../../text/zone.ts";
import type { Seen } from "../impact/subjects.ts";
import type { Image, Subjects } from "./kept.ts";
import { type Followed, type Left, type NoWay, planBack, type UndoPlan, whyLeft } from "./plan.ts";

/** A change that is about to be made, as far as its undoing goes. */
export interface Before extends Subjects {
  readonly operation: WriteOperation;
  /** What stands there now, and would be kept; `unread`: that is read when its turn comes. */
  readonly image: Image | undefined | "unread";
}

/** What a question says about undoing. */
export interface Promised {
  /** Whether it can be undone: with many steps, that is said once for all of them. */
  readonly can: "all" | "part" | "none";
  /** All of it in one line, as a person reads it of this one change. */
  readonly line: string;
  /** Of what can be undone, what may not come back. */
  readonly loses: readonly string[];
  /** What nothing takes back, in sentences of their own. */
  readonly stays: readonly string[];
}

/** What a question says about undoing: no more than undo_change then does. */
export function promise({ operation, image, given, targets }: Before): Promised {
  const { undo } = operation;
  if ("no" in undo) return { can: "none", line: undo.no, loses: [], stays: [] };
  const { unless: _, only: __, ...rest } = undo;
  const unread = image === "unread";
  const from = unread ? assumed(operation, given) : image;
  const plan = planBack({
    operation,
    way: unread ? rest : undo,
    given,
    targets,
    image: from,
    // Its number comes with the answer.
    made: 1,
  });
  return "why" in plan
    ? { can: "none", line: neverInWords(plan, given), loses: [], stays: [] }
    : backInWords(plan, unread, new Set(Object.keys((given.extra as object | undefined) ?? {})));
}

/** Whatever was given is taken to be there: only what can never be put back is told. */
const assumed = ({ keeps = [], undo }: WriteOperation, given: Subjects["given"]): Image => {
  const kept =
    "no" in undo
      ? {}
      : Object.fromEntries(Object.entries(undo.kept ?? {}).map(([name, field]) => [field, given[name]]));
  const maps = [given.custom_fields, given.extra].map((one) => one as object | undefined);
  return { [keeps[0] ?? ""]: Object.assign({}, kept, given, ...maps) };
};

function backInWords(
  { put, left, follows, loses: lost, stays }: UndoPlan,
  unread: boolean,
  settings: ReadonlySet<string>,
): Promised {
  const loses = lost === undefined ? [] : [lost];
  const missing = loses.length > 0 ? `, but ${lost} may not come back` : "";
  if (left.length + follows.length === 0) {
    const far = unread && put.length > 0 ? ", as far as there was something before" : "";
    return { can: "all", line: `This can be undone${far}${missing}.`, loses, stays };
  }
  const head = capital(
    the(
      put.map(({ name }) => name),
      settings,
    ),
  );
  const besides = loses.length > 0 ? ` ${capital(`${lost} may not come back either.`)}` : "";
  const line =
    left.length > 0
      ? `${head} can be put back; ${leftInWords(left, settings)}.${besides}`
      : `${head} can be put back, but what goes with it may be lost or get a new date: ${followsInWords(follows, readable)}.${besides}`;
  return { can: "part", line, loses, stays };
}

/** “All of this can be undone, but …”: once for all steps of a job. */
export function promiseForAll(each: readonly Promised[]): string | undefined {
  const [first] = each;
  if (first === undefined || each.length === 1) return first?.line;
  const loses = [...new Set(each.flatMap(({ can, loses }) => (can === "all" ? loses : [])))];
  const missing = loses.length > 0 ? `, but ${and(loses)} may not come back` : "";
  const others = [...new Set(each.flatMap(({ can, line }) => (can === "all" ? [] : [line])))];
  if (others.length === 0) return `All of this can be undone${missing}.`;
  if (each.every(({ can }) => can !== "all")) return others.slice(0, mostReasons).join(" ");
  return `Not all of this can be undone. ${others.slice(0, mostReasons).join(" ")} The rest can be undone${missing}.`;
}
const mostReasons = 3;

/** “the password cannot: SkyPrep does not show what it was”, grouped by why. */
export function leftInWords(left: readonly Left[], settings?: ReadonlySet<string>): string {
  const reasons = [...new Set(left.map(({ why }) => why))];
  return reasons
    .map((why) => {
      const names = left.flatMap((one) => (one.why === why ? [one.name] : []));
      return `${the(names, settings)} cannot: ${whyLeft[why]}`;
    })
    .join("; ");
}

const never: Readonly<Record<NoWay["why"], string>> = {
  "not-kept": "This cannot be undone: what is there now is not saved.",
  "so-before":
    "This cannot be undone: SkyPrep has it this way already, and does not show what this replaces.",
  "there-already": "This cannot be undone: it is there already.",
  "not-there": "There would be nothing to undo: it is not there now.",
  several: "This cannot be undone in one step, only one at a time.",
  "no-number": "This cannot be undone: SkyPrep does not say which number it gives to what this makes.",
  nothing: "",
};
const neverInWords = ({ why, left = [] }: NoWay, given: Subjects["given"]): string => {
  const ends = Object.keys(given).some((name) => name.endsWith("_expiration_date"));
  if (why === "there-already" && ends)
    return "This cannot be undone: it is there already, and SkyPrep does not show when it ends now.";
  return why === "nothing"
    ? `${capital(leftInWords(left).replaceAll(" cannot: ", " cannot be put back: "))}.`
    : never[why];
};

/** Fields of a record in an administrator's words. */
const words: Readonly<Record<string, string>> = {
  title: "job",
  capacity: "number of seats",
  commencement_time: "start",
  end_time: "end",
  access_end_date: "last day of access",
  access_start_date: "first day of access",
  password_expiration_date: "day the password expires",
  email: "login",
  set_status: "status",
  ssn: "social security number",
  card_no: "badge number",
  user_identifier: "badge number",
  active: "on/off setting",
  completion_date: "completed",
  completed_at: "completed",
  expiration_date: "valid until",
  commencement_date: "begun",
  percent_viewed: "percent done",
};
export const inWords = (name: string): string =>
  words[name] ?? name.replace(/^ca_(\d+)$/, "custom field $1").replaceAll("_", " ");

const most = 8;
/** `settings`: those that SkyPrep does not document go by their own names. */
const the = (names: readonly string[], settings: ReadonlySet<string> = new Set()): string => {
  const all = names
    .slice(0, most)
    .map((name) => (settings.has(name) ? `the setting “${inWords(name)}”` : `the ${inWords(name)}`));
  return and([...all, ...(names.length > most ? [`${names.length - most} more`] : [])]);
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** “completed 2026-03-01, valid until 2027-03-01”: days and numbers, no text that people wrote. */
export const followsInWords = (
  follows: readonly Followed[],
  inText: (value: unknown) => string = plain,
): string =>
  follows
    .map(({ field, was }) =>
      field === "percent_viewed" ? `${inText(was)}% done` : `${inWords(field)} ${inText(was)}`,
    )
    .join(", ");

/** A day as a person reads it. */
export const readable = (value: unknown): string => dayInWords(plain(value)) ?? plain(value);
export const plain = (value: unknown): string => {
  const text = String(value ?? "");
  return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? (/^[\w.:+-]{1,40}$/.test(text) ? text : "another");
};

/** Read for the academy's clock alone: nothing that is changed stands there. */
const zoneRoutes: ReadonlySet<string> = new Set(zoneReads.map(([route]) => route));

/**
 * What was there before a change, as far as it can be read: route → what it answered, without what is secret
 * and without the records inside records; null where it says that there is nothing. Undefined where nothing
 * could be read.
 */
export async function keepSnapshot(
  routes: readonly string[],
  args: Args,
  look: BoundedReads,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const nothing = new Set<string>();
  for (const route of routes) {
    try {
      const parameters = await parametersOf(route, args, look);
      if (parameters) await look.one(route, parameters);
    } catch (error) {
      // The image is a service; whether the change may be made is decided elsewhere.
      if (error instanceof Missing) nothing.add(route);
      else if (!(error instanceof Unread)) throw error;
    }
  }
  const image = Object.fromEntries([
    ...[...nothing].map((route) => [route, null]),
    ...[...look.seen].flatMap(([route, value]) =>
      zoneRoutes.has(route) ? [] : [[route, shallow(value, 0)]],
    ),
  ]);
  return Object.keys(image).length > 0 ? image : undefined;
}

const shownBy: Readonly<Record<string, Subject>> = {
  get_user: "person",
  get_course: "course",
  get_user_group: "group",
  get_learning_path: "path",
  get_course_progress: "progress",
  get_course_item_progress: "item",
  get_instructor_led_training_timeslot: "timeslot",
};

/** What was read of it already, where it is to be kept only when its turn comes. */
export function snapshotIn(
  { keeps = [] }: WriteOperation,
  seen: Partial<Record<Subject, Seen>>,
): Readonly<Record<string, unknown>> | "unread" {
  const [route = ""] = keeps;
  const row = seen[shownBy[route] as Subject]?.row;
  return row === undefined ? "unread" : { [route]: shallow(row, 0) };
}

const byNumber: Readonly<Record<string, string>> = {
  get_course: "course_id",
  get_user_group: "user_group_id",
  get_learning_path: "learning_path_id",
  get_course_progress: "course_progress_id",
  get_instructor_led_training_timeslot: "instructor_led_training_timeslot_id",
  get_instructor_led_training_timeslot_registrations: "instructor_led_training_timeslot_id",
};
const itemArguments = ["user_id", "course_id", "course_item_id", "exam_id", "course_progress_id"];

/** The parameters a read takes from a call's arguments; undefined where the call does not hold them. */
export async function parametersOf(
  route: string,
  args: Args,
  look: BoundedReads,
): Promise<Record<string, string | number> | undefined> {
  if (route === "get_power_users") return {};
  const argument = byNumber[route];
  if (argument !== undefined) {
    const id = args[argument];
    return typeof id === "number" ? { [argument]: id } : undefined;
  }
  if (route === "get_course_item_progress") {
    const person =
      typeof args.user_email === "string"
        ? await readPerson(look, { user_email: args.user_email })
        : undefined;
    const all: Args = { ...args, ...(person && { user_id: person.id }) };
    return Object.fromEntries(
      itemArguments.flatMap((name) => (typeof all[name] === "number" ? [[name, all[name] as number]] : [])),
    );
  }
  const who = whoIn(args);
  if (who === undefined) return undefined;
  if (route === "get_user") return who;
  if (route === "get_user_courses" && "user_email" in who) return who;
  const { id, login } = await readPerson(look, who);
  if (route === "get_user_courses") return { user_email: login };
  if (route === "get_manager_permissions_from_user_group") {
    return { user_id: id, user_group_id: Number(args.user_group_id) };
  }
  return { user_id: id };
}

/** Never on disk, whatever is kept. */
const secret = /ssn|key|webcal|gravatar|_link$|password|secret|token|_url$/i;
const mostRows = 5_000;

export function shallow(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.slice(0, mostRows).map((one) => shallow(one, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, one]) => !secret.test(name) && one !== null && one !== "" && one !== undefined,
  );
  // Records inside records by what identifies them; what they hold is kept where they are read themselves.
  const kept = depth >= 2 ? entries.filter(([name]) => identifying.test(name)) : entries;
  return Object.fromEntries(kept.map(([name, one]) => [name, shallow(one, depth + 1)]));
}
const identifying = /^(id|user_id|course_id|name|email|status|user_role_id|dataset_ids)$/;
