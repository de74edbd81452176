import { loginKey } from "../../../academy/identity.ts";
import { NotAList, type Row, Unread } from "../../../academy/reads.ts";
import type { MakePieces } from "../../../pages/pieces.ts";
import { Failure } from "../../../skyprep/response.ts";
import { capital, cleanText, count, percent, rounded, statusWords } from "../../../text/english.ts";
import type { JobWorld } from "../../job.ts";
import type { Clocks } from "../as-of.ts";
import { isGone, someoneIn } from "../people-index.ts";
import { type StatusSet, statusSets } from "./change-pagination.ts";
import {
  type At,
  type Changes,
  type Gathered,
  isDue,
  isExpired,
  isExpiring,
  isKnown,
  isOverdue,
  latestPasses,
  numbersOf,
  type TrainingNumbers,
} from "./gathered.ts";
import { readerOf } from "./reader.ts";
import type { TrainingRecord } from "./record.ts";
import { headlineOf, overdueByCourse } from "./summary-pieces.ts";
import { timePieces } from "./time-pieces.ts";

/** Lines for the model, and the same as structure. */
export interface SummaryPart {
  readonly lines: readonly string[];
  readonly structured: Readonly<Record<string, unknown>>;
  /** What of it is looked at. */
  readonly pieces?: MakePieces;
}

const order = ["passed", "in-progress", "not-started", "failed", "not-applicable", "archived"];
const mostCourses = 5;
const mostOthers = 5;

/** What is known so far of all there is; nothing where it is all. */
export function readingTold(
  { share, total, records, asOf, againInMs, notes }: Gathered,
  { fresh }: { readonly fresh: boolean },
  clocks: Pick<Clocks, "stamp">,
): SummaryPart {
  const when = asOf === undefined ? undefined : clocks.stamp(asOf);
  const seconds = againInMs === undefined ? undefined : Math.ceil(againInMs / 1000);
  const again = fresh ? ", without fresh" : "";
  const wait = seconds === undefined ? "" : ` It is read on; ask again in ${waitWords(seconds)}${again}.`;
  const so =
    asOf !== undefined
      ? againInMs === undefined
        ? [`As of ${when}.`]
        : [`Changes since ${when} are still being read.${wait}`]
      : [
          share === undefined
            ? `Not all is read yet: ${count(records.length, "record", "records")} so far, of how many is not known.${wait}`
            : `Not all is read yet: ${percent(share, 0)} (${records.length} of about ${count(total ?? 0, "record")}). Numbers are of what was read so far.${wait}`,
        ];
  return {
    lines: [...so, ...notes],
    structured: {
      ...(when && { as_of: when }),
      ...(wait !== "" && { next: wait.trim() }),
      ...((asOf === undefined || seconds !== undefined) && {
        reading: {
          ...(asOf === undefined && { read: records.length }),
          ...(asOf === undefined && share !== undefined && { about: total, share: rounded(share) }),
          ...(seconds !== undefined && { ask_again_in_seconds: seconds }),
        },
      }),
      ...(notes.length > 0 && { notes }),
    },
    pieces: () => ({ isPart: asOf === undefined }),
  };
}

const waitWords = (seconds: number): string =>
  seconds < 100 ? count(seconds, "second") : count(Math.ceil(seconds / 60), "minute");

/** What no number here can hold: of these nobody knows whether they are late. */
export function unreadTold(records: readonly TrainingRecord[]): SummaryPart {
  const n = records.filter(({ unread }) => unread).length;
  if (n === 0) return { lines: [], structured: {} };
  const line = `${count(n, "record has a deadline or an end", "records have deadlines or ends")} that could not be read: whether they are overdue, due or expired is not known, and they are in none of these numbers.`;
  return { lines: [line], structured: { unreadable_dates: n }, pieces: () => ({ notes: [line] }) };
}

