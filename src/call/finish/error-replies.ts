import { OutsidePolicy } from "../../academy/reads.ts";
import { type Tool, toolName } from "../../catalogue/catalogue.ts";
import { ofPolicy } from "../../guard/policy/approval-policy.ts";
import type { Denied } from "../../guard/policy/decision.ts";
import { WriteInReadOnly } from "../../guard/policy/read-only.ts";
import { CannotWrite } from "../../journal/line.ts";
import { BadCursor } from "../../reply/cursor.ts";
import { type CallOutcome, endedAs, type Reply, refuse, refuseFor } from "../../reply/reply.ts";
import { Unwritable } from "../../skyprep/request.ts";
import {
  Failure,
  LostBefore,
  mayPass,
  type Reached,
  Rejected,
  SignInRefused,
  speaksOfAccess,
} from "../../skyprep/response.ts";
import type { Args } from "../check/check.ts";
import { NobodyFound } from "../check/interpret.ts";

/** `sent`: the operation itself may have reached SkyPrep. */
export type Stage = "before" | "sent";

/** What went wrong, in words that say what to do; a bug of ours before anything was sent keeps flying. */
export function errorReply(tool: Tool, args: Args, error: unknown, stage: Stage): Reply {
  const outcome = outcomeOf(tool, error, stage);
  const later = mayPass(error) && (outcome === "refused" || outcome === "failed");
  return { ...inWords(tool, args, error, stage), outcome, ...(later && { needs: "time" as const }) };
}

const byReach: Readonly<Record<Reached, CallOutcome>> = {
  no: "refused",
  refused: "failed",
  yes: "unknown",
  maybe: "unknown",
};

function outcomeOf(tool: Tool, error: unknown, stage: Stage): CallOutcome {
  if (tool.operation.effect === "read") return error instanceof Failure ? "failed" : "refused";
  if (stage === "before") return "refused";
  if (!(error instanceof Failure)) return "unknown";
  return doneBefore(tool, error) ? "done" : byReach[error.reached];
}

function inWords(tool: Tool, args: Args, error: unknown, stage: Stage): Reply {
  if (error instanceof NobodyFound) {
    return refuse(
      `${error.message} Nothing was changed.`,
      "Look with get_users, by name or login, then call again.",
    );
  }
  if (error instanceof BadCursor) return refuse(`${tool.name} gave no rows.`, error.message);
  if (error instanceof Unwritable) {
    return refuseFor(
      "arguments",
      `${tool.name} was not called; nothing was sent.`,
      `${error.argument}: ${error.message}.`,
    );
  }
  if (error instanceof WriteInReadOnly) {
    return refuseFor("settings", error.message, "Ask whoever set this server up to unset SKYPREP_READ_ONLY.");
  }
  if (error instanceof CannotWrite && stage === "before") {
    return refuse(`${tool.name} was not sent: every change is written down first.`, error.message);
  }
  if (!(error instanceof Failure)) {
    // A defect of ours: after a write was sent, what counts is that it must not be sent again.
    if (stage === "before" || tool.operation.effect === "read") throw error;
    return unknownOutcome(tool, "The answer could not be handled.");
  }
  if (tool.operation.effect === "read" || stage === "before") {
    const isMissing = error instanceof Rejected && error.status === 404 && !speaksOfAccess(error.message);
    return {
      ...refuse(error.message, error.next),
      ...(isMissing && { missing: true }),
      ...(error instanceof OutsidePolicy && error.needs && { needs: error.needs }),
    };
  }
  if (doneBefore(tool, error)) {
    return {
      outcome: "done",
      text: `Done: ${tool.operation.title}. The first answer was lost, and the next try found nothing there any more.`,
      structured: { done: true, tool: tool.name },
    };
  }
  if (error instanceof SignInRefused && error.reached === "no") return refuse(error.message, error.next);
  if (error.reached === "no") return refuse(error.message, `${error.next} Nothing was changed.`);
  if (error.reached === "refused") {
    const several = Object.values(args).some((value) => Array.isArray(value) && value.length > 1);
    return refuse(
      error.message,
      several ? `${error.next} A part may have been done: look first.` : error.next,
    );
  }
  // Not its advice: "try again" and "do not repeat it" cannot both be meant.
  return unknownOutcome(tool, error.message);
}

/** A removal whose answer was lost, and which then found nothing to remove, is done (contract §6). */
export const doneBefore = ({ operation }: Tool, error: unknown): boolean =>
  operation.effect === "remove" && error instanceof LostBefore && error.foundNothing;

export function tooLate(tool: Tool, stage: Stage, timeoutMs: number): Reply {
  const message = `SkyPrep did not answer within ${timeoutMs < 1_000 ? timeoutMs / 1000 : Math.round(timeoutMs / 1000)} s.`;
  if (tool.operation.effect === "read" || stage === "before") {
    return {
      ...endedAs(
        tool.operation.effect === "read" ? "failed" : "refused",
        message,
        "Ask for less, or call again in a minute; SKYPREP_TIMEOUT allows more time.",
      ),
      needs: "time",
    };
  }
  return unknownOutcome(tool, message);
}

function unknownOutcome({ name, operation }: Tool, message: string): Reply {
  const tells = operation.effect === "read" ? undefined : toolName(operation.proof.read);
  return {
    ...endedAs(
      "unknown",
      message,
      `Whether ${name} was done is unknown: do not repeat it before ${tells ?? "a read"} shows that it was not.`,
    ),
    structured: { outcome: "unknown", tool: name, ...(tells && { look_with: tells }) },
  };
}

/** A person did not agree, or has not yet: what the guard says of it. */
export function notAgreed({ lines, asked, declined, next, needs }: Denied): Reply {
  if (asked === undefined)
    return { ...endedAs(declined ? "declined" : "refused", ...lines), ...(needs && { needs }) };
  return {
    ...endedAs("waiting", ...lines),
    structured: { status: "needs_approval", sent: false, asked, ...(next && { next }) },
  };
}

/** An operator's policy forbids it: nothing was sent. */
export const barredBy = (tool: string, why: string) => ({
  outcome: { is: "failed" as const, why },
  reply: refuse(`${tool} was not sent. ${why}`, ofPolicy),
});
