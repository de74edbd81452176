import { Unread } from "../../academy/reads.ts";
import { principalOfCall } from "../../access/principal.ts";
import type { JobWorld } from "../job.ts";
import { whoIsIn } from "../shared/enrolled.ts";
import { numberOf } from "../shared/number-of-login.ts";
import { marked, markOf, type Plan, type PlanState } from "../shared/plan.ts";
import { mayRepeat, type StepProofWorld, stepIsSo } from "./step-proof.ts";
import type { PlanWithoutStrangers } from "./strangers.ts";

/** What is still on its way may not show yet: a read believes that nothing was done only after this. */
const onItsWayMs = 60_000;
const mostReads = 60;

/**
 * What became of what nobody knows, as far as reads show it: done, open again, or still unknown. A change
 * that sets what it sets is open again at once: doing it twice is doing it once. Where several servers take a person's
 * calls, only later: another may be doing it this moment.
 */
export async function settle(
  plan: Plan,
  { state: before, strangers }: PlanWithoutStrangers,
  world: Pick<JobWorld, "read"> & StepProofWorld,
  signal: AbortSignal,
): Promise<PlanState> {
  const { read, now } = world;
  const isKnown = (unit: number) => !strangers.has(plan.people[plan.units[unit]?.p ?? -1]?.id ?? -1);
  const unknown = plan.units.flatMap((_, unit) =>
    markOf(before, unit) === "?" && isKnown(unit) ? [unit] : [],
  );
  if (unknown.length === 0) return before;
  const waited = now() - (before.sent ?? 0) >= onItsWayMs;
  const isOpen = waited || principalOfCall() === undefined;
  let state = before;
  const settled = (unit: number, is: boolean | undefined) => {
    if (is === true) state = marked(state, [unit], "+");
    if (is === false && waited) state = marked(state, [unit], ".");
  };
  for (const unit of unknown) {
    const { do: what, p } = plan.units[unit] ?? { do: "change", p: 0 };
    if ((what === "change" || what === "leave") && isOpen) state = marked(state, [unit], ".");
    if (what === "step") {
      const is = await stepIsSo(plan, unit, world, signal);
      if (is !== true && isOpen && mayRepeat(plan, unit, world)) state = marked(state, [unit], ".");
      else settled(unit, is);
    }
    if (what === "create") settled(unit, await isThere(plan.people[p]?.login ?? "", read, signal));
  }

  const enrolls = unknown.filter((unit) => plan.units[unit]?.do === "enroll");
  if (enrolls.length === 0) return state;
  const ids = new Map<number, number>();
  for (const unit of enrolls) {
    const p = plan.units[unit]?.p ?? 0;
    if (ids.has(p)) continue;
    const id = plan.people[p]?.id ?? (await numberOf(plan.people[p]?.login ?? "", read, signal));
    if (id !== undefined) ids.set(p, id);
  }
  const people = [...ids].map(([p, id]) => ({ id, login: plan.people[p]?.login ?? "" }));
  const places = [...new Set(enrolls.map((unit) => plan.units[unit]?.t ?? 0))];
  const targets = places.flatMap((t) => plan.targets[t] ?? []);
  const enrolled = await whoIsIn(people, targets, { read, now, signal, most: mostReads });
  for (const unit of enrolls) {
    const { p, t } = plan.units[unit] ?? { p: 0 };
    const [id, target] = [ids.get(p), plan.targets[t ?? 0]];
    if (id === undefined || target === undefined) continue;
    const known = enrolled.of(id, target);
    if (known !== "unknown") settled(unit, known === "in");
  }
  return state;
}

const isThere = async (login: string, read: JobWorld["read"], signal: AbortSignal) => {
  const id = await numberOf(login, read, signal).catch((error: unknown) => {
    if (error instanceof Unread) return "unread" as const;
    throw error;
  });
  return id === "unread" ? undefined : id !== undefined;
};
