import { Missing, Unread } from "../../academy/reads.ts";
import type { Args } from "../../call/check/check.ts";
import type { JobContext } from "../../call/job-context.ts";
import type { Agreement, WriteStep } from "../../call/write/job-writes.ts";
import type { Reply, Verification } from "../../reply/reply.ts";
import { cleanText } from "../../text/english.ts";

/** One thing that a step does, and what it is called once it is done. */
export interface StepPart {
  /** A kind, a number and a cleaned name: “group 301 Sales Team”. */
  readonly what: string;
  readonly done: string;
  /** The part of the step that does this alone, where it does several. */
  readonly alone?: Args;
}

/** A step of a job with what comes of it. */
export interface JobStep {
  readonly step: WriteStep;
  readonly things: readonly StepPart[];
  /** Not tried unless all of these were done. */
  readonly needs?: readonly JobStep[];
  /** A read that shows whether it is so, for where SkyPrep refused or its answer was lost. */
  readonly isSo?: () => Promise<boolean>;
}

export interface StepOutcome {
  readonly what: string;
  readonly is: "done" | "already" | "failed" | "unknown" | "not tried";
  /** In a word: “added”, “already”, “failed”. */
  readonly outcome: string;
  readonly why?: string;
  /** Whether a read showed it afterwards; left out: none was made. */
  readonly verified?: Verification["verified"];
}

export interface Done {
  readonly outcomes: readonly StepOutcome[];
  /** What SkyPrep answered to a step, where it was sent. */
  readonly replies: ReadonlyMap<JobStep, Reply>;
}

export const already = (what: string, why?: string): StepOutcome => ({
  what,
  is: "already",
  outcome: "already",
  ...(why !== undefined && { why }),
});

/**
 * Does each in turn and says of each what became of it. One that was refused or lost does not stop the others:
 * they are other things. What could not even be sent does.
 */
export async function runSteps(
  jobSteps: readonly JobStep[],
  agreement: Agreement,
  { signal, progress, late }: Pick<JobContext, "signal" | "progress" | "late">,
): Promise<Done> {
  const outcomes: StepOutcome[] = [];
  const replies = new Map<JobStep, Reply>();
  const done = new Set<JobStep>();
  let stopped: string | undefined;

  async function run(jobStep: JobStep): Promise<StepOutcome[]> {
    const { things, needs = [] } = jobStep;
    if (stopped !== undefined) return things.map((thing) => notTried(thing, stopped));
    const waits = needs.find((one) => !done.has(one));
    if (waits !== undefined) {
      return things.map((thing) => notTried(thing, `waits for: ${waits.things[0]?.what ?? ""}`));
    }
    signal.throwIfAborted();
    if (await outOfTime()) return things.map((thing) => notTried(thing, stopped));
    const { reply, stands } = await sent(() => agreement.run(jobStep.step));
    replies.set(jobStep, reply);
    if (stands === "failed" && things.length > 1) return eachAlone(jobStep);
    const so = stands === "failed" || stands === "unknown" ? await isSo(jobStep) : undefined;
    if (stands === "done" || so) done.add(jobStep);
    return things.map((thing) =>
      so ? (stands === "failed" ? already(thing.what) : doneOf(thing)) : outcomeOf(thing, stands, reply),
    );
  }

  /** A list that was refused as a whole: which of it cannot be done shows only one by one. */
  async function eachAlone({ step, things }: JobStep): Promise<StepOutcome[]> {
    const each: StepOutcome[] = [];
    for (const thing of things) {
      if (stopped !== undefined || thing.alone === undefined || (await outOfTime())) {
        each.push(notTried(thing, stopped));
        continue;
      }
      const { alone } = thing;
      const { reply, stands } = await sent(() => agreement.part(step, alone));
      each.push(outcomeOf(thing, stands, reply));
    }
    return each;
  }

  /** What is left waits for the same call, under the same answer. */
  async function outOfTime(): Promise<boolean> {
    const over = late();
    stopped ??= over;
    if (over !== undefined) await agreement.hold();
    return over !== undefined;
  }

  async function sent(run: () => Promise<Reply>): Promise<{ reply: Reply; stands: Stands }> {
    const reply = await run();
    const stands = standing(reply);
    if (stands === "not tried") stopped = whyNot(reply);
    return { reply, stands };
  }

  for (const jobStep of jobSteps) {
    outcomes.push(...(await run(jobStep)));
    progress(outcomes.length, jobSteps.length, `${outcomes.length} of ${jobSteps.length} done.`);
  }
  return { outcomes, replies };
}

/** What cannot be read shows nothing. */
async function isSo({ isSo }: JobStep): Promise<boolean> {
  try {
    return (await isSo?.()) === true;
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return false;
    throw error;
  }
}

const doneOf = ({ what, done }: StepPart): StepOutcome => ({ what, is: "done", outcome: done });
export const notTried = ({ what }: Pick<StepPart, "what">, why?: string): StepOutcome => ({
  what,
  is: "not tried",
  outcome: "not tried",
  ...(why !== undefined && { why }),
});

/** How what one write was to do stands after it: not tried, where nothing was sent. */
export type Stands = "done" | "failed" | "unknown" | "not tried";

/** A success that a read does not bear out is not known to be one. */
export function standing({ outcome, seen, strangers }: Reply): Stands {
  // It is over for these people, and nobody else's turn is stopped by it.
  if (strangers !== undefined) return "failed";
  if (outcome === "done") return seen?.verified === "no" ? "unknown" : "done";
  if (outcome === "refused" || outcome === "waiting" || outcome === "declined") return "not tried";
  return outcome === "failed" ? "failed" : "unknown";
}

function outcomeOf(thing: StepPart, stands: Stands, reply: Reply): StepOutcome {
  const { seen } = reply;
  const looked = seen && { verified: seen.verified };
  if (stands === "done") {
    return { ...doneOf(thing), ...(seen?.verified === "partly" && { why: cut(seen.found) }), ...looked };
  }
  if (stands === "not tried") return notTried(thing, whyNot(reply));
  return { what: thing.what, is: stands, outcome: stands, why: said(reply), ...looked };
}

/** Why a step does not stand as done, in its own words; of a success that is not borne out, what was found instead. */
export const said = ({ text, outcome, seen }: Reply): string =>
  outcome === "done" && seen?.verified === "no"
    ? cut(`SkyPrep said success, but ${seen.found}`)
    : cut(text.split("\n")[0] ?? "");

/** Why nothing was sent: that stands behind the line which says that it was not. */
const whyNot = ({ text }: Reply): string => cut(text.split("\n").join(" "));

const cut = (text: string): string => cleanText(text).slice(0, 160);
