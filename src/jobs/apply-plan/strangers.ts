import { strangersAmong } from "../../academy/identity.ts";
import { unboundedReads } from "../../academy/reads.ts";
import type { JobWorld } from "../job.ts";
import { marked, markOf, type Plan, type PlanState } from "../shared/plan.ts";
import { peopleOf } from "../shared/plan-batches.ts";

/** Why nothing is done for somebody. */
export const notTheSame =
  "number and login do not belong together any more: look who is meant, then make a new plan";

/** A plan without those who are not who they were when it was made. */
export interface PlanWithoutStrangers {
  readonly state: PlanState;
  /** Their numbers. */
  readonly strangers: ReadonlySet<number>;
}

/**
 * Takes out of a plan, before anybody is asked, whoever is not who they were: their open units are over, and of
 * what nobody knows, no read of theirs shows anything. @throws Unread
 */
export async function withoutStrangers(
  plan: Plan,
  before: PlanState,
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): Promise<PlanWithoutStrangers> {
  const all = plan.units.map((_, unit) => unit);
  const open = all.filter((unit) => markOf(before, unit) === ".");
  const unknown = all.filter((unit) => markOf(before, unit) === "?");
  const look = unboundedReads(read, signal);
  const found = await strangersAmong(peopleOf(plan, [...open, ...unknown]), {}, look);
  const strangers = new Set(found.map(({ id }) => id));
  const isOut = (unit: number) => strangers.has(plan.people[plan.units[unit]?.p ?? -1]?.id ?? -1);
  const state = marked(before, open.filter(isOut), "!", notTheSame);
  return { state: marked(state, unknown.filter(isOut), "?", notTheSame), strangers };
}
