import type { AssumptionId, VariantOf } from "./assumptions.ts";

/** What was seen of the assumptions so far: by a probe, or by calls as they come. Never what an answer said, only how. */
export interface Sightings {
  /** It is as assumed. */
  holds(id: AssumptionId): void;
  /** It is otherwise; told once. `otherwise`: in a way that has no name, or that was not made out. */
  differs<Id extends AssumptionId>(id: Id, how: VariantOf<Id> | "otherwise"): void;
  /** What was seen of one; undefined: nothing yet. */
  of(id: AssumptionId): string | undefined;
  all(): ReadonlyMap<AssumptionId, string>;
}

/** `tell` hears of each that is otherwise, the first time it is met. */
export function createSightings(tell: (id: AssumptionId, how: string) => void = () => {}): Sightings {
  const seen = new Map<AssumptionId, string>();
  return {
    holds(id) {
      // Once met otherwise, a single answer as assumed takes nothing back.
      if (!seen.has(id)) seen.set(id, "holds");
    },
    differs(id, how) {
      if (seen.get(id) === how) return;
      seen.set(id, how);
      tell(id, how);
    },
    of: (id) => seen.get(id),
    all: () => seen,
  };
}
