import type { AssumptionId, VariantOf } from "../assumptions.ts";
import type { Sightings } from "../sightings.ts";

/** Sightings told once each: an answer has thousands of values. */
export function createSeen(sightings: Sightings) {
  const held = new Set<AssumptionId>();
  const other = new Set<string>();
  return {
    holds(id: AssumptionId): void {
      if (held.has(id)) return;
      held.add(id);
      sightings.holds(id);
    },
    differs<Id extends AssumptionId>(id: Id, how: VariantOf<Id> | "otherwise"): void {
      const key = `${id} ${how}`;
      if (other.has(key)) return;
      other.add(key);
      // One academy may write in two ways, and is otherwise than assumed all the same.
      const before = sightings.of(id);
      if (before === undefined || before === "holds") sightings.differs(id, how);
    },
  };
}
export type SeenOnce = ReturnType<typeof createSeen>;
