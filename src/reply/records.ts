import type { Kind } from "../../tools/schema/answer.ts";
import { clean } from "./clean.ts";
import { shownName, type View } from "./view.ts";

export type Row = Record<string, unknown>;

/** One record's named fields, cleaned; undefined where even its identity is missing. */
export function shape(kind: Kind, answer: unknown, view: View): Row | undefined {
  const parsed = kind.schema.safeParse(kind.prepare ? kind.prepare(answer) : answer);
  return parsed.success ? viewed(kind, clean(parsed.data) as Row, view) : undefined;
}

/** Personal fields hidden, custom fields under the tenant's names; the same for the records inside. */
function viewed(kind: Kind, row: Row, view: View): Row {
  const shown: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (!view.personal && kind.personal?.includes(name)) continue;
    const inner = kind.nested?.[name];
    shown[shownName(name, kind, view.labels)] =
      inner && Array.isArray(value) ? value.map((one) => viewed(inner, one as Row, view)) : value;
  }
  return shown;
}

/** The fields a row of a list shows; the rest of the record is there for the asking. */
export const pick = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));

/** A record with the lists inside it cut down to their own columns. */
export function withNested(kind: Kind, row: Row): Row {
  const nested = Object.entries(kind.nested ?? {}).filter(([name]) => Array.isArray(row[name]));
  if (nested.length === 0) return row;
  return {
    ...row,
    ...Object.fromEntries(
      nested.map(([name, inner]) => [name, (row[name] as Row[]).map((one) => pick(one, inner.columns))]),
    ),
  };
}

/** One where many were promised, many where one was, wrapped or not (facts.md §4, 3 and 7). */
export function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  for (const wrapper of ["data", "reports"]) {
    const inside = (value as Row)[wrapper];
    if (Array.isArray(inside)) return inside;
  }
  return [value];
}

export function asOne(value: unknown, inside?: string): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  if (inside !== undefined && typeof first === "object" && first !== null && inside in first) {
    return asOne((first as Row)[inside]);
  }
  return first;
}
