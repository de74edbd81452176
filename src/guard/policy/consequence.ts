import type { Condition, Consequence, Kind, Standing, Subject } from "../../../tools/schema/consequence.ts";
import type { Operation, WriteOperation } from "../../../tools/schema/operation.ts";
import {
  type Args,
  type BoundedReads,
  isAboveLearner,
  Missing,
  type Row,
  Unread,
} from "../../academy/reads.ts";
import type { Change } from "../../journal/line.ts";
import { count } from "../../text/english.ts";
import { instantIn } from "../../text/instant.ts";
import { givesUp, isBeginning, isMeasured, isTelling } from "../../text/telling.ts";
import { listedProgress } from "../impact/findings/finding.ts";
import type { Seen } from "../impact/subjects.ts";

/** Everything that calls of this operation may deserve a question for. */
export function consequencesIn(operation: Operation): readonly Consequence[] {
  if (operation.effect === "read") return [];
  const { consequence, also = [] } = operation;
  return consequence === undefined ? also : [consequence, ...also];
}

/**
 * Those that this very call may have: empty where nothing in its arguments deserves a question. Whether it does
 * may depend on how things stand: see `isMet`.
 */
export const consequencesOf = (operation: Operation, args: Args, now: number): readonly Consequence[] =>
  consequencesIn(operation).filter(
    ({ when }) => when === undefined || when.some((condition) => isGiven(condition, args, now)),
  );

const halfADay = 12 * 3_600_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A day that has begun somewhere on earth may be today, or over, where the academy is. */
export const isOver = (day: string, now: number): boolean =>
  day.slice(0, 10) <= dayOf(now + halfADay + 7_200_000);
const isToCome = (day: string, now: number): boolean => day.slice(0, 10) > dayOf(now - halfADay);

function isGiven({ argument, except = [], value: wanted }: Condition, args: Args, now: number): boolean {
  if (argument === undefined) return true;
  const value = args[argument];
  if (value === undefined || except.includes(String(value))) return false;
  switch (wanted) {
    case "false":
      return value === false;
    case "negative":
      return typeof value !== "number" || value < 0;
    case "past":
      return isOver(String(value), now);
    case "future":
      return isToCome(String(value), now);
    case "telling":
      return Object.entries(value as Record<string, string>).some(([name, one]) => isTelling(name, one, now));
    default:
      return true;
  }
}

/** A consequence that is met, and by which of its conditions: one, or all that ask in words of their own. */
export interface Met {
  readonly consequence: Consequence;
  readonly by: readonly Condition[];
}

/** Whether a question is deserved as things stand, and what for. What was not read counts as met. */
export async function metBy(
  operation: WriteOperation,
  consequence: Consequence,
  stood: Omit<Standings, "row" | "argument">,
): Promise<Met | undefined> {
  const { when } = consequence;
  if (when === undefined) return { consequence, by: [{}] };
  const [first] = operation.about;
  const row = first && stood.seen[first]?.row;
  const by: Condition[] = [];
  for (const condition of when) {
    if (by.length > 0 && condition.asks === undefined) continue;
    if (!isGiven(condition, stood.args, stood.now)) continue;
    const { argument = "", standing = [] } = condition;
    let met = true;
    for (const one of [standing].flat()) met &&= await standings[one]({ ...stood, row, argument });
    if (met) by.push(condition);
  }
  return by.length > 0 ? { consequence, by } : undefined;
}

const kinds: readonly Kind[] = ["irreversible", "credential", "power", "removing", "many"];

/** The strictest first. */
export const byStrictness = (all: readonly Consequence[]): Consequence[] =>
  [...all].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));

