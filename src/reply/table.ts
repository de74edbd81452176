import { limits } from "./reply.ts";

/** One value in a table or behind a name: short, on one line. */
export function cell(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(cell).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([name, one]) => `${name} ${cell(one)}`)
    .join("; ");
}

/** Tab-separated, header row first; a column nobody has a value in is left out. */
export function columnsOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
): string[] {
  return columns.filter((column) => rows.some((row) => row[column] !== undefined && row[column] !== null));
}

export const line = (row: Readonly<Record<string, unknown>>, columns: readonly string[]): string =>
  columns.map((column) => cell(row[column])).join("\t");

/** A value that is too long to show: as text, cut, and marked so. */
export function cutTo(value: unknown, most: number): unknown {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const text = cell(value);
  return text.length <= most ? value : `${text.slice(0, most - 1)}…`;
}

/** Room for the first line, the header and what frames a structure. */
const margin = 2_000;

/**
 * As many rows as fit both as text and as structure: the same cut for both (contract §4).
 * `share` divides the room where one reply holds several tables.
 */
export function fit<T>(rows: readonly T[], asText: (row: T, index: number) => string, share = 1): T[] {
  let text = (limits.textBytes - margin) / share;
  let structured = (limits.structuredBytes - margin) / share;
  const kept: T[] = [];
  for (const [index, row] of rows.entries()) {
    text -= Buffer.byteLength(asText(row, index)) + 1;
    structured -= Buffer.byteLength(JSON.stringify(row)) + 1;
    if (text < 0 || structured < 0) break;
    kept.push(row);
  }
  return kept;
}
