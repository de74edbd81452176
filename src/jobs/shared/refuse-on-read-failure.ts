import { NotAList } from "../../academy/list-rows.ts";
import { Unread } from "../../academy/reads.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/failure.ts";
import { CannotKeepPlan, Overtaken } from "../../state/plans.ts";
import { cleanText } from "../../text/clean-text.ts";

/** What may stand in the way of a job before it writes, as a refusal; a bug of ours keeps flying. */
export async function refuseOnReadFailure(what: string, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotKeepPlan) return refuse(`${what}.`, error.message);
    if (error instanceof Overtaken) return refuse(`${what}: another call is at it.`, again);
    if (error instanceof NotAList) return refuse(`${what}: a list of SkyPrep's could not be read.`, again);
    if (error instanceof Failure) return refuse(`${what}: ${cleanText(error.message)}`, error.next);
    if (error instanceof Unread) {
      return refuse(`${what}: SkyPrep could not be read (${cleanText(error.message)}).`, again);
    }
    throw error;
  }
}
const again = "Call again in a minute.";
