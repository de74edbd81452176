import { Missing, numberIn, type Reads, type Row } from "../../academy/reads.ts";
import { byStatus, statusWords } from "../../text/english.ts";

/** What one person has, as far as SkyPrep shows it. */
export interface PersonTraining {
  readonly groups: readonly Row[];
  readonly courses: readonly Row[];
  /** Course → how they stand in it, a row for each record. */
  readonly records: readonly { readonly course: number; readonly status: string }[];
  /** Whether that is all. */
  readonly whole: boolean;
}

const pageRows = 100;
const mostPages = 5;
/** Where the list of progress cannot be narrowed to one person, each course is asked about: a call each. */
const mostCourses = 40;

/**
 * `also`: courses in which they may have a record without being enrolled, as after a move.
 * @throws Missing, Unread
 */
export async function trainingOf(
  { id, login }: { readonly id: number; readonly login: string },
  reads: Reads,
  also: readonly number[] = [],
): Promise<PersonTraining> {
  const groups = await reads.rows("get_user_group_enrollments_for_user", { user_id: id });
  const courses = await reads.rows("get_user_courses", { user_email: login });
  const ids = new Set([...coursesIn(courses), ...also]);
  return { groups, courses, ...((await progressOf(id, reads)) ?? (await statusesOf(id, [...ids], reads))) };
}

export const coursesIn = (rows: readonly Row[]): number[] => rows.map((row) => numberIn(row, "course_id"));

type Records = Pick<PersonTraining, "records" | "whole">;

/** Undefined where SkyPrep did not narrow the list to this person. */
async function progressOf(id: number, reads: Reads): Promise<Records | undefined> {
  const rows: Row[] = [];
  const read = () =>
    rows.map((row) => ({ course: numberIn(row, "course_id"), status: String(row.status ?? "") }));
  for (let page = 1; page <= mostPages; page++) {
    const got = await reads.rows("get_course_progresses", { user_id: id, per_page: pageRows, page });
    if (got.some((row) => Number(row.user_id) !== id)) return undefined;
    if (got.length > 0 && rows.some((row) => row.id === got[0]?.id)) break;
    rows.push(...got);
    if (got.length !== pageRows) return { records: read(), whole: true };
  }
  return { records: read(), whole: false };
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
export const statusesInWords = ({ records, whole }: PersonTraining): string =>
  records.length === 0
    ? "none"
    : `${whole ? "" : "at least "}${byStatus(records.map(({ status }) => statusWords(status)))}`;

/** Whether there is anything that moving would move. */
export const hasTraining = ({ courses, records }: PersonTraining): boolean =>
  courses.length > 0 || records.length > 0;

/** Records that hold something: a course that was merely opened does not. */
export const begun = ({ records }: PersonTraining) =>
  records.filter(({ status }) => status !== "not-started" && status !== "not-applicable");