/** What a condition is judged by. */
export interface Standings {
  readonly args: Args;
  readonly look: BoundedReads;
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  /** What the call changes, as it is now. */
  readonly row: Row | undefined;
  readonly argument: string;
  /** Subjects that are certainly not there yet. */
  readonly absent: ReadonlySet<Subject>;
  /** The call is one of many: what many of them can share is read, rather than what each needs alone. */
  readonly shared: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Stands = (stood: Standings) => boolean | Promise<boolean>;

/** Overwriting one of these loses nothing that was achieved; any other word counts as a result. */
const unfinished = new Set(["not-started", "in-progress", "not-applicable"]);
/** A registration that remembers nothing yet. */
const open = new Set(["", "pending", "registered", "enrolled", "confirmed", "invited", "scheduled"]);

/** How each standing is made out; true where it cannot be. */
export const standings: Readonly<Record<Standing, Stands>> = {
  "above-learner": ({ seen: { person } }) => person?.row === undefined || isAboveLearner(person.row),
  different: ({ row, argument, args }) => row === undefined || !isSame(row[argument], args[argument]),
  overwritten: ({ row, argument, args }) =>
    row === undefined || (!isEmpty(row[argument]) && !isSame(row[argument], args[argument])),
  falls: ({ row, args, now }) =>
    (args.set_status !== undefined &&
      (row === undefined || falls(String(row.status), String(args.set_status)))) ||
    takesAway(row, args.extra, now),
  "takes-away": ({ row, args, now }) => takesAway(row, args.extra, now),
  begun: async ({ look, seen: { person, course }, absent }) => {
    if (absent.has("person")) return false;
    if (person?.id === undefined || course?.id === undefined) return true;
    return unlessRead(async () => {
      const row = await look.one("get_user_course_status", {
        user_id: person.id ?? 0,
        course_id: course.id ?? 0,
      });
      return !["not-started", "not-applicable", "not-enrolled", "archived"].includes(String(row.status));
    });
  },
  "in-already": ({ look, seen, absent, shared }) => {
    const { person, course, group } = seen;
    if (absent.has("person")) return false;
    if (person?.person === undefined) return true;
    const { id, login } = person.person;
    if (group !== undefined) return members(group.row?.users, id);
    const course_id = course?.id;
    if (course_id === undefined) return true;
    return unlessRead(async () => {
      if (!shared) {
        const courses = await look.rows("get_user_courses", { user_email: login });
        return courses.some((one) => Number(one.id ?? one.course_id) === course_id);
      }
      const progress = await listedProgress(look, { course_id });
      return !progress?.whole || progress.rows.some((row) => Number(row.user_id) === id);
    });
  },
  registered: ({ row }) => Number(row?.registration_count ?? 1) !== 0,
  "too-few-seats": ({ row, args }) => !(Number(row?.registration_count) <= Number(args.capacity)),
  remembered: ({ seen: { registration }, args }) => {
    const wanted = word(args.status);
    if (registration?.row === undefined) return true;
    const now = word(registration.row.status);
    return now !== wanted && (!open.has(now) || givesUp.test(wanted));
  },
};

/** What cannot be read counts as met; what SkyPrep says is not there does not. */
async function unlessRead(read: () => Promise<boolean>): Promise<boolean> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Missing) return false;
    if (error instanceof Unread) return true;
    throw error;
  }
}

function members(users: unknown, id: number): boolean {
  if (typeof users !== "object" || users === null) return true;
  const ids = [users].flat().map((one) => Number((one as { id?: unknown } | null)?.id));
  return ids.includes(id) || ids.some((one) => Number.isNaN(one));
}

const word = (value: unknown): string =>
  String(value ?? "")
    .trim()
    .toLowerCase();
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

/** Whether nothing would change: days by their day, instants by their moment. */
export function isSame(now: unknown, then: unknown): boolean {
  if (isEmpty(now) || isEmpty(then)) return isEmpty(now) && isEmpty(then);
  const [a, b] = [String(now), String(then)];
  if (a === b) return true;
  if (/^\d{4}-\d\d-\d\d$/.test(b)) return a.slice(0, 10) === b;
  return /^\d{4}-\d\d-\d\dT/.test(b) && instantIn(a) === instantIn(b);
}

