import { WriteInReadOnly } from "../guard/read-only.ts";
import { CannotWrite } from "../journal/line.ts";
import { type Became, type Reply, refuse } from "../reply/reply.ts";
import { Failure, LostBefore, type Reached, SignInRefused } from "../skyprep/failure.ts";
import { Unwritable } from "../skyprep/form.ts";
import { BadCursor } from "../store/cursor.ts";
import { type Tool, toolName } from "./catalogue.ts";
import type { Args } from "./check.ts";
import { NobodyFound } from "./person.ts";

/** `sent`: the operation itself may have reached SkyPrep. */
export type Stage = "before" | "sent";

/** What went wrong, in words that say what to do; a bug of ours before anything was sent keeps flying. */
export function failed(tool: Tool, args: Args, error: unknown, stage: Stage): Reply {
  return { ...inWords(tool, args, error, stage), became: becameOf(tool, error, stage) };
}

const became: Readonly<Record<Reached, Became>> = {
  no: "unsent",
  refused: "refused",
  yes: "done",
  maybe: "unknown",
};

function becameOf(tool: Tool, error: unknown, stage: Stage): Became {
  if (stage === "before") return "unsent";
  if (!(error instanceof Failure)) return "unknown";
  return doneBefore(tool, error) ? "done" : became[error.reached];
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
    return refuse(`${tool.name} was not called; nothing was sent.`, `${error.argument}: ${error.message}.`);
  }
  if (error instanceof WriteInReadOnly) {
    return refuse(error.message, "Ask whoever set this server up to unset SKYPREP_READ_ONLY.");
  }
  if (error instanceof CannotWrite && stage === "before") {
    return refuse(`${tool.name} was not sent: every change is written down first.`, error.message);
  }
  if (!(error instanceof Failure)) {
    // A defect of ours: after a write was sent, what counts is that it must not be sent again.
    if (stage === "before" || tool.operation.effect === "read") throw error;
    return unknownOutcome(tool, "The answer could not be handled.");
  }
  if (tool.operation.effect === "read" || stage === "before") return refuse(error.message, error.next);
  if (error instanceof SignInRefused) return refuse(error.message, error.next);
  if (doneBefore(tool, error)) {
    return {
      text: `Done: ${tool.operation.title}. The first answer was lost, and the next try found nothing there any more.`,
      structured: { done: true, tool: tool.name },
    };
  }
  if (error.reached === "no") return refuse(error.message, `${error.next} Nothing was changed.`);
  if (error.reached === "refused") {
    const several = Object.values(args).some((value) => Array.isArray(value) && value.length > 1);
    return refuse(
      error.message,
      several ? `${error.next} A part may have been done: look first.` : error.next,
    );
  }
  if (error.reached === "yes") {
    return {
      text: `${error.message} The call itself (${tool.name}) went through: do not repeat it; look at the result with a read.`,
      structured: { done: true, answer_unreadable: true },
    };
  }
  return unknownOutcome(tool, `${error.message} ${error.next}`);
}

/** A removal whose answer was lost, and which then found nothing to remove, is done (contract §6). */
export const doneBefore = ({ operation }: Tool, error: unknown): boolean =>
  operation.effect === "remove" && error instanceof LostBefore && error.foundNothing;

export function tooLate(tool: Tool, stage: Stage, timeoutMs: number): Reply {
  const message = `SkyPrep did not answer within ${timeoutMs / 1000} s.`;
  if (tool.operation.effect === "read" || stage === "before") {
    return {
      ...refuse(message, "Ask for less, or call again in a minute; SKYPREP_TIMEOUT allows more time."),
      became: "unsent",
    };
  }
  return unknownOutcome(tool, message);
}

function unknownOutcome({ name, operation }: Tool, message: string): Reply {
  const tells = operation.effect === "read" ? undefined : toolName(operation.proof.read);
  return {
    text: [
      message,
      `Whether ${name} was done is unknown: do not repeat it before ${tells ?? "a read"} shows that it was not.`,
    ].join("\n"),
    structured: { outcome: "unknown", tool: name, ...(tells && { look_with: tells }) },
    isError: true,
    became: "unknown",
  };
}