/** Counts by status and what hangs on them; of a part of the statuses, what can be said of it. */
export function numbersTold(
  numbers: TrainingNumbers,
  days: number,
  statuses: StatusSet | undefined,
): SummaryPart {
  const known = [...numbers.statuses].filter(([status]) => isKnown(status));
  const others = [...numbers.statuses].filter(([status]) => !isKnown(status));
  known.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const rate = statuses === undefined ? numbers.completionRate : undefined;
  // Counting only these is quick where there are very many.
  const part = statuses === undefined ? "" : `Only ${partWords(statuses)} counted (without show: all): `;
  const open = statuses === undefined || statuses === "open";
  // A date that could not be read may be past as well as to come.
  const least = numbers.unread > 0 ? "at least " : "";
  const passed = statuses === undefined || statuses === "passed";
  const otherCount = others.reduce((sum, [, n]) => sum + n, 0);
  const otherNames = others.slice(0, mostOthers).map(([status]) => statusName(status));
  return {
    lines: [
      [
        `${part}${count(numbers.records, "record", "records")} of ${count(numbers.people, "person", "people")}`,
        known.map(([status, n]) => `${n} ${statusWords(status)}`).join(", "),
      ]
        .filter(Boolean)
        .join(": "),
      ...(otherCount > 0
        ? [
            `${count(otherCount, "record has a status", "records have statuses")} this server does not know (${otherNames.join(", ")}), in no other number here.`,
          ]
        : []),
      ...(rate === undefined
        ? []
        : [`completion rate: ${percent(rate)} (passed, of all but not applicable and archived)`]),
      ...(open
        ? [
            `overdue: ${least}${numbers.overdue} (${count(numbers.overduePeople, "person", "people")})`,
            `due in ${count(days, "day")}: ${least}${numbers.due}`,
          ]
        : []),
      ...(passed
        ? [
            `expiring in ${count(days, "day")}: ${least}${numbers.expiring}; expired: ${least}${numbers.expired}`,
          ]
        : []),
    ],
    structured: {
      records: numbers.records,
      people: numbers.people,
      ...(statuses !== undefined && { only: statusSets[statuses] }),
      statuses: Object.fromEntries(known),
      ...(otherCount > 0 && { other_statuses: otherCount, other_names: otherNames }),
      ...(rate !== undefined && { completion_rate: rounded(rate) }),
      days,
      ...(open && {
        overdue: numbers.overdue,
        overdue_people: numbers.overduePeople,
        due: numbers.due,
      }),
      ...(passed && { expiring: numbers.expiring, expired: numbers.expired }),
    },
    pieces: (say) => headlineOf(numbers, { days, open, passed, rate })(say),
  };
}

const partWords = (statuses: StatusSet): string => statusSets[statuses].map(statusWords).join(", ");
const statusName = (status: string): string => (status === "" ? "none" : cleanText(status).slice(0, 40));

/** Where most is overdue. */
export function coursesTold(
  records: readonly TrainingRecord[],
  at: At,
  nameOf: (course: number) => string | undefined,
  asked: Readonly<Record<string, unknown>> = {},
): SummaryPart {
  const counts = new Map<number, number>();
  for (const record of records)
    if (isOverdue(record, at)) counts.set(record.course, (counts.get(record.course) ?? 0) + 1);
  const most = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostCourses)
    .map(([course_id, overdue]) => ({ course_id, course: nameOf(course_id) ?? "", overdue }));
  if (most.length === 0) return { lines: [], structured: {} };
  const more = counts.size > most.length ? `; and ${count(counts.size - most.length, "more course")}` : "";
  return {
    lines: [
      `most overdue: ${most.map(({ course_id, course, overdue }) => `${course_id} ${course} ${overdue}`).join("; ")}${more}`,
    ],
    structured: { most_overdue: most },
    pieces: (say) => overdueByCourse(counts, nameOf, asked)(say),
  };
}

export function changesTold(
  { records, passed, failed, started, enrolled }: Changes,
  since: string,
): SummaryPart {
  return {
    lines: [
      `changed since ${since}: ${count(records.length, "record", "records")}; ${passed} passed, ${failed} failed, ${started} started, ${enrolled} enrolled in that time`,
    ],
    structured: { since, changed: records.length, passed, failed, started, enrolled },
    pieces: (say) => {
      const { figures } = say.words;
      return {
        ...timePieces({ from: since })(say),
        numbers: [
          { label: figures.changed, value: records.length },
          { label: figures.passed, value: passed },
          { label: figures.failed, value: failed, tone: "bad" },
          { label: figures.started, value: started },
          { label: figures.enrolled, value: enrolled },
        ],
      };
    },
  };
}

/** The numbers of everyone's training, for whoever only wants the headline. */
export interface Headline {
  /** Up to when changes in SkyPrep are in these numbers; undefined until everything was read once. Epoch milliseconds. */
  readonly asOf: number | undefined;
  /** 1: everything was read. Less: numbers are of what was read so far. Undefined: not known how much there is. */
  readonly share: number | undefined;
  /** How long until asking again is worth it; undefined where nothing more is being read. */
  readonly againInMs: number | undefined;
  /** What is to be known about these numbers, in words of ours: why reading on has stopped, how old they are. */
  readonly notes: readonly string[];
  /** Records by status as SkyPrep spells it, e.g. `in-progress`. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly overdue: number;
  /** People who have something overdue. */
  readonly overduePeople: number;
  /** Due, or expiring, within `days` from now. */
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** How much of that is of people who cannot sign in any more; undefined where that was not, or could not be, read. */
  readonly withoutAccess: Omit<WithoutAccess, "has"> | undefined;
  /** Passed of what counts (passed, failed, in progress, not started); from 0 to 1; undefined where nothing counts. */
  readonly completionRate: number | undefined;
}

export interface HeadlineAsked {
  readonly signal: AbortSignal;
  /** Else 30. */
  readonly days?: number;
  /** Pages of SkyPrep's it may read at once, else 2; what is missing is read on in the background. 0: it only looks. */
  readonly pages?: number;
  /** Looks at the list of people, too: who cannot sign in any more is counted apart. */
  readonly access?: boolean;
}

