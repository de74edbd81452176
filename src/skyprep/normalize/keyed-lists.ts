import { errorInside } from "../response.ts";
import { idOf } from "./field-values.ts";
import { isRecord } from "./is-record.ts";

type Fields = Record<string, unknown>;

/**
 * The rows of a list that came as a record of them, each by its number or its login: `{"101": {…}, "102": {…}}`. A row
 * that tells no number has that of its key, but where that may be its place. Undefined: it is no such thing, or whose
 * rows they are is not told (`haveIds`: each is to have a number).
 */
export function keyedRows(value: unknown, { haveIds }: { readonly haveIds: boolean }): Fields[] | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  const found: (readonly [key: string, row: Fields])[] = [];
  for (const [key, row] of entries) {
    const isKey = /^\d{1,15}$/.test(key) || (key.includes("@") && isRecord(row) && "id" in row);
    if (!isKey || !isRecord(row) || (!("id" in row) && errorInside(row) !== undefined)) return undefined;
    found.push([key, row]);
  }
  const isByPlace = [0, 1].some((from) => found.every(([key], at) => key === String(at + from)));
  const rows = found.map(([key, row]) => (isByPlace || !haveIds ? row : withNumber(row, key)));
  return haveIds && rows.some((row) => !("id" in row || "user_id" in row)) ? undefined : rows;
}

function withNumber(row: Fields, key: string): Fields {
  const number = idOf(key);
  if ("id" in row || number === undefined) return row;
  const isOf = (name: string) => name in row && idIn(row[name]) === number;
  // By whose it is, not by its own number; and who has another number is not this one.
  const isAnothers =
    "course_id" in row ? isOf("user_id") || isOf("course_id") : "user_id" in row && !isOf("user_id");
  return isAnothers ? row : { id: /^[1-9]/.test(key) ? number : key, ...row };
}

const idIn = (value: unknown): unknown => idOf(value) ?? value;
