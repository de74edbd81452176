import type { Operation } from "../../../tools/schema/operation.ts";
import type { Sightings } from "../sightings.ts";
import type { Learnt } from "./learnt.ts";
import type { ListSpellings } from "./learnt-lists.ts";

export interface NormalizeWorld {
  /** Every route's record. */
  readonly records: ReadonlyMap<string, Operation>;
  readonly sightings: Sightings;
  /** How this account answers, as far as it was seen. */
  readonly learnt: Learnt;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long one call reads pages of a list before it says how far it came. */
  readonly patienceMs: number;
  /** How it wants several values. */
  readonly lists: ListSpellings;
}
