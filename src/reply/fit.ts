import { limits } from "./reply.ts";

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