/** From what training_status keeps of everyone. Undefined where nothing was read yet. @throws Unread */
export async function headline(
  world: JobWorld,
  { signal, days = 30, pages = 2, access = false }: HeadlineAsked,
): Promise<Headline | undefined> {
  const { records, asOf, share, againInMs, notes } = await readerOf(world).gather([{}], { signal, pages });
  if (asOf === undefined && records.length === 0) return undefined;
  const at = { now: world.now(), days };
  const { statuses, ...numbers } = numbersOf(records, at);
  const gone = access ? await withoutAccess(records, at, world, signal) : undefined;
  const { overdue, overduePeople, due, expiring, expired, completionRate } = numbers;
  return {
    asOf,
    share,
    againInMs,
    notes,
    withoutAccess: gone && numbersIn(gone),
    statuses: Object.fromEntries(statuses),
    ...{ overdue, overduePeople, due, expiring, expired, completionRate },
  };
}

/** What people who cannot sign in any more have open: nobody is to chase them. */
export interface WithoutAccess {
  readonly overdue: number;
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** Of these records. */
  readonly people: number;
  readonly has: (record: TrainingRecord) => boolean;
}

/** Undefined where it could not be read. @throws the signal's reason */
export async function withoutAccess(
  records: readonly TrainingRecord[],
  at: At,
  world: GoneWorld,
  signal: AbortSignal,
): Promise<WithoutAccess | undefined> {
  const passes = latestPasses(records);
  const numbers = {
    overdue: records.filter((one) => isOverdue(one, at)),
    due: records.filter((one) => isDue(one, at)),
    expiring: passes.filter((one) => isExpiring(one, at)),
    expired: passes.filter((one) => isExpired(one, at)),
  };
  try {
    const gone = await goneOf(records, world, signal);
    const has = ({ person }: TrainingRecord) => gone.has(person);
    const [overdue, due, expiring, expired] = Object.values(numbers).map((some) => some.filter(has).length);
    const people = new Set(
      Object.values(numbers)
        .flat()
        .filter(has)
        .map(({ person }) => person),
    ).size;
    return {
      overdue: overdue ?? 0,
      due: due ?? 0,
      expiring: expiring ?? 0,
      expired: expired ?? 0,
      people,
      has,
    };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
    return undefined;
  }
}

export const numbersIn = ({ has: _, ...numbers }: WithoutAccess): Omit<WithoutAccess, "has"> => numbers;

export function accessTold(found: WithoutAccess | undefined): SummaryPart {
  if (found === undefined) {
    const line = "Who has no access any more could not be read; they are counted with the others.";
    return { lines: [line], structured: {}, pieces: () => ({ notes: [line] }) };
  }
  const { people, ...numbers } = numbersIn(found);
  if (people === 0) return { lines: [], structured: {} };
  const some = Object.entries(numbers).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  const last = some.pop();
  const said = some.length > 0 ? `${some.join(", ")} and ${last}` : last;
  const line = `of these, ${said} are of ${count(people, "person", "people")} who cannot sign in any more; lists of what is still to be done leave them out`;
  return {
    lines: [line],
    structured: { without_access: { ...numbers, people } },
    pieces: () => ({ notes: [`${capital(line)}.`] }),
  };
}

export interface GoneWorld extends Pick<JobWorld, "list" | "now"> {
  /** Left out: everybody is read, however few are meant. */
  readonly some?: Pick<JobWorld, "read" | "kept" | "filters"> & {
    readonly loginOf: (person: number) => string | undefined;
  };
}

/** Which of those whose records these are cannot sign in any more. Rejects as the reads do. */
async function goneOf(
  records: readonly TrainingRecord[],
  world: GoneWorld,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  if (records.length === 0) return new Set();
  const people = new Set(records.map(({ person }) => person));
  const rows = (await few(people, world, signal)) ?? (await world.list("get_users", signal));
  return new Set(
    rows.flatMap((row) => {
      const one = someoneIn(row);
      return one && isGone(one, world.now()) ? [one.id] : [];
    }),
  );
}

/**
 * Few people by their logins, where that filter was seen to work and it pays. Undefined: it does not, or somebody did
 * not come; then nobody is believed to be missing.
 */
async function few(
  people: ReadonlySet<number>,
  { some }: GoneWorld,
  signal: AbortSignal,
): Promise<unknown[] | undefined> {
  if (some === undefined || some.kept.since().has("get_users")) return undefined;
  const { read, filters, loginOf } = some;
  const rows: unknown[] = [];
  for (const person of people) {
    const login = loginOf(person) ?? "";
    if (login === "" || !filters.isWorth("get_users", "email", people.size)) return undefined;
    const came = [await read("get_users", { email: login }, signal)].flat();
    const own = came.filter((row) => someoneIn(row)?.id === person);
    const isTheirs = (row: unknown) => loginKey((row as Row | null)?.email) === loginKey(login);
    if (own.length !== 1 || !came.every(isTheirs)) return undefined;
    rows.push(...own);
  }
  return rows;
}
