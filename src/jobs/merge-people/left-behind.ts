import { createReads, Missing, numberIn, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { groupInWords } from "../shared/name-targets.ts";
import type { Someone } from "../shared/people-index.ts";
import { already, type JobStep } from "../steps/run-steps.ts";
import { begun, coursesIn, trainingOf } from "./training-of.ts";

interface MergeContext {
  readonly world: JobWorld;
  readonly inner: JobContext;
}

/** A read after the first write: what it would have shown is said to be unknown, and what was done stands. */
async function orElse<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return otherwise;
    throw error;
  }
}

/** After a move: whether anything that was begun is still with whom it came from. */
export async function leftBehind(
  from: Someone,
  into: Someone,
  { world: { read, whole, now }, inner: { signal } }: MergeContext,
): Promise<string | undefined> {
  const reads = createReads(read, signal);
  const look = async () => {
    const also = await reads.rows("get_user_courses", { user_email: into.login });
    return trainingOf(from, { reads, whole, signal, now }, coursesIn(also));
  };
  const training = await orElse(look(), undefined);
  if (!training?.whole) return "whether anything is still theirs could not be read";
  const left = begun(training);
  return left.length > 0
    ? `${count(left.length, "record is", "records are")} still theirs after the move`
    : undefined;
}

const groupsOf = ({ id }: Someone, { world: { read }, inner: { signal } }: MergeContext) =>
  orElse(createReads(read, signal).rows("get_user_group_enrollments_for_user", { user_id: id }), undefined);

/** Groups went along with the move: nothing is left to take away there. */
export async function stillTo(
  jobSteps: readonly JobStep[],
  from: Someone,
  moved: boolean,
  around: MergeContext,
) {
  const leaves = ({ step }: JobStep) => step.tool === "remove_user_from_user_group";
  const groups = moved && jobSteps.some(leaves) ? await groupsOf(from, around) : undefined;
  if (groups === undefined) return { jobSteps, gone: [] };
  const still = new Set(groups.map((group) => numberIn(group)));
  const isGone = (jobStep: JobStep) => leaves(jobStep) && !still.has(Number(jobStep.step.args.user_group_id));
  return {
    jobSteps: jobSteps.filter((jobStep) => !isGone(jobStep)),
    gone: jobSteps
      .filter(isGone)
      .flatMap(({ things }) => things.map(({ what }) => already(what, "no member any more"))),
  };
}

/** Memberships that did not come with the merge: only said, for nobody agreed to more. */
export async function notIn(
  into: Someone,
  before: readonly string[],
  around: MergeContext & {
    /** False: nobody knows yet whether the move was done. */ readonly isMoved: boolean;
  },
): Promise<string[]> {
  if (before.length === 0) return [];
  const now = await groupsOf(into, around);
  if (now === undefined) {
    return [
      `Whether person ${into.id} is now in ${before.join(", ")} could not be read: look, and add them.`,
    ];
  }
  const own = new Set(now.map((group) => groupInWords(numberIn(group), group.name)));
  const left = before.filter((group) => !own.has(group));
  if (left.length > 0 && !around.isMoved)
    return [
      `Whether the move brings person ${into.id} into ${left.join(", ")} is not known: it does not show yet. Look in a minute, before you add them.`,
    ];
  return left.length > 0
    ? [
        `Lost with the merge: ${left.join(", ")}. Person ${into.id} is not in there; enroll_user_in_user_group adds them.`,
      ]
    : [];
}
