import { isRow, Missing, type Read, type Row, Unread } from "../../academy/reads.ts";
import { count, reading } from "../../text/english.ts";
import { isSurelyOver } from "../../text/instant.ts";
import type { PlanTarget } from "./plan.ts";

/** `lapsed`: a pass that ran out, or a course taken off again: enrolling starts it anew. */
export type EnrollmentState = "in" | "out" | "lapsed" | "unknown";

export interface Enrolled {
  of(person: number, target: PlanTarget): EnrollmentState;
  /** They are in a course, and no record told whether a pass of it ran out. */
  readonly unchecked: ReadonlySet<number>;
  /** What could not be known, in words of ours. */
  readonly notes: readonly string[];
  readonly calls: number;
}

export interface EnrolledWorld {
  readonly read: Read;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Calls it may cost. */
  readonly most: number;
  /** Calls it may cost where a filter goes unheard, if that is more. */
  readonly mostUnheard?: number;
  /** By the records of each course, however few the people are: these tell of a pass that ran out. */
  readonly byRecords?: boolean;
}

const pageRows = 100;

/** Who of these is in what already, by the fewest reads: one a group or path, one a person where they are few, else pages of a course. */
export async function whoIsIn(
  people: readonly { readonly id: number; readonly login: string }[],
  targets: readonly PlanTarget[],
  { read, now, signal, most, mostUnheard = most, byRecords = false }: EnrolledWorld,
): Promise<Enrolled> {
  const known = new Map<string, EnrollmentState>();
  const whole = new Set<PlanTarget>();
  const notes: string[] = [];
  /** They are in a course, and no record told whether a pass of it ran out. */
  const unchecked = new Set<number>();
  const keyOf = (person: number, { kind, id }: PlanTarget) => `${person} ${kind} ${id}`;
  let calls = 0;
  const get = async (route: string, parameters: Record<string, string | number>): Promise<Row[]> => {
    calls += 1;
    const answer = await read(route, parameters, signal);
    const rows = [answer].flat();
    if (!rows.every(isRow)) throw new Unread("what came is no list of records");
    return rows;
  };
  const orNote = async (target: PlanTarget, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Missing || error instanceof Unread)) throw error;
      const why = error instanceof Missing ? "SkyPrep does not show it" : error.message;
      notes.push(`Who is in ${target.kind} ${target.id} already could not be read: ${why}.`);
    }
  };

  async function members(target: PlanTarget): Promise<void> {
    const [route, name] =
      target.kind === "group"
        ? (["get_user_group", "user_group_id"] as const)
        : (["get_learning_path", "learning_path_id"] as const);
    const [row] = await get(route, { [name]: target.id });
    if (row?.users === undefined) throw new Unread("its members are not shown");
    for (const user of [row.users].flat()) known.set(keyOf(idIn(user), target), "in");
    whole.add(target);
  }

  let isUnheard = false;
  const isAffordable = () => calls + people.length <= Math.max(most, mostUnheard);
  async function pages(target: PlanTarget): Promise<void> {
    const wanted = new Set(people.map(({ id }) => id));
    let before: unknown;
    for (let page = 1; calls < most; page++) {
      const rows = await get("get_course_progresses", { course_id: target.id, per_page: pageRows, page });
      const again = rows.length > 0 && rows[0]?.id === before;
      if (!again) for (const row of rows) take(row, target, wanted);
      // The filter goes unheard: what one asks of each person is less than the account's whole training.
      isUnheard ||= rows.some((row) => Number(row.course_id) !== target.id);
      if (isUnheard && rows.length === pageRows && isAffordable()) return;
      if (wanted.size === 0 || again || rows.length !== pageRows) {
        whole.add(target);
        return;
      }
      before = rows[0]?.id;
    }
    notes.push(
      `Course ${target.id} has more records than were read: not of all is known who is in it. Enrolling again changes nothing.`,
    );
  }

  function take(row: Row, target: PlanTarget, wanted: Set<number>): void {
    const person = Number(row.user_id);
    if (Number(row.course_id) !== target.id || row.status === "archived") return;
    const key = keyOf(person, target);
    const over = row.status === "not-applicable" || hasLapsed(row, now());
    if (!over) wanted.delete(person);
    if (known.get(key) !== "in") known.set(key, over ? "lapsed" : "in");
  }

  async function coursesOf(courses: readonly PlanTarget[]): Promise<void> {
    const unread: number[] = [];
    for (const { id, login } of people) {
      try {
        const rows = await get("get_user_courses", { user_email: login });
        const ids = new Set(rows.map((row) => Number(row.course_id ?? row.id)));
        for (const target of courses) known.set(keyOf(id, target), ids.has(target.id) ? "in" : "out");
        // What they have a course for, only its record tells: a pass may have run out.
        if (courses.some(({ id: course }) => ids.has(course))) await passesOf(id, courses);
      } catch (error) {
        // Who is not there is in nothing.
        if (error instanceof Missing) for (const target of courses) known.set(keyOf(id, target), "out");
        else if (error instanceof Unread) unread.push(id);
        else throw error;
      }
    }
    if (unread.length > 0)
      notes.push(`The courses of ${count(unread.length, "person", "people")} could not be read.`);
  }

  async function passesOf(person: number, courses: readonly PlanTarget[]): Promise<void> {
    if (isUnheard || calls >= most) {
      unchecked.add(person);
      return;
    }
    try {
      const rows = await get("get_course_progresses", { user_id: person, per_page: pageRows, page: 1 });
      // The page names no such filter: where it goes unheard, their own records may be on any other page.
      const isTheirs = rows.every((row) => Number(row.user_id) === person);
      for (const target of courses) {
        const own = rows.filter(
          (row) => Number(row.user_id) === person && Number(row.course_id) === target.id,
        );
        if (own.length === 0 && !isTheirs && known.get(keyOf(person, target)) === "in") unchecked.add(person);
        const counting = own.filter(({ status }) => status !== "archived");
        const isOver = (row: Row) => row.status === "not-applicable" || hasLapsed(row, now());
        if (counting.length > 0 && counting.every(isOver)) known.set(keyOf(person, target), "lapsed");
      }
    } catch (error) {
      if (!(error instanceof Missing || error instanceof Unread)) throw error;
      unchecked.add(person);
    }
  }

  const courses = targets.filter(({ kind }) => kind === "course");
  for (const target of targets) if (!courses.includes(target)) await orNote(target, () => members(target));
  if (!byRecords && people.length <= Math.max(2, 2 * courses.length) && people.length <= most) {
    if (courses.length > 0) await coursesOf(courses);
  } else {
    for (const target of courses) if (!isUnheard) await orNote(target, () => pages(target));
    const left = courses.filter((target) => !whole.has(target));
    if (isUnheard && left.length > 0) {
      if (isAffordable()) await coursesOf(left);
      else for (const target of left) await orNote(target, () => pages(target));
    }
  }
  if (unchecked.size > 0) {
    const [one] = unchecked;
    const whose = reading(unchecked.size, {
      none: "nobody",
      one: `person ${one}`,
      many: (n) => `${n} people`,
    });
    notes.push(`Whether passes of ${whose} ran out could not be read.`);
  }
  return {
    of: (person, target) => known.get(keyOf(person, target)) ?? (whole.has(target) ? "out" : "unknown"),
    unchecked,
    notes,
    calls,
  };
}

const idIn = (user: unknown): number => {
  const { id, user_id } = (user ?? {}) as { id?: unknown; user_id?: unknown };
  return Number(user_id ?? id);
};

function hasLapsed({ status, expired, expiration_date }: Row, now: number): boolean {
  if (status !== "passed") return false;
  return expired === true || isSurelyOver(expiration_date, now);
}
