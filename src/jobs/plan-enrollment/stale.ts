import { NotAList, Unread } from "../../academy/reads.ts";
import { Failure } from "../../skyprep/response.ts";
import type { JobWorld } from "../job.ts";
import { academyDay } from "../shared/as-of.ts";
import type { Someone } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";

/** What of a plan is over before it begins: an end day in the past, a course that is switched off. */
export async function staleIn(
  targets: readonly PlanTarget[],
  expires: string | undefined,
  people: readonly Someone[],
  { world, signal }: { readonly world: Pick<JobWorld, "list" | "now">; readonly signal: AbortSignal },
): Promise<string[]> {
  const today = academyDay(
    world.now(),
    people.map(({ row }) => row),
  );
  const over =
    expires !== undefined && expires < today
      ? [
          `The end day ${expires} is in the past (today is ${today}): whoever is enrolled has no time to take it.`,
        ]
      : [];
  return [...over, ...(await inactiveIn(targets, { world, signal }))];
}

async function inactiveIn(
  targets: readonly PlanTarget[],
  { world, signal }: { readonly world: Pick<JobWorld, "list">; readonly signal: AbortSignal },
): Promise<string[]> {
  const courses = targets.filter(({ kind }) => kind === "course");
  if (courses.length === 0) return [];
  try {
    const rows = (await world.list("get_courses", signal)) as readonly Readonly<Record<string, unknown>>[];
    const off = courses.filter(({ id }) =>
      rows.some(
        (row) => Number(row?.id ?? row?.course_id) === id && /^(?:false|0)$/.test(String(row.active)),
      ),
    );
    return off.map(
      ({ id, name }) => `Course ${id} ${name} is inactive: nobody can take it until it is switched on.`,
    );
  } catch (error) {
    if (error instanceof Failure || error instanceof NotAList || error instanceof Unread) {
      return ["Whether the courses are active could not be read."];
    }
    throw error;
  }
}
