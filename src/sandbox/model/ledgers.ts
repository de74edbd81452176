import type { Competency } from "./office.ts";
import type { World } from "./world.ts";

export const pointsBalance = (world: World, userId: number): number =>
  [...world.points.values()]
    .filter((row) => row.user_id === userId)
    .reduce((sum, row) => sum + row.amount, 0);

/** User id → skill id → points. */
export const skillBalances = (world: World): Map<number, Map<number, number>> => {
  const balances = new Map<number, Map<number, number>>();
  for (const row of world.skillPoints.values()) {
    const own = balances.get(row.user_id) ?? new Map<number, number>();
    own.set(row.skill_id, (own.get(row.skill_id) ?? 0) + row.amount);
    balances.set(row.user_id, own);
  }
  return balances;
};

export const achieved = (competency: Competency, balances: ReadonlyMap<number, number>): boolean =>
  competency.needs.every((need) => (balances.get(need.skill_id) ?? 0) >= need.points);
