import type { Directory, DirectoryKind } from "../../academy/directory.ts";
import { agrees } from "../../academy/name-matching.ts";
import { isObject, NotAList, type Row, Unread } from "../../academy/reads.ts";
import type { AcademyZone } from "../../academy/time-zone.ts";
import type { Property } from "../../catalogue/schema.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { holdsControl, loginIn, newLoginIn, printed, readings } from "../../text/typed.ts";
import { type Args, type Checkable, fromJson } from "./check.ts";

export interface GivenWorld {
  readonly directory: Directory;
  readonly list: (route: string, signal: AbortSignal) => Promise<readonly unknown[]>;
  readonly zone: AcademyZone;
}

/** One call's arguments on their way; what was made of them, and what is wrong with them. */
export interface Taking {
  readonly tool: Checkable;
  readonly world: GivenWorld;
  readonly signal: AbortSignal;
  readonly notes: string[];
  readonly wrong: string[];
}

export const propertyOf = ({ shape }: Checkable, name: string): Property | undefined =>
  Object.hasOwn(shape.plain.properties, name)
    ? shape.plain.properties[name]
    : shape.unlisted.get(name)?.property;

/** What a number is of, by the argument's name. */
const kinds: readonly (readonly [RegExp, DirectoryKind | "training" | "session"])[] = [
  [/(?:^|_)user_ids?$/, "person"],
  [/(?:^|_)course_ids?$/, "course"],
  [/^user_group_ids?$/, "group"],
  [/^(?:learning_path|course_bundle)_ids?$/, "path"],
  [/^saved_advanced_report_id$/, "report"],
  [/^instructor_led_training_id$/, "training"],
  [/^instructor_led_training_timeslot_id$/, "session"],
];
const kindOf = (name: string) => kinds.find(([pattern]) => pattern.test(name))?.[1];
const saidAs: Readonly<Record<string, string>> = {
  user: "person",
  learner: "person",
  employee: "person",
  people: "person",
  "user group": "group",
  "learning path": "path",
  timeslot: "session",
  "instructor-led training": "training",
  "saved report": "report",
};
const anyKind = /^(?:id|number|no\.?|nr\.?|num)$/;

/** 207, "#207", "course 207", "207 Phishing (SEC-102)": a number and a name that are two things are refused. */
export async function takeNumbers(args: Args, name: string, value: unknown, taking: Taking): Promise<void> {
  const isList = propertyOf(taking.tool, name)?.type === "array";
  if (!isList && typeof value === "string" && isLoginFor(name, value, args)) {
    delete args[name];
    await takeLogins(args, "user_email", value, taking);
    return;
  }
  const all = isList ? itemsOf(value) : [value];
  const taken: unknown[] = [];
  for (const one of all) taken.push(await numberOf(one, name, taking));
  if (taken.some((one, at) => one !== all[at]) || (isList && typeof value === "string" && all.length > 1)) {
    args[name] = isList ? taken : taken[0];
  }
}

const isLoginFor = (name: string, value: string, args: Args): boolean =>
  name === "user_id" && args.user_email === undefined && /^[^\s@]+@[^\s@]+$/.test(value.trim());

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string" || /^[\s\d,]*$/.test(value)) return [value];
  const parsed = fromJson(value, "[");
  if (Array.isArray(parsed)) return parsed;
  return value.split(/[;\n]|,(?=\s*(?:#|[a-z][a-z ]*#?)?\d+(?:[\s,:]|$))/i).map((part) => part.trim());
}

async function numberOf(value: unknown, name: string, taking: Taking): Promise<unknown> {
  // Numbers alone are one, or a list of them: no name stands beside a number.
  if (typeof value !== "string" || /^[\s\d,;|-]*$/.test(value)) return value;
  const ours = printed(value);
  if (ours === undefined) return value;
  const kind = kindOf(name);
  const said =
    ours.kind === undefined || anyKind.test(ours.kind) ? undefined : (saidAs[ours.kind] ?? ours.kind);
  if (said !== undefined && kind !== undefined && said !== kind) {
    taking.wrong.push(`${name}: “${shortened(value)}” is a ${ours.kind}; give the ${worded(kind)}'s number.`);
    return value;
  }
  if (ours.words === "") return ours.number;
  if (kind === undefined) {
    taking.wrong.push(`${name}: give the number alone, ${ours.number}, not “${shortened(value)}”.`);
    return value;
  }
  const other = await otherThan(kind, ours, taking);
  if (other !== undefined) {
    taking.wrong.push(`${name}: ${other}. Say which is meant by its number alone.`);
    return value;
  }
  return ours.number;
}

const worded = (kind: string): string => (kind === "path" ? "learning path" : kind);
const shortened = (text: string): string => cleanText(text).slice(0, 80);

/** Why the words beside a number do not name what has it; undefined where they do. */
async function otherThan(
  kind: DirectoryKind | "training" | "session",
  { number, words }: { readonly number: number; readonly words: string },
  { world, signal }: Taking,
): Promise<string | undefined> {
  if (kind === "training" || kind === "session") {
    const all = await orUnread(world.list("get_instructor_led_trainings", signal));
    if (all === undefined)
      return `the sessions could not be read to see whether ${number} is “${shortened(words)}”`;
    const rows = all.filter(isObject);
    const own = rows.flatMap((row) =>
      kind === "training"
        ? [named(row, row)]
        : [row.instructor_led_training_timeslots]
            .flat()
            .filter(isObject)
            .map((slot) => named(slot, row)),
    );
    const one = own.find(({ id }) => id === number);
    if (one === undefined) return `whether ${kind} ${number} is “${shortened(words)}” is not known`;
    return agrees(words, one) ? undefined : `${kind} ${number} is ${one.label}, not “${shortened(words)}”`;
  }
  const meaning = await orUnread(world.directory.meant(kind, `#${number} ${words}`, signal));
  if (meaning === undefined) return `it could not be read whether ${number} is “${shortened(words)}”`;
  const { found, disagrees } = meaning;
  if (found.some(({ id }) => id === number)) return undefined;
  return disagrees
    ? `${worded(kind)} ${number} is ${cleanText(disagrees.label)}, not “${shortened(words)}”`
    : `there is no ${worded(kind)} ${number}`;
}

/** Undefined where SkyPrep does not show it now. */
async function orUnread<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Failure || error instanceof NotAList || error instanceof Unread) return undefined;
    throw error;
  }
}

