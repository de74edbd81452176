import type { Kind } from "../../../tools/schema/consequence.ts";
import { type Identity, identityInWords } from "../../academy/identity.ts";
import { Unread } from "../../academy/reads.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import type { JobGuard, StepApprovals } from "../../guard/batch-approval.ts";
import type { Asker } from "../../guard/channels/approval-channels.ts";
import type { Approved, Strange, Write } from "../../guard/policy/decision.ts";
import { type Reply, refuse, refuseFor } from "../../reply/reply.ts";
import { and } from "../../text/english.ts";
import type { Args, Checked } from "../check/check.ts";
import { errorReply, notAgreed } from "../finish/error-replies.ts";
import { isWrite } from "./write.ts";

/** One write of a job. */
export interface WriteStep {
  readonly tool: string;
  readonly args: Args;
  /** Whom it is for, as they were when it was planned: sent only while number and login belong together. */
  readonly people?: readonly Identity[];
  /** The line of the journal that it undoes. */
  readonly undoes?: number;
  /** How it is taken back, where the operation by itself knows no way: a sentence of the question. */
  readonly wayBack?: string | undefined;
}

/** What a job means to do, and how its one question begins. */
export interface JobIntent {
  readonly asks: string;
  /** Facts of the job's own, what is lost first; names that people wrote stand in quotes, cleaned. */
  readonly facts?: readonly string[];
  /** Whom `asks` names: its steps call them “them”. */
  readonly them?: number | string | undefined;
  /** Whether it can be brought back, in the job's own words; left out: as its steps say it. */
  readonly back?: readonly string[];
  /** Steps that the job's own words say whole. */
  readonly told?: readonly WriteStep[];
  readonly steps: readonly WriteStep[];
  /** Asked about as this kind, whatever its steps deserve by themselves. */
  readonly deserves?: Kind | undefined;
  /** The code that came with the job's call. */
  readonly code?: string | undefined;
  /** The line of the journal that the one step undoes. */
  readonly undoes?: number;
  /** The plan that the steps are of, for the journal. */
  readonly plan?: string;
}

/** Agreed to: runs the steps that were on the list, each once, in any order. */
export interface Agreement {
  readonly run: (step: WriteStep) => Promise<Reply>;
  /** Runs a step of the list for fewer than it was for: the same call, with items left out of its lists. */
  readonly part: (step: WriteStep, args: Args) => Promise<Reply>;
  /** The call's own time is over: the same call, repeated, goes on under the same answer. */
  readonly hold: () => Promise<void>;
}

/** What a write is a part of, for the journal. */
export interface WritePurpose {
  readonly undoes?: number | undefined;
  readonly plan?: string | undefined;
}

export interface StepsWorld {
  readonly guard: JobGuard;
  readonly toolNamed: (name: string) => Tool | undefined;
  readonly check: (tool: Tool, args: Args) => Checked;
  /** Sends one write under the approval that was given for it. */
  readonly send: (tool: Tool, args: Args, approval: Approved, partOf: WritePurpose) => Promise<Reply>;
}

/** Puts the one question of a job, or says what stands in its way; nothing was sent then. */
export async function agreeToSteps(
  job: { readonly name: string; readonly args: Args },
  { asks, facts, back, them, told = [], steps, deserves, code, undoes, plan: name }: JobIntent,
  world: StepsWorld,
  { asker, signal }: { readonly asker: Asker; readonly signal: AbortSignal },
): Promise<Agreement | Reply> {
  const known = new Map<WriteStep, Write & { readonly by: Tool }>();
  for (const step of steps) {
    const tool = world.toolNamed(step.tool);
    if (tool === undefined || !isWrite(tool)) {
      return refuseFor(
        "settings",
        `${job.name} needs ${step.tool}, which is not offered here; nothing was sent.`,
      );
    }
    const checked = world.check(tool, step.args);
    if ("wrong" in checked) return refuse(`${job.name} was not done; nothing was sent.`, ...checked.wrong);
    const { name, route, operation } = tool;
    const { people, wayBack } = step;
    known.set(step, { tool: name, route, operation, args: checked.args, people, wayBack, by: tool });
  }
  const plan = {
    tool: job.name,
    args: job.args,
    asks,
    ...(facts && { facts }),
    back,
    them,
    told: told.flatMap((step) => known.get(step) ?? []),
    ...(deserves && { deserves }),
    code,
    steps: [...known.values()],
  };
  try {
    const approvals = await world.guard(plan, asker, signal);
    if (!approvals.go) return notAgreed(approvals);
    return {
      run: (step) => one(step, approvals, (write) => approvals.take(write, signal)),
      part: (step, args) => one(step, approvals, (write) => approvals.part(write, args, signal), args),
      hold: approvals.hold,
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const [first] = known.values();
    if (first === undefined) throw error;
    return errorReply(first.by, {}, error, "before");
  }

  async function one(
    step: WriteStep,
    approvals: StepApprovals,
    ask: (write: Write) => Promise<Approved | Strange | undefined>,
    args?: Args,
  ): Promise<Reply> {
    const write = known.get(step);
    let approval: Approved | Strange | undefined;
    try {
      approval = write && (await ask(write));
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      if (write) approvals.back({ ...write, args: args ?? write.args });
      return refuse(
        `${step.tool} was not sent: whom it is for could not be looked up again (${error.message}).`,
        "Call again in a minute.",
      );
    }
    if (write === undefined || approval === undefined)
      return refuse(`${step.tool} was not sent: nobody agreed to it.`);
    if (!approval.go) return toStrangers(step, approval);
    // Only the whole of a step undoes what it was made to undo.
    const whole = args === undefined;
    const reply = await world.send(write.by, args ?? write.args, approval, {
      undoes: whole ? (step.undoes ?? undoes) : undefined,
      plan: name,
    });
    if (reply.outcome === "refused") approvals.back({ ...write, args: args ?? write.args });
    return reply;
  }
}

const mostNamed = 10;

/** Not a step for whoever has that login or number now. */
function toStrangers({ tool }: WriteStep, { strangers }: Strange): Reply {
  const named = strangers.slice(0, mostNamed).map(identityInWords);
  const more = strangers.length > mostNamed ? [`${strangers.length - mostNamed} more`] : [];
  return {
    ...refuse(
      `${tool} was not sent: number and login do not belong together any more of ${and([...named, ...more])}.`,
      "Look who is meant, then call or plan anew.",
    ),
    strangers: strangers.map(({ id }) => id),
  };
}
