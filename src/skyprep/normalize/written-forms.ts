import type { NormalizeWorld } from "./normalize-world.ts";

/** What this process has learnt of how its academy writes dates. */
export interface WrittenForms {
  /** What stands first in 05/01/2026; `either`: both were seen, so no such date can be read. */
  dayOrder: "day" | "month" | "either" | undefined;
}

const byWorld = new WeakMap<NormalizeWorld, WrittenForms>();

export function writtenFormsIn(world: NormalizeWorld): WrittenForms {
  const known = byWorld.get(world) ?? { dayOrder: undefined };
  byWorld.set(world, known);
  return known;
}
