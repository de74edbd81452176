import type { Standing, Subject } from "../../../tools/schema/consequence.ts";
import type { Args } from "../../academy/call-arguments.ts";
import { isAboveLearner } from "../../academy/persons.ts";
import { type BoundedReads, Missing, type Row, Unread } from "../../academy/reads.ts";
import { readProgress } from "../impact/findings/finding.ts";
import type { Seen } from "../impact/subjects/seen.ts";
import { isBeginning, isMeasured, isTelling } from "./parameter-words.ts";

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
const givesUp = /cancel|declin|remov|withdr|drop|reject|delet|unregist|waitlist|waiting/;

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
      const progress = await readProgress(look, { course_id });
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
  return /^\d{4}-\d\d-\d\dT/.test(b) && Date.parse(a) === Date.parse(b);
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
    const [before, after] = [Date.parse(String(there)), Date.parse(value)];
    if (isBeginning(name)) return !(after < before);
    return !(/date|_at$|until|deadline|expir/.test(name) && after > before && after > 0);
  });
}
const isNumber = (value: unknown): boolean => value !== "" && Number.isFinite(Number(value));
