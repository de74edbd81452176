import type { Change } from "../../journal/line.ts";
import type { JobWorld } from "../job.ts";
import { goodForMs, type OpenedPlan, plansOf, readPlan } from "../shared/plan.ts";

/** A plan is begun within a day, and goes on for some minutes at most. */
const mostMs = goodForMs + 3_600_000;

export interface PlanChanges {
  /** Undefined: it is no longer kept, or was made for another account. */
  readonly opened: OpenedPlan | undefined;
  readonly changes: readonly Change[];
  /** Every change of the account, newest first. */
  readonly all: readonly Change[];
}

/** What a plan did, newest first; and the plan itself, as long as it is kept. Another one may have had its name before. */
export async function changesOfPlan(name: string, world: JobWorld): Promise<PlanChanges> {
  const found = await readPlan(plansOf(world), name);
  const opened = found?.plan.account === world.academy ? found : undefined;
  const all = await world.journal.changes(world.account);
  const own = all.filter(({ intent }) => intent.plan === name);
  const from =
    opened?.plan.at ?? Math.max(...own.slice(0, 1).map(({ at }) => Date.parse(at)), mostMs) - mostMs;
  return { opened, all, changes: own.filter(({ at }) => Date.parse(at) >= from) };
}
