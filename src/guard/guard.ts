import type { WriteOperation } from "../../tools/schema/operation.ts";
import { createApprovalFlow, type GuardSettings, type GuardWorld } from "./approval-flow.ts";
import type { Asker } from "./channels/approval-channels.ts";
import { assessImpact, type Impact, type ImpactReads, withLook } from "./impact/assess-impact.ts";
import { targetsIn } from "./impact/subjects/targets.ts";
import { approvalFor } from "./policy/approval-policy.ts";
import { anHour, pairsUnasked } from "./policy/budgets.ts";
import { consequencesOf } from "./policy/consequence.ts";
import type { Approved, Denied, Write } from "./policy/decision.ts";
import { callDigest } from "./question/call-digest.ts";

/** Gives leave to a write, or says why not. Rejects with `Suspended`, CannotWrite, or the signal's reason. */
export type Guard = (write: Write, asker: Asker, signal: AbortSignal) => Promise<Approved | Denied>;

/** Leave for one call at a time. */
export function createGuard(world: GuardWorld, settings: GuardSettings): Guard {
  const agree = createApprovalFlow(world, settings);
  const eyes = eyesOf(world, settings);
  return async ({ tool, route, operation, args, code }, asker, signal) => {
    const unasked = consequencesOf(operation, args, world.now()).length === 0;
    if (unasked && !settings.keepsImages) return leaveUnasked(operation, args, undefined);
    const see = (cancelled: AbortSignal) =>
      withLook(world, cancelled, (eye) => assessImpact(operation, args, eyes, eye));
    if (unasked) return leaveUnasked(operation, args, await see(signal));
    const call = callDigest(world.account, route, args);
    const verdict = await agree({ tool, args, code, call, see }, asker, signal);
    return "go" in verdict ? verdict : approvalFor(verdict.sight, verdict.by, settings, verdict.question);
  };
}

/** Nothing in its arguments deserves a question: it is only written down, with what was there before. */
const leaveUnasked = (
  { about }: WriteOperation,
  args: Write["args"],
  sight: Impact | undefined,
): Approved => ({
  go: true,
  agreed: "nobody",
  targets: sight?.targets ?? targetsIn(about, args),
  ...(sight?.image && { image: sight.image }),
  ...(sight?.person && { person: sight.person }),
  allow: () => undefined,
});

export const eyesOf = (
  { clean, journal, account, now }: GuardWorld,
  { confirm, keepsImages }: GuardSettings,
): ImpactReads => ({
  clean,
  keepsImages,
  undoes: keepsImages,
  tells: confirm === "off" ? "people" : "all",
  bears: confirm === "off" ? "missing" : "nothing",
  unasked: async () => pairsUnasked(await journal.since(account, now() - anHour)),
  now,
});
