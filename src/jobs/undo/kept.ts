import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Change } from "../../journal/line.ts";

/** What was there before a change: read → what it answered (src/guard/image.ts). */
export type Image = Readonly<Record<string, unknown>>;
export type Kept = Readonly<Record<string, unknown>>;

const rowsOf = (value: unknown): Kept[] =>
  [value].flat().filter((row): row is Kept => typeof row === "object" && row !== null);

/** The record that was changed, as it was: the first of what the operation keeps. */
export function keptOf(
  { keeps = [] }: WriteOperation,
  change: Change,
  image: Image | undefined,
): Kept | undefined {
  const route = keeps[0];
  if (image === undefined || route === undefined) return undefined;
  return recordIn(image[route], change);
}

/** One record; of a list, the row of whom the change was about. */
export function recordIn(value: unknown, { intent }: Change): Kept | undefined {
  const rows = rowsOf(value);
  if (!Array.isArray(value)) return rows[0];
  const ids = new Set(intent.targets.map(({ id }) => id));
  return rows.find((row) => ids.has(Number(row.id)));
}

/** A field by its path, `a.b`; undefined where it was empty. */
export function fieldOf(record: Kept, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split(".")) value = (value as Kept | undefined)?.[name];
  return value === null || value === "" ? undefined : value;
}

/** Whether a read lists what an argument names: rows of it, or of a list inside it. */
export function includes(
  image: Image,
  { read, list, argument }: { readonly read: string; readonly list?: string; readonly argument: string },
  given: Readonly<Record<string, unknown>>,
): boolean {
  const answer = image[read];
  const rows = rowsOf(list === undefined ? answer : rowsOf(answer)[0]?.[list]);
  const wanted = new Set([given[argument]].flat().map(Number));
  return rows.some((row) => {
    // Permissions of a manager in a group are a record of their own, with the group inside.
    const group = row.user_group as Kept | undefined;
    return wanted.has(Number(row.id)) || wanted.has(Number(group?.id));
  });
}
