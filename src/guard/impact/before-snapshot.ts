import type { Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/call-arguments.ts";
import { readPerson, whoIn } from "../../academy/persons.ts";
import { type BoundedReads, Missing, Unread } from "../../academy/reads.ts";
import type { Seen } from "./subjects/seen.ts";

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
    ...[...look.seen].map(([route, value]) => [route, plain(value, 0)]),
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
  return row === undefined ? "unread" : { [route]: plain(row, 0) };
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

export function plain(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.slice(0, mostRows).map((one) => plain(one, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, one]) => !secret.test(name) && one !== null && one !== "" && one !== undefined,
  );
  // Records inside records by what identifies them; what they hold is kept where they are read themselves.
  const kept = depth >= 2 ? entries.filter(([name]) => identifying.test(name)) : entries;
  return Object.fromEntries(kept.map(([name, one]) => [name, plain(one, depth + 1)]));
}
const identifying = /^(id|user_id|course_id|name|email|status|user_role_id|dataset_ids)$/;
