import { NotAList, numberIn, rowsIn, Unread } from "../../academy/reads.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { isGone, type PeopleIndex, type Someone } from "../shared/people-index.ts";
import { isIn } from "../shared/training/change-pagination.ts";
import { type Gathered, isExpired, latestPasses } from "../shared/training/gathered.ts";
import { dayOf, dayText, secondsOf, type When } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";

/** The pass that counts of somebody in a course, as far as it has to be renewed. */
export interface Certificate {
  readonly record: TrainingRecord;
  /** `expiring`: it still counts, and runs out by the day that was asked for. */
  readonly is: "expired" | "expiring" | "under way" | "left out";
  readonly who?: Someone;
  /** The course's name, cleaned. */
  readonly course: string;
  /** Why it is left out. */
  readonly why?: string;
}

export interface CertificatesAsked {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Days since 1970; undefined: only what is expired. */
  readonly until: number | undefined;
  readonly everyone: PeopleIndex;
  /** Courses that nobody can take. */
  readonly inactive: ReadonlySet<number>;
  readonly read: Pick<Gathered, "course">;
}

/** Of each person and course the latest pass, where it is expired or runs out in time; what is most overdue first. */
export function certificatesIn(
  records: readonly TrainingRecord[],
  { now, until, everyone, inactive, read }: CertificatesAsked,
): Certificate[] {
  const others = new Map<string, TrainingRecord[]>();
  for (const record of records) {
    if (record.status === "passed" || record.status === "archived") continue;
    const own = others.get(pairOf(record));
    if (own) own.push(record);
    else others.set(pairOf(record), [record]);
  }
  const runsOut = ({ expires }: TrainingRecord) =>
    until !== undefined && expires !== undefined && dayOf(expires) <= until;
  return latestPasses(records)
    .filter((record) => record.person > 0 && record.course > 0)
    .flatMap((record): Certificate[] => {
      const isOver = isExpired(record, { now, days: 0 });
      if (!isOver && !runsOut(record)) return [];
      const who = everyone.byNumber(record.person);
      const course = cleanText(read.course(record.course) ?? "").slice(0, 80);
      const known = { record, course, ...(who && { who }) };
      const own = others.get(pairOf(record)) ?? [];
      if (own.some((one) => isIn({ statuses: "open" }, one))) return [{ ...known, is: "under way" }];
      const why = whyNot(record, { who, own, now, inactive });
      if (why !== undefined) return [{ ...known, is: "left out", why }];
      return [{ ...known, is: isOver ? "expired" : "expiring" }];
    })
    .sort((a, b) => secondOf(a.record.expires) - secondOf(b.record.expires) || a.record.id - b.record.id);
}

const pairOf = ({ person, course }: TrainingRecord): string => `${person} ${course}`;
const secondOf = (at: When | undefined): number => (at === undefined ? 0 : secondsOf(at));

function whyNot(
  record: TrainingRecord,
  {
    who,
    own,
    now,
    inactive,
  }: {
    readonly who: Someone | undefined;
    readonly own: readonly TrainingRecord[];
    readonly now: number;
    readonly inactive: ReadonlySet<number>;
  },
): string | undefined {
  if (who === undefined) return "not in SkyPrep's list of people";
  if (isGone(who, now)) return "they have no access any more";
  if (
    own.some((one) => one.status === "not-applicable" && secondOf(one.updated) >= secondOf(record.completed))
  )
    return "not applicable to them since";
  return inactive.has(record.course) ? "the course is inactive, and nobody can take it" : undefined;
}

/** Where it cannot be read, none is known to be. */
export async function inactiveCourses(
  { list }: Pick<JobWorld, "list">,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  try {
    const rows = rowsIn(await list("get_courses", signal));
    const off = rows.filter(({ active }) => /^(?:false|0)$/.test(String(active)));
    return new Set(off.map((row) => numberIn(row, "course_id")));
  } catch (error) {
    if (error instanceof Failure || error instanceof NotAList || error instanceof Unread) return new Set();
    throw error;
  }
}

/** What stands in the file, so that no date is lost with a reset. */
export const fileColumns = [
  "person",
  "login",
  "name",
  "course_id",
  "course",
  "record",
  "completed",
  "expires",
  "what",
];

export function fileRow({ record, who, course, is, why }: Certificate, resets: boolean): string[] {
  const day = (at: When | undefined) => (at === undefined ? "" : dayText(dayOf(at)));
  const what = {
    expired: "enroll anew",
    expiring: resets ? "reset" : "still counts, not in the plan",
    "under way": "under way already",
    "left out": `left out: ${why ?? ""}`,
  }[is];
  return [
    String(record.person),
    who?.login ?? "",
    who?.name ?? "",
    String(record.course),
    course,
    String(record.id),
    day(record.completed),
    day(record.expires),
    what,
  ];
}
