import type { Operation } from "../../../tools/schema/operation.ts";
import type { Sightings } from "../sightings.ts";

export interface NormalizeWorld {
  /** Every route's record. */
  readonly records: ReadonlyMap<string, Operation>;
  readonly sightings: Sightings;
}