/** To mark something complete is quiet; what was begun or finished and would be less, or another result, is not. */
function falls(now: string, then: string): boolean {
  if (now === then) return false;
  if (!unfinished.has(now)) return true;
  if (then === "not-applicable") return true;
  return now === "in-progress" && (then === "not-started" || then === "failed");
}

/** Whether a parameter that nobody documents may take something away from what is there. */
export function takesAway(row: Row | undefined, extra: unknown, now: number): boolean {
  if (typeof extra !== "object" || extra === null) return false;
  return Object.entries(extra as Record<string, string>).some(([name, value]) => {
    if (!isTelling(name, value, now)) return false;
    const there = row?.[name];
    if (row === undefined || isEmpty(there)) return !(row !== undefined && isEmpty(value));
    if (isSame(there, value)) return false;
    if (isMeasured(name) && isNumber(there) && isNumber(value)) return Number(value) < Number(there);
    // A later day is more time, and an earlier beginning, too.
    const [before, after] = [instantIn(there), Date.parse(value)];
    if (isBeginning(name)) return !(after < before);
    return !(/date|_at$|until|deadline|expir/.test(name) && after > before && after > 0);
  });
}
const isNumber = (value: unknown): boolean => value !== "" && Number.isFinite(Number(value));

export interface Budgets {
  readonly maxDeletions: number;
  readonly maxPeople: number;
  readonly maxGrants: number;
}

/** Person × target pairs that may be reached in an hour before somebody is asked. */
export const unaskedPairs = 25;

export const anHour = 3_600_000;

/** What a call would add to the hour. */
export interface Weight {
  readonly deletions: number;
  readonly grants: number;
  /** Person × target, of the kind many. */
  readonly pairs: number;
  /** People affected, those behind groups counted. */
  readonly people: number;
}

const happened = ({ outcome }: Change) => outcome?.is !== "failed";
const sum = (
  changes: readonly Change[],
  kind: Kind,
  counts: (change: Change) => boolean = () => true,
): number =>
  changes
    .filter((change) => change.intent.kind === kind && happened(change) && counts(change))
    .reduce((total, { intent }) => total + (kind === "irreversible" ? 1 : (intent.pairs ?? 1)), 0);

/** Grants of power, those that rode along with a password or a login too: of these the line says how many. */
const granted = (changes: readonly Change[]): number =>
  sum(changes, "power") + sum(changes, "credential", ({ intent }) => intent.pairs !== undefined);

/** Pairs of the last hour that nobody was asked about. */
export const pairsUnasked = (recent: readonly Change[]): number =>
  sum(recent, "many", ({ intent }) => intent.agreed === "nobody");

/**
 * Why this is too much for one hour or one call, whatever SKYPREP_CONFIRM says; undefined where it is not.
 * `recent`: the changes of the last hour, by every process.
 */
export function overBudget(weight: Weight, recent: readonly Change[], budgets: Budgets): string | undefined {
  const raise = (setting: string) =>
    `Whoever set this server up can raise ${setting}; or wait until the hour is over.`;
  if (weight.people > budgets.maxPeople) {
    return `This reaches ${count(weight.people, "person", "people")}; one call may reach ${budgets.maxPeople}. Do it in parts, or whoever set this server up can raise SKYPREP_MAX_PEOPLE.`;
  }
  const { deletions, grants } = weight;
  if (deletions > 0 && sum(recent, "irreversible") + deletions > budgets.maxDeletions) {
    return `${count(budgets.maxDeletions, "deletion")} an hour is the limit. ${raise("SKYPREP_MAX_DELETIONS")}`;
  }
  if (grants > 0 && granted(recent) + grants > budgets.maxGrants) {
    return `${count(budgets.maxGrants, "grant of power", "grants of power")} an hour is the limit. ${raise("SKYPREP_MAX_GRANTS")}`;
  }
  return undefined;
}
