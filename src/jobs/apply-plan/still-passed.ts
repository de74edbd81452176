import { Missing } from "../../academy/reads.ts";
import type { JobWorld } from "../job.ts";
import { severalAtOnce } from "../shared/many-questions.ts";
import { marked, markOf, type Plan, type PlanState } from "../shared/plan.ts";
import { secondsOf } from "../shared/training/instants.ts";
import { recordIn } from "../shared/training/record.ts";

/** A day without its time, or without an offset, is read somewhat apart where the academy's zone is not known. */
const sameS = 26 * 3_600;
const otherNow = "the record is another than when the plan was made: look, then make a new plan";

/**
 * A plan's resets as their records stand now: one that is not the pass it was planned for is not reset. Of what nobody
 * knows, a record that is not passed any more was reset, and one that is passed as before was not. @throws Unread
 */
export async function stillPassed(
  plan: Plan,
  before: PlanState,
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): Promise<PlanState> {
  const resets = plan.units.flatMap(({ do: what, args }, unit) =>
    what === "reset" && /[.?]/.test(markOf(before, unit)) ? [{ unit, args: args ?? {} }] : [],
  );
  const stands = await severalAtOnce(resets, async ({ unit, args }) => {
    const as = await standing(Number(args.course_progress_id), read, signal);
    const isSame =
      as === "gone"
        ? false
        : as.status === "passed" && Math.abs(as.completed - (plan.units[unit]?.completed ?? 0)) <= sameS;
    return { unit, isSame, isReset: as !== "gone" && as.status === "not-started" };
  });
  let state = before;
  for (const { unit, isSame, isReset } of stands) {
    if (markOf(state, unit) === "?") {
      if (isReset) state = marked(state, [unit], "+");
      else if (isSame) state = marked(state, [unit], ".");
      else state = marked(state, [unit], "!", otherNow);
    } else if (!isSame) state = marked(state, [unit], "!", otherNow);
  }
  return state;
}

async function standing(id: number, read: JobWorld["read"], signal: AbortSignal) {
  try {
    const answer = await read("get_course_progress", { course_progress_id: id }, signal);
    const { record } = recordIn([answer].flat()[0]) ?? {};
    return record?.id === id
      ? { status: record.status, completed: record.completed === undefined ? 0 : secondsOf(record.completed) }
      : ("gone" as const);
  } catch (error) {
    if (error instanceof Missing) return "gone" as const;
    throw error;
  }
}
