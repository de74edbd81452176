import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";

type World = Sandbox["world"];
/** An academy at one moment: each row by its table and number, as facts about it. */
export type Picture = ReadonlyMap<string, string>;

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

/** All that is so in an academy, apart from when it was written down. */
export function pictureOf(world: World): Picture {
  const picture = new Map<string, string>();
  for (const [name, table] of Object.entries(world)) {
    if (!(table instanceof Map)) continue;
    if (counted.has(name)) picture.set(name, JSON.stringify({ rows: table.size }));
    else
      for (const [key, row] of table) {
        const text = JSON.stringify(row, plain);
        // Somebody with a set of no courses has none.
        if (text !== "{}") picture.set(`${name} ${key}`, text);
      }
  }
  return picture;
}

function lines(value: unknown, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${at}=${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, one]) => lines(one, `${at}.${name}`));
}

/**
 * What is so now and was not, and what is no more: `+…` and `-…`, in order. A row that is new or gone is one line; a
 * new one goes by what it says, since its number is chance.
 */
export function changesBetween(before: Picture, after: Picture): string[] {
  const changes: string[] = [];
  for (const [row, text] of after) {
    const was = before.get(row);
    if (was === text) continue;
    if (was === undefined) {
      changes.push(`+${row.replace(/^(progress|registrations|points|skillPoints) \S+/, "$1")} ${text}`);
      continue;
    }
    const [old, now] = [was, text].map((one) => new Set(lines(JSON.parse(one), row)));
    for (const line of now ?? []) if (!old?.has(line)) changes.push(`+${line}`);
    for (const line of old ?? []) if (!now?.has(line)) changes.push(`-${line}`);
  }
  for (const row of before.keys()) if (!after.has(row)) changes.push(`-${row}`);
  return changes.sort();
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
