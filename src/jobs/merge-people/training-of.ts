import { archivedListingOf, withArchived } from "../../academy/archived.ts";
import { Missing, numberIn, type Read, type Reads, type Row } from "../../academy/reads.ts";
import { byStatus, statusWords } from "../../text/english.ts";

/** What one person has, as far as SkyPrep shows it. */
export interface PersonTraining {
  readonly groups: readonly Row[];
  readonly courses: readonly Row[];
  /** Course → how they stand in it, a row for each record. */
  readonly records: readonly { readonly course: number; readonly status: string }[];
  /** Whether that is all. */
  readonly whole: boolean;
  /** Archived records may be missing. */
  readonly unarchived?: true;
}

const pageRows = 100;
const mostPages = 5;
/** Where the list of progress cannot be narrowed to one person, each course is asked about: a call each. */
const mostCourses = 40;

/** What is read through; `whole`: SkyPrep as it is, for what holds for all of it. */
export interface TrainingWorld {
  readonly reads: Reads;
  readonly whole: Read;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/**
 * `also`: courses in which they may have a record without being enrolled, as after a move.
 * @throws Missing, Unread
 */
export async function trainingOf(
  { id, login }: { readonly id: number; readonly login: string },
  world: TrainingWorld,
  also: readonly number[] = [],
): Promise<PersonTraining> {
  const { reads } = world;
  const groups = await reads.rows("get_user_group_enrollments_for_user", { user_id: id });
  const courses = await reads.rows("get_user_courses", { user_email: login });
  const ids = new Set([...coursesIn(courses), ...also]);
  return { groups, courses, ...((await progressOf(id, world)) ?? (await statusesOf(id, [...ids], reads))) };
}

export const coursesIn = (rows: readonly Row[]): number[] => rows.map((row) => numberIn(row, "course_id"));

type Records = Pick<PersonTraining, "records" | "whole" | "unarchived">;

/** Undefined where SkyPrep did not narrow the list to this person. */
async function progressOf(id: number, world: TrainingWorld): Promise<Records | undefined> {
  const listed = await listedOf(id, world.reads);
  if (listed === undefined) return undefined;
  const { reads, whole, signal, now } = world;
  const listing = archivedListingOf(whole);
  const find = () => listing.find(whole, { signal, now: now() });
  const all = await withArchived({ user_id: id }, listed.rows, { listing, find, rows: reads.rows });
  const records = all.rows.map((row) => ({
    course: numberIn(row, "course_id"),
    status: String(row.status ?? ""),
  }));
  return {
    records,
    whole: listed.whole && all.whole,
    ...(!all.whole && { unarchived: true as const }),
  };
}

async function listedOf(id: number, reads: Reads): Promise<{ rows: Row[]; whole: boolean } | undefined> {
  const rows: Row[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const got = await reads.rows("get_course_progresses", { user_id: id, per_page: pageRows, page });
    if (got.some((row) => Number(row.user_id) !== id)) return undefined;
    if (got.length > 0 && rows.some((row) => row.id === got[0]?.id)) break;
    rows.push(...got);
    if (got.length !== pageRows) return { rows, whole: true };
  }
  return { rows, whole: false };
}

async function statusesOf(user_id: number, courses: readonly number[], reads: Reads): Promise<Records> {
  const records: { course: number; status: string }[] = [];
  for (const course of courses.slice(0, mostCourses)) {
    try {
      const { status } = await reads.one("get_user_course_status", { user_id, course_id: course });
      if (known.has(String(status))) records.push({ course, status: String(status) });
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
  }
  return { records, whole: courses.length <= mostCourses };
}

const known = new Set(["passed", "failed", "in-progress", "archived", "not-started", "not-applicable"]);

/** “3 passed, 1 in progress”, in words of ours. */
export function statusesInWords({ records, whole, unarchived }: PersonTraining): string {
  const words =
    records.length === 0
      ? "none"
      : `${whole ? "" : "at least "}${byStatus(records.map(({ status }) => statusWords(status)))}`;
  return unarchived ? `${words}; archived ones could not be counted` : words;
}

/** Whether there is anything that moving would move. */
export const hasTraining = ({ courses, records }: PersonTraining): boolean =>
  courses.length > 0 || records.length > 0;

/** Records that hold something: a course that was merely opened does not. */
export const begun = ({ records }: PersonTraining) =>
  records.filter(({ status }) => status !== "not-started" && status !== "not-applicable");
