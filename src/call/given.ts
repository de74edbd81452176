import { holdsControl, loginIn, printed, readings, tidied } from "../files/typed.ts";
import { Unread } from "../guard/look.ts";
import { cleanText } from "../reply/clean-text.ts";
import type { Reply } from "../reply/reply.ts";
import { Failure } from "../skyprep/failure.ts";
import type { Args, Checkable } from "./check.ts";
import type { Directory, DirectoryKind } from "./directory.ts";
import { agrees } from "./meaning.ts";
import { fromJson } from "./mend.ts";
import { NotAList } from "./rows.ts";
import type { Property } from "./schema.ts";

export interface GivenWorld {
  readonly directory: Directory;
  readonly list: (route: string, signal: AbortSignal) => Promise<readonly unknown[]>;
}

/** What a client gave, as it was meant; and what has to be said of that. */
export type Given =
  | { readonly raw: unknown; readonly notes: readonly string[] }
  | { readonly wrong: readonly string[] };

interface Taking {
  readonly tool: Checkable;
  readonly world: GivenWorld;
  readonly signal: AbortSignal;
  readonly notes: string[];
  readonly wrong: string[];
}

/**
 * A client's own arguments before they are checked: what is empty counts as left out, what our replies print is
 * taken back, a login loses what it was copied with. Steps of jobs never come this way: they are exact.
 */
export async function given(
  tool: Checkable,
  raw: unknown,
  world: GivenWorld,
  signal: AbortSignal,
): Promise<Given> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { raw, notes: [] };
  const taking: Taking = { tool, world, signal, notes: [], wrong: [] };
  const args = withoutEmpty(raw as Args, taking);
  for (const [name, value] of Object.entries(args)) {
    const property = propertyOf(tool, name);
    if (property?.type === "integer" || property?.items?.type === "integer") {
      await takeNumbers(args, name, value, taking);
    } else if (isOfLogins(name)) await takeLogins(args, name, value, taking);
  }
  return taking.wrong.length > 0 ? { wrong: taking.wrong } : { raw: args, notes: taking.notes };
}

/** The reply, with what was made of the arguments. */
export function noted(reply: Reply, notes: readonly string[]): Reply {
  if (notes.length === 0) return reply;
  const { structured } = reply;
  const all = [...[structured?.notes ?? []].flat(), ...notes];
  return {
    ...reply,
    text: [reply.text, ...notes].join("\n"),
    ...(structured && { structured: { ...structured, notes: all } }),
  };
}

const propertyOf = ({ shape }: Checkable, name: string): Property | undefined =>
  Object.hasOwn(shape.plain.properties, name)
    ? shape.plain.properties[name]
    : shape.unlisted.get(name)?.property;

const isEmpty = (value: unknown): boolean =>
  typeof value === "string"
    ? tidied(value) === "" || value.trim() === "[]"
    : Array.isArray(value) && value.every((one) => one === null || isEmpty(one));

/** Who or what a call is about: leaving it out is no change of a field. */
const identity = /^(?:user_email|user_id|confirm|.*_ids?|fields|search|limit|cursor)$/;

function withoutEmpty(raw: Args, { tool, notes, wrong }: Taking): Args {
  const { shape, operation } = tool;
  const required = new Set(shape.plain.required ?? []);
  const isUpdate = operation.effect === "change" && operation.about !== undefined;
  // Defined, not assigned: a client may name __proto__, and is told that it is no argument.
  const kept = new Map<string, unknown>();
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const property = propertyOf(tool, name);
    if (property === undefined || required.has(name) || !isEmpty(value)) {
      const own = property?.type === "object" ? withoutEmptyFlags(value, tool, name) : value;
      kept.set(name, Array.isArray(own) ? own.filter((one) => one !== null && !isEmpty(one)) : own);
    } else if (operation.widens?.includes(name)) {
      wrong.push(`${name} came empty: without it the call reaches everybody. Leave it out if that is meant.`);
    } else if (isUpdate && !identity.test(name)) {
      // A blank is how a text is emptied: nobody fills that in for what they do not need.
      if (typeof value === "string" && /^\s+$/.test(value) && mayBeEmptied(tool, name)) kept.set(name, "");
      else dropped.push(name);
    }
  }
  if (dropped.length > 0) {
    const said = leftAsItIs(dropped, tool);
    const changes = [...kept.keys()].some((name) => !identity.test(name));
    if (changes) notes.push(said);
    else wrong.push(`Nothing to change. ${said}`);
  }
  return Object.fromEntries(kept);
}

const mayBeEmptied = ({ operation }: Checkable, name: string): boolean =>
  operation.input.shape[name]?.safeParse("").success === true && !/date|time/.test(name);

function leftAsItIs(names: readonly string[], tool: Checkable): string {
  const emptied = names.filter((name) => mayBeEmptied(tool, name));
  const others = names.filter((name) => !emptied.includes(name));
  return [
    `${names.join(", ")} came empty, which counts as left out: not changed.`,
    ...(emptied.length > 0 ? [`To empty ${emptied.join(" or ")}, give a single blank.`] : []),
    ...(others.length > 0
      ? [`${others.join(", ")} cannot be emptied here: no way is known; SkyPrep's web admin can.`]
      : []),
  ].join(" ");
}

function withoutEmptyFlags(value: unknown, { shape }: Checkable, name: string): unknown {
  const isMap = [...shape.unlisted.values()].some(({ within }) => within === name);
  if (!isMap || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one)));
}

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
async function takeNumbers(args: Args, name: string, value: unknown, taking: Taking): Promise<void> {
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
  if (typeof value !== "string" || /^\s*-?\d+\s*$/.test(value)) return value;
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
    const rows = all.filter(isRow);
    const own = rows.flatMap((row) =>
      kind === "training"
        ? [named(row, row)]
        : [row.instructor_led_training_timeslots]
            .flat()
            .filter(isRow)
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

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null;
const named = (row: Row, training: Row) => {
  const texts = [row.name, training.name, row.commencement_time, row.location, row.instructor];
  const own = texts.filter((one): one is string => typeof one === "string" && one !== "");
  return { id: Number(row.id), label: cleanText(own[0] ?? ""), own };
};

const isOfLogins = (name: string): boolean => /^(?:user_email|user_emails|email)$/.test(name);
const isPlain = (login: string): boolean =>
  /^[\x21-\x7e]+$/.test(login) && loginIn(login) === login && !/^\d/.test(login);

async function takeLogins(args: Args, name: string, value: unknown, taking: Taking): Promise<void> {
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
  // A NUL is nobody's typing: the check refuses it by the argument's name.
  if (isPlain(text) || text.includes("\0")) return text;
  const cleaned = loginIn(text);
  const isNew = isNewLogin(tool, name, args);
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
export function isNewLogin({ operation }: Checkable, name: string, args: Args): boolean {
  const { newLogin } = operation;
  if (newLogin?.argument !== name) return false;
  return newLogin.when === undefined || [true, "true", 1, "1"].includes(args[newLogin.when] as never);
}
