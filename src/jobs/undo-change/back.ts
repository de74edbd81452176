import type { WriteStep } from "../../call/write/job-writes.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import type { UndoPlan } from "../../guard/undo-plan/plan.ts";
import { leftInWords } from "../../guard/undo-plan/promise.ts";
import type { Change, Target } from "../../journal/line.ts";
import type { Reply } from "../../reply/reply.ts";
import { andMore, cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import type { PlannedPerson, PlanTarget } from "../shared/plan.ts";
import type { StepOutcome } from "../steps/run-steps.ts";
import { compared } from "./compared.ts";
import { conflictsSince } from "./conflict-check.ts";
import { told } from "./summary-text.ts";
import { named, type WayBack } from "./way-back.ts";

/** One thing that can be put back, as far as is known before anything is sent. */
export interface Back {
  readonly change: Change;
  readonly what: string;
  readonly step: WriteStep;
  readonly plan: Pick<UndoPlan, "left" | "follows" | "loses" | "stays">;
  /** Whom and what it is about. */
  readonly names: readonly string[];
  /** What has changed since, in sentences; empty where it stands as the change left it. */
  readonly since: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Whom it takes out of what, where that was read with others: looking again costs nothing, and a question says it whole. */
  readonly takes?: { readonly who: PlannedPerson; readonly target: PlanTarget };
  /** What came of it, once it is done. */
  readonly seen: (reply: Reply, signal: AbortSignal) => Promise<Reply>;
}

/** The way back of one line of the journal. */
export function backOf(change: Change, { undoing, plan, operation }: WayBack, world: JobWorld): Back {
  return {
    change,
    what: whatOf(change, operation.title),
    step: { tool: toolName(plan.with), args: plan.args, undoes: change.seq },
    plan,
    names: change.intent.targets.map(nameOf),
    since: (signal) => conflictsSince(undoing, plan, named(world), signal),
    async seen(reply, signal) {
      const said = await told(change.seq, plan, reply, () => compared(undoing, plan, named(world), signal));
      const found = [said.structured?.not_as_before ?? []].flat().map(String);
      const isPart = found.length > 0 || plan.left.length > 0;
      if (!isPart) return { ...said, outcome: "done" };
      const seen =
        found.length > 0 ? `not as before: ${found.join("; ")}` : `not put back: ${leftInWords(plan.left)}`;
      return { ...said, outcome: "done", seen: { verified: "partly", found: seen } };
    },
  };
}

/** What stays as it is, and why. */
export const left = (what: string, why: string): StepOutcome => ({
  what,
  is: "not tried",
  outcome: "not undone",
  why: cleanText(why).slice(0, 240),
});

export const nameOf = ({ kind, id, login, name }: Target): string => `${kind} ${id ?? login ?? name}`;

const most = 2;
export function whatOf({ seq, intent: { targets } }: Change, title: string): string {
  const on = targets
    .slice(0, most)
    .map(({ kind, id, login, name }) =>
      cleanText([kind, id, login ?? name].filter(Boolean).join(" ")).slice(0, 80),
    );
  const named = on.length === 0 ? "" : `: ${andMore(on, targets.length - on.length)}`;
  return `change ${seq}, ${title}${named}`;
}
