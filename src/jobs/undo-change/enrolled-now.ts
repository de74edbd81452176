import { isRow, Missing, type Row, Unread } from "../../academy/reads.ts";
import { instantIn } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import type { PlanTarget } from "../shared/plan.ts";

/** How somebody stands in something, as far as it may be taken back. */
export type EnrollmentNow =
  | { readonly is: "out" }
  /** In it, with nothing begun; since when, epoch milliseconds, where that is shown. */
  | { readonly is: "in"; readonly since?: number }
  | { readonly is: "kept"; readonly why: string };

export interface EnrolledNow {
  of(person: number, target: PlanTarget): Promise<EnrollmentNow>;
}

interface PersonIn {
  readonly who: { readonly id: number; readonly login: string };
  readonly target: PlanTarget;
}

const pageRows = 100;
const mostPages = 60;
/** So many people are asked one by one, where a course's records cannot be had. */
const mostAlone = 60;

const unread: EnrollmentNow = { is: "kept", why: "How they stand in it could not be read." };

/** Who of these is in what, and how far: one read a group, the pages of a course; each when it is first asked for. */
export function createEnrolledNow(
  pairs: readonly PersonIn[],
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): EnrolledNow {
  const known = new Map<string, Promise<ReadonlyMap<number, EnrollmentNow> | undefined>>();
  const peopleOf = ({ kind, id }: PlanTarget) =>
    pairs.filter(({ target }) => target.kind === kind && target.id === id).map(({ who }) => who);

  async function rows(route: string, parameters: Record<string, string | number>): Promise<Row[]> {
    const all = [await read(route, parameters, signal)].flat();
    if (!all.every(isRow)) throw new Unread("what came is no list of records");
    return all;
  }

  async function members({ id }: PlanTarget): Promise<ReadonlyMap<number, EnrollmentNow>> {
    const [group] = await rows("get_user_group", { user_group_id: id });
    if (group?.users === undefined) throw new Unread("its members are not shown");
    const inside = new Set(
      [group.users].flat().map((one) => {
        const { user_id, id: own } = (one ?? {}) as { user_id?: unknown; id?: unknown };
        return Number(user_id ?? own);
      }),
    );
    return new Map(
      peopleOf({ kind: "group", id, name: "" }).map((one) => [
        one.id,
        inside.has(one.id) ? ({ is: "in" } as const) : ({ is: "out" } as const),
      ]),
    );
  }

  async function takers(course: PlanTarget): Promise<ReadonlyMap<number, EnrollmentNow>> {
    const all = new Map<number, Row[]>();
    let before: unknown;
    for (let page = 1; page <= mostPages; page++) {
      const some = await rows("get_course_progresses", { course_id: course.id, per_page: pageRows, page });
      const isAgain = some.length > 0 && some[0]?.id === before;
      const others = some.some((row) => Number(row.course_id) !== course.id);
      // The filter goes unheard: these are records of everything.
      if (others) return oneByOne(course);
      if (!isAgain)
        for (const row of some) all.set(Number(row.user_id), [...(all.get(Number(row.user_id)) ?? []), row]);
      if (isAgain || some.length < pageRows) return standing(course, all);
      before = some[0]?.id;
    }
    throw new Unread("it has more records than were read");
  }

  /** By the courses of each: then what they have begun is not known, and they stay. */
  async function oneByOne(course: PlanTarget): Promise<ReadonlyMap<number, EnrollmentNow>> {
    const people = peopleOf(course);
    if (people.length > mostAlone) throw new Unread("its records cannot be had by themselves");
    const found = new Map<number, EnrollmentNow>();
    for (const { id, login } of people) {
      const courses = await rows("get_user_courses", { user_email: login });
      const isIn = courses.some((row) => Number(row.course_id ?? row.id) === course.id);
      found.set(id, isIn ? unread : { is: "out" });
    }
    return found;
  }

  async function standing(
    course: PlanTarget,
    records: ReadonlyMap<number, readonly Row[]>,
  ): Promise<ReadonlyMap<number, EnrollmentNow>> {
    return new Map(
      peopleOf(course).map(({ id }) => {
        const current = (records.get(id) ?? []).filter(({ status }) => status !== "archived").at(-1);
        return [id, current === undefined ? ({ is: "out" } as const) : recordNow(current)];
      }),
    );
  }

  return {
    async of(person, target) {
      const key = `${target.kind} ${target.id}`;
      const own =
        known.get(key) ??
        (target.kind === "group" ? members(target) : takers(target)).catch((error: unknown) => {
          if (error instanceof Missing || error instanceof Unread) return undefined;
          throw error;
        });
      known.set(key, own);
      return (await own)?.get(person) ?? unread;
    },
  };
}

function recordNow(row: Row): EnrollmentNow {
  const { status, percent_viewed, enrollment_date, created_at } = row;
  if (status === "not-applicable") return { is: "out" };
  const begun = status !== "not-started" || Number(percent_viewed ?? 0) > 0;
  if (begun) return { is: "kept", why: `They have begun it (${String(status).slice(0, 20)}).` };
  const since = instantIn(enrollment_date ?? created_at);
  return { is: "in", ...(!Number.isNaN(since) && { since }) };
}
