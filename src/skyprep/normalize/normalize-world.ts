import type { Operation } from "../../../tools/schema/operation.ts";
import type { Sightings } from "../sightings.ts";
import type { ListSpellings } from "./learnt-lists.ts";

export interface NormalizeWorld {
  /** Every route's record. */
  readonly records: ReadonlyMap<string, Operation>;
  readonly sightings: Sightings;
  /** How it wants several values. */
  readonly lists: ListSpellings;
}
