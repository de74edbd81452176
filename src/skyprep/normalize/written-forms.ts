import type { IdSpelling } from "./field-values.ts";
import type { NormalizeWorld } from "./normalize-world.ts";

/** What this process has learnt of how its academy writes dates and numbers. */
export interface WrittenForms {
  /** What stands first in 05/01/2026; `either`: both were seen, so no such date can be read. */
  dayOrder: "day" | "month" | "either" | undefined;
  /** How numbers are written that are no bare digits; `several`: in more than one way. */
  ids: IdSpelling | "several" | undefined;
  /** It was seen to know its numbers only as it writes them. */
  idsAsWritten?: true;
}

const byWorld = new WeakMap<NormalizeWorld, WrittenForms>();

export function writtenFormsIn(world: NormalizeWorld): WrittenForms {
  const known = byWorld.get(world) ?? { dayOrder: undefined, ids: undefined };
  byWorld.set(world, known);
  return known;
}
