import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { copied } from "../support/seeded.ts";

type World = Sandbox["world"];
/** An academy at one moment. */
export type Picture = ReadonlyMap<string, ReadonlyMap<unknown, unknown>>;

const day = 86_400_000;
/** Written by the academy itself, or made by chance. */
const passing: ReadonlySet<string> = new Set([
  "id",
  "created_at",
  "updated_at",
  "polls",
  "key",
  "subscribe_key",
  "unique_transaction_id",
  "password",
]);
/** What reads and links leave behind: reports in a queue, keys to sign in with. Counted, whatever they are called by. */
const counted: ReadonlySet<string> = new Set(["queue", "courseKeys", "loginKeys"]);

/** Instants as days: whoever had to wait some seconds did the same. Members in any order. */
function plain(name: string, value: unknown): unknown {
  if (passing.has(name)) return undefined;
  if (typeof value === "number" && value > 1e12) return `day ${Math.floor(value / day)}`;
  if (value instanceof Set) return Object.fromEntries([...value].sort().map((one) => [String(one), true]));
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}

/** An academy as it stands, to be held against what becomes of it. */
export function pictureOf(world: World): Picture {
  const tables = Object.entries(world).filter(([, table]) => table instanceof Map);
  return new Map(tables.map(([name, table]) => [name, copied(table)]));
}

/** Whether two rows say the same, apart from when they were written down. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((one) => b.has(one));
  if (a instanceof Map)
    return b instanceof Map && a.size === b.size && [...a].every(([key, one]) => same(one, b.get(key)));
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const name in one) if (!passing.has(name) && !same(one[name], other[name])) return false;
  for (const name in other) if (!passing.has(name) && !(name in one)) return false;
  return true;
}

/** Somebody with a set of no courses has none. */
const written = (row: unknown): string | undefined => {
  const text = row === undefined ? undefined : JSON.stringify(row, plain);
  return text === "{}" ? undefined : text;
};

function lines(value: unknown, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${at}=${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, one]) => lines(one, `${at}.${name}`));
}

/**
 * What is so now and was not, and what is no more: `+…` and `-…`, in order. A row that is new or gone is one line; a
 * new one goes by what it says where its number is chance.
 */
export function changesBetween(before: Picture, now: World): string[] {
  const changes: string[] = [];
  for (const [name, table] of Object.entries(now)) {
    if (!(table instanceof Map)) continue;
    const was = before.get(name) ?? new Map();
    if (counted.has(name)) {
      if (was.size !== table.size) changes.push(`${name}: ${was.size} to ${table.size}`);
      continue;
    }
    for (const [key, row] of table) {
      const old = was.get(key);
      if (!same(old, row)) changes.push(...inRow(`${name} ${key}`, written(old), written(row)));
    }
    for (const [key, old] of was)
      if (!table.has(key)) changes.push(...inRow(`${name} ${key}`, written(old), undefined));
  }
  return changes.sort();
}

function inRow(row: string, was: string | undefined, now: string | undefined): string[] {
  if (was === now) return [];
  // Who was in nothing, and is in something now: each of it by itself.
  if (was === undefined && row.startsWith("enrollments ") && now !== undefined)
    return lines(JSON.parse(now), row).map((line) => `+${line}`);
  if (was === undefined)
    return [`+${row.replace(/^(progress|registrations|points|skillPoints) .*/, "$1")} ${now}`];
  if (now === undefined) return [`-${row}`];
  const [old, fresh] = [was, now].map((one) => new Set(lines(JSON.parse(one), row)));
  const changes: string[] = [];
  for (const line of fresh ?? []) if (!old?.has(line)) changes.push(`+${line}`);
  for (const line of old ?? []) if (!fresh?.has(line)) changes.push(`-${line}`);
  return changes;
}

/** What one list of changes has beyond the other; twice is more than once. */
export function beyond(changes: readonly string[], of: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of of) left.set(one, (left.get(one) ?? 0) + 1);
  return changes.filter((one) => {
    const n = left.get(one) ?? 0;
    left.set(one, n - 1);
    return n <= 0;
  });
}
