import type { WriteOperation } from "../../tools/schema/operation.ts";
import type { Asker } from "../guard/ask.ts";
import type { Guard } from "../guard/guard.ts";
import type { Agreed, NotAgreed } from "../guard/verdict.ts";
import { CannotWrite, type Journal, type Outcome } from "../journal/line.ts";
import { cleanText } from "../reply/clean.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import type { View } from "../reply/view.ts";
import type { Api } from "../skyprep/api.ts";
import { Failure } from "../skyprep/failure.ts";
import { encode } from "../skyprep/form.ts";
import { answer, outcomeOf } from "./answer.ts";
import type { Tool } from "./catalogue.ts";
import type { Args } from "./check.ts";
import { failed, type Stage, tooLate } from "./failed.ts";
import { spellPerson } from "./person.ts";

export interface WriteWorld {
  readonly api: Api;
  readonly guard: Guard;
  readonly journal: Journal;
  readonly view: View;
  readonly now: () => number;
  /** A digest of the account: one journal may serve several. */
  readonly account: string;
  /** Forgets kept lists. */
  readonly drop: () => void;
  readonly timeoutMs: number;
}

/** A write, checked; and the line of the journal that it undoes, if it undoes one. */
export interface Asked {
  readonly tool: Tool & { readonly operation: WriteOperation };
  readonly args: Args;
  readonly code: string | undefined;
  readonly undoes?: number | undefined;
  /** Leave that was given already, for this very step of a job. */
  readonly leave?: Agreed | undefined;
}

export const isWrite = (tool: Tool): tool is Asked["tool"] => tool.operation.effect !== "read";

/**
 * The life of a write: ask, write down what is about to be done, send, write down what became of it, show.
 * A person's time is not counted; the call's own begins with their yes.
 */
export async function write(
  { tool, args, code, undoes, leave: given }: Asked,
  world: WriteWorld,
  { signal: cancelled, asker }: { readonly signal: AbortSignal; readonly asker: Asker },
): Promise<Reply> {
  let leave: Agreed | NotAgreed;
  try {
    const { name, route, operation } = tool;
    leave = given ?? (await world.guard({ tool: name, route, operation, args, code }, asker, cancelled));
  } catch (error) {
    if (cancelled.aborted) throw cancelled.reason;
    return failed(tool, args, error, "before");
  }
  if (!leave.go) return notAgreed(leave);

  const overdue = AbortSignal.timeout(world.timeoutMs);
  const signal = AbortSignal.any([cancelled, overdue]);
  let stage: Stage = "before";
  let line: number | undefined;
  const began = world.now();
  const finish = async (outcome: Outcome): Promise<string> => {
    if (line === undefined) return "";
    try {
      await world.journal.finish(line, outcome, Math.max(0, world.now() - began));
      return "";
    } catch (error) {
      if (!(error instanceof CannotWrite)) throw error;
      // The change itself stands: a finished write is never called a failure.
      return `\nWhat became of it could not be written down: ${error.message}`;
    }
  };
  try {
    const { operation, route } = tool;
    const spelt = await spellPerson(operation.person, args, world.api, signal, leave.person);
    const form = encode(spelt, operation.wire);
    signal.throwIfAborted();
    const intended = await world.journal.intend(intentOf(tool, args, leave, world.account, undoes), {
      image: leave.image,
      allow: (recent) => leave.allow(recent) ?? undoneOnce(undoes, recent),
    });
    if ("refused" in intended) {
      return { ...refuse(`${tool.name} was not sent.`, intended.refused), became: "unsent" };
    }
    line = intended.seq;
    signal.throwIfAborted();
    stage = "sent";
    world.drop();
    const reading = await world.api(route, form, signal);
    const note = await finish(outcomeOf(tool, reading));
    const reply = answer(tool, args, reading, world.view);
    return note ? { ...reply, text: reply.text + note } : reply;
  } catch (error) {
    const note = await finish(
      stage === "before" ? { is: "failed", why: "Nothing was sent." } : outcomeAfter(error),
    );
    if (cancelled.aborted) throw cancelled.reason;
    const reply = signal.aborted ? tooLate(tool, stage, world.timeoutMs) : failed(tool, args, error, stage);
    return note ? { ...reply, text: reply.text + note } : reply;
  } finally {
    if (stage === "sent") world.drop();
  }
}

/** A change is undone once, whoever else is at it. */
const undoneOnce = (
  undoes: number | undefined,
  recent: Parameters<Agreed["allow"]>[0],
): string | undefined =>
  undoes !== undefined &&
  recent.some(({ intent, outcome }) => intent.undoes === undoes && outcome?.is !== "failed")
    ? `Change ${undoes} is being undone already: list_changes shows how that ended.`
    : undefined;

const intentOf = (tool: Tool, args: Args, leave: Agreed, account: string, undoes: number | undefined) => ({
  tool: tool.name,
  account,
  arguments: withoutSecrets(args),
  targets: leave.targets,
  agreed: leave.agreed,
  ...(leave.kind && { kind: leave.kind }),
  ...(leave.question && { question: leave.question }),
  ...(leave.pairs !== undefined && { pairs: leave.pairs }),
  ...(undoes !== undefined && { undoes }),
});

const secret = /^(password|ssn)$/;
const withoutSecrets = (args: Args): Args =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, secret.test(name) ? "•••" : value]));

function outcomeAfter(error: unknown): Outcome {
  if (!(error instanceof Failure)) return { is: "unknown", why: "No answer came in time." };
  const why = cleanText(error.message).slice(0, 200);
  if (error.reached === "no" || error.reached === "refused") return { is: "failed", why };
  return error.reached === "yes" ? { is: "done" } : { is: "unknown", why };
}

export const notAgreed = ({ lines, asked }: NotAgreed): Reply => ({
  ...refuse(...lines),
  became: "unsent",
  ...(asked && { structured: { asked } }),
});
