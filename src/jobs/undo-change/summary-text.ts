import type { UndoPlan } from "../../guard/undo-plan/plan.ts";
import { followsInWords, leftInWords } from "../../guard/undo-plan/promise.ts";
import type { Reply } from "../../reply/reply.ts";
import type { UndoComparison } from "./compared.ts";

/** The reply to an undoing: what was put back, what was not, and whether a look says the same. */
export async function told(
  seq: number,
  plan: UndoPlan,
  reply: Reply,
  compare: () => Promise<UndoComparison>,
): Promise<Reply> {
  const { outcome } = reply;
  // Only what is known to be done is told as done: a question, a refusal and a lost answer never are.
  if (outcome === "waiting" || outcome === "declined") return reply;
  if (outcome === "unknown") {
    return { ...reply, text: `Whether change ${seq} was undone is not known.\n${reply.text}` };
  }
  if (outcome !== "done") return { ...reply, text: `Change ${seq} was not undone.\n${reply.text}` };
  const { left, loses, stays } = plan;
  const found = await compare();
  const verified = verifiedBy(found, plan, reply);
  const missing = left.length > 0 || found.is === "other" || verified?.startsWith("no") === true;
  // What was said to be lost is no surprise; anything else that is not as before is.
  const isForeseen = loses !== undefined || plan.follows.length > 0;
  const contradicted = (found.is === "other" && !isForeseen) || reply.seen?.verified === "no";
  return {
    ...reply,
    ...(contradicted && { outcome: "partly" as const }),
    text: [
      `Change ${seq} was undone${missing ? " in part" : ""}.`,
      // What the call itself looked at is the status or the membership alone.
      ...reply.text.split("\n").filter((line) => !line.startsWith("verified: ")),
      ...(left.length > 0 ? [`Not put back: ${leftInWords(left)}.`] : []),
      ...(found.is === "other" ? [`Not as before: ${found.differences.join("; ")}.`] : []),
      ...(found.is === "unread" && plan.follows.length > 0
        ? [`Not looked at: ${followsInWords(plan.follows)}.`]
        : []),
      ...(loses === undefined ? [] : [`What may not have come back: ${loses}.`]),
      ...stays,
      ...(verified === undefined ? [] : [`verified: ${verified}`]),
    ].join("\n"),
    structured: {
      ...withoutLook(reply.structured),
      undone: seq,
      ...(left.length > 0 && { not_put_back: left.map(({ name }) => name) }),
      ...(found.is === "other" && { not_as_before: found.differences }),
      ...(verified !== undefined && { verified: verified.split(" ")[0] }),
    },
  };
}

function withoutLook({ verified: _, found: __, ...rest }: Record<string, unknown> = {}) {
  return rest;
}

/** `yes` only where everything that matters was compared. */
function verifiedBy(found: UndoComparison, { left, loses }: UndoPlan, { seen }: Reply): string | undefined {
  if (found.is === "unread") return undefined;
  if (found.is === "other") return "no";
  const looked = found.is === "alike" ? "yes" : seen?.verified;
  if (looked === "no") return `no (${String(seen?.found ?? "a look does not show it")})`;
  if (looked !== "yes") return undefined;
  if (left.length > 0) return "no (a part was not put back)";
  return loses === undefined ? "yes" : "partly (not everything shows)";
}
