import { Unread } from "../../academy/reads.ts";
import type { JobWorld } from "../job.ts";
import { createPeopleIndex, isAdmin, isGone } from "../shared/people-index.ts";
import { markOf, type Plan, type PlanState } from "../shared/plan.ts";

/**
 * Why a plan must not end the access of administrators: nobody else would be left who can let anybody in. Looked at
 * when it is applied, as others may have left since it was made. @throws Unread
 */
export async function withoutAdministrator(
  { told, units, people }: Plan,
  state: PlanState,
  { list, now }: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const leaving = new Set(told?.admins ?? []);
  const isOpen = (id: number) =>
    units.some(({ p }, unit) => people[p]?.id === id && markOf(state, unit) === ".");
  if (![...leaving].some(isOpen)) return undefined;
  const { all } = createPeopleIndex(await list("get_users", signal));
  if (all.length === 0) throw new Unread("the list of people is empty");
  const stays = all.some((one) => isAdmin(one) && !isGone(one, now()) && !leaving.has(one.id));
  return stays
    ? undefined
    : "The plan was not applied: no administrator who can sign in would be left. Give somebody else the role admin first.";
}
