import type { WriteOperation } from "../../tools/schema/operation.ts";
import type { Outcome } from "../journal/line.ts";
import type { Reply } from "../reply/reply.ts";
import type { Tool } from "./catalogue.ts";
import type { Args } from "./check.ts";
import { beginOwnTime, type TimeWorld } from "./own-time.ts";
import { silent } from "./progress.ts";
import { type ProofWorld, type Proven, prove } from "./proof.ts";

interface Came {
  readonly outcome: Outcome;
  readonly reply: Reply;
}
interface Written {
  readonly tool: Tool & { readonly operation: WriteOperation };
  readonly told: Args;
  /** Epoch milliseconds. */
  readonly began: number;
}

/** Also where the call's own time is over: clients give up some seconds later. */
const lookMs = 5_000;

/**
 * One look at what a write left, where its answer was lost or says no more than success. `outcome`: what is
 * known now, where something new is.
 */
export async function lookAfter(
  came: Came,
  { tool, told, began }: Written,
  world: TimeWorld & ProofWorld,
  cancelled: AbortSignal,
): Promise<{ readonly reply: Reply; readonly outcome?: Outcome }> {
  const { outcome, reply } = came;
  const bare = tool.operation.output.as === "done" || reply.structured?.answer_unreadable === true;
  if (outcome.is === "failed" || (outcome.is === "done" && !bare)) return { reply };
  const time = beginOwnTime(world, { timeoutMs: lookMs, cancelled, progress: silent });
  let proven: Proven | undefined;
  try {
    proven = await prove(
      { operation: tool.operation, told, began },
      { ...world, api: time.api },
      time.signal,
    );
  } catch (error) {
    if (!time.signal.aborted) throw error;
  } finally {
    time.end();
  }
  if (proven === undefined) return { reply };
  const { verified, found } = proven;
  const unclear = outcome.is === "unknown" || reply.structured?.answer_unreadable === true;
  if (verified === "yes" && unclear) {
    const text = `Done: ${tool.operation.title}. SkyPrep's answer was lost or says nothing, but ${found}.\nverified: yes`;
    const known: Reply = { text, structured: { done: true, tool: tool.name, verified }, became: "done" };
    return outcome.is === "unknown" ? { reply: known, outcome: { is: "done" } } : { reply: known };
  }
  const line = verified === "yes" ? "verified: yes" : `verified: no (${found})`;
  const advice = outcome.is === "unknown" ? "\nMost likely it was not done: look once more in a minute." : "";
  const seen = {
    ...reply,
    text: `${reply.text}\n${line}${advice}`,
    structured: { ...reply.structured, verified, ...(verified === "no" && { found }) },
  };
  if (outcome.is !== "unknown") return { reply: seen };
  // Not done yet is no proof that it never will be: it stays unknown, with what was seen.
  return { reply: seen, outcome: { is: "unknown", why: `${found}.` } };
}