const named = (row: Row, training: Row) => {
  const texts = [row.name, training.name, row.commencement_time, row.location, row.instructor];
  const own = texts.filter((one): one is string => typeof one === "string" && one !== "");
  return { id: Number(row.id), label: cleanText(own[0] ?? ""), own };
};

export const isOfLogins = (name: string): boolean => /^(?:user_email|user_emails|email)$/.test(name);
const isPlain = (login: string): boolean =>
  /^[\x21-\x7e]+$/.test(login) && loginIn(login) === login && !/^\d/.test(login);

export async function takeLogins(args: Args, name: string, value: unknown, taking: Taking): Promise<void> {
  if (typeof value === "string" && name !== "user_emails") {
    const login = await loginOf(value, name, args, taking);
    if (typeof login === "number") {
      delete args[name];
      args.user_id ??= login;
    } else args[name] = login;
    return;
  }
  const list =
    typeof value === "string" && /[<>\n;]/.test(value) && fromJson(value, "[") === undefined
      ? value.split(/(?<=>)\s*[,;]|[;\n]/).filter((part) => part.trim() !== "")
      : typeof value === "string"
        ? fromJson(value, "[")
        : value;
  if (name !== "user_emails" || !Array.isArray(list)) return;
  const logins: unknown[] = [];
  for (const one of list) {
    logins.push(typeof one === "string" ? await loginOf(one, name, args, taking) : one);
  }
  args[name] = logins;
}

/** The login that is meant; the exact text first. A person without one in our list is taken by number. */
async function loginOf(
  text: string,
  name: string,
  args: Args,
  { tool, world, signal, notes, wrong }: Taking,
): Promise<string | number> {
  const isNew = isNewLogin(tool, name, args);
  // A NUL is nobody's typing: the check refuses it by the argument's name.
  if ((isPlain(text) && (isNew || text.includes("@"))) || text.includes("\0")) return text;
  const cleaned = isNew ? newLoginIn(text) : loginIn(text);
  if (isNew && holdsControl(text)) return text;
  const read = () => {
    if (cleaned === text) return text;
    notes.push(`“${shortened(text)}” was read as ${cleanText(cleaned)}.`);
    return cleaned;
  };
  if (isNew || name === "email") return readings(text).length > 1 ? read() : text;
  const meaning = await orUnread(world.directory.meant("person", text, signal));
  if (meaning === undefined) return text;
  const [one, ...more] = meaning.found;
  if (one === undefined && meaning.disagrees) {
    wrong.push(
      `${name}: person ${meaning.disagrees.id} is ${cleanText(meaning.disagrees.label)}, not “${shortened(meaning.disagrees.words)}”. Say which is meant by number or login alone.`,
    );
    return text;
  }
  if (one !== undefined && more.length > 0) {
    const offered = meaning.found.slice(0, 5).map(({ id, label }) => `${id} ${label}`);
    wrong.push(
      `${name}: ${meaning.found.length} people are called “${shortened(text)}”: ${offered.join("; ")}.`,
    );
    return text;
  }
  if (one === undefined) return cleaned.includes("@") && printed(text) === undefined ? read() : text;
  if (meaning.read !== undefined || one.login?.toLowerCase() !== text.trim().toLowerCase())
    notes.push(`“${shortened(text)}” was read as person ${one.id} ${cleanText(one.label)}.`);
  return one.login ?? (name === "user_email" ? one.id : text);
}

/** Whether a call would give this login to somebody. */
function isNewLogin({ operation }: Checkable, name: string, args: Args): boolean {
  const { newLogin } = operation;
  if (newLogin?.argument !== name) return false;
  return newLogin.when === undefined || /^(?:true|1)$/i.test(String(args[newLogin.when]).trim());
}
