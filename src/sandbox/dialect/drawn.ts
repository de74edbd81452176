import type { AssumptionId, Dialect } from "../../skyprep/assumptions.ts";
import { createRandom } from "../seed/random.ts";
import { switches } from "./switches.ts";

/** About half of the assumptions otherwise, by lot; the same seed draws the same. */
export function drawnDialect(seed: number): Dialect {
  const random = createRandom(seed);
  const drawn: Partial<Record<AssumptionId, string>> = {};
  for (const id of (Object.keys(switches) as AssumptionId[]).sort()) {
    const otherwise = random.chance(0.5);
    const variant = random.pick(Object.keys(switches[id]));
    if (otherwise) drawn[id] = variant;
  }
  return drawn as Dialect;
}
