import type { NormalizeWorld } from "./normalize-world.ts";

/** What this process has learnt of how its academy writes: how it says things, never what. */
export interface Learnt {
  /** What stands first in 05/01/2026; `either`: both were seen, so no such date can be read. */
  dayOrder: "day" | "month" | "either" | undefined;
  /** A status of the page → how it came. */
  readonly spellings: Map<string, Set<string>>;
}

const byWorld = new WeakMap<NormalizeWorld, Learnt>();

export function learntIn(world: NormalizeWorld): Learnt {
  const known = byWorld.get(world) ?? { dayOrder: undefined, spellings: new Map() };
  byWorld.set(world, known);
  return known;
}

/** A status as this academy spells it, for a filter; several where several mean the same; the page's where none came yet. */
export const statusSpelt = (world: NormalizeWorld, status: string): readonly string[] => {
  const spelt = learntIn(world).spellings.get(status);
  return spelt === undefined ? [status] : [...spelt];
};
