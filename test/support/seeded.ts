import type { Tables } from "../../src/sandbox/model/tables.ts";
import { createTables } from "../../src/sandbox/seed/tables.ts";

const seeds = new Map<string, Tables>();
/** A big academy is seeded anew: copying it takes as long, and nobody has room for many. */
const mostCopied = 5_000;

/** The tables of a fresh academy, which is seeded once for each size and hour and copied after: thousands are made. */
export function seededTables({ now, people }: { now: number; people: number }): Tables {
  if (people > mostCopied) return createTables({ now, people });
  const key = `${now} ${people}`;
  const seed = seeds.get(key) ?? createTables({ now, people });
  seeds.set(key, seed);
  return copied(seed);
}

/** Rows, maps, sets and lists anew, all the way down. */
export function copied<T>(value: T): T;
export function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>();
    for (const [key, one] of value) map.set(key, copied(one));
    return map;
  }
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map(copied);
  const row: Record<string, unknown> = { ...value };
  for (const name of Object.keys(row)) {
    const one = row[name];
    if (typeof one === "object" && one !== null) row[name] = copied(one);
  }
  return row;
}
