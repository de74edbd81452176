import { z } from "zod";
import type { Kind } from "../../tools/schema/answer.ts";
import { clean } from "./clean.ts";
import { shownFields, type View } from "./view.ts";

export type Row = Record<string, unknown>;

/** One record's named fields, cleaned; undefined where even its identity is missing. */
export function shape(kind: Kind, answer: unknown, view: View): Row | undefined {
  const parsed = kind.schema.safeParse(kind.prepare ? kind.prepare(answer) : answer);
  return parsed.success ? viewed(kind, parsed.data, view) : undefined;
}

/** Cleaned, personal fields hidden, custom fields under the tenant's names; the same for the records inside. */
function viewed(kind: Kind, row: Row, view: View): Row {
  const shown: Row = {};
  for (const [name, as] of shownFields(kind, view)) {
    const value = row[name];
    if (!isEmpty(value)) shown[as] = inside(kind, name, value, view);
  }
  return shown;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "";

function inside(kind: Kind, name: string, value: unknown, view: View): unknown {
  if (typeof value !== "object") return clean(value);
  const inner = kind.nested?.[name];
  return inner && Array.isArray(value) ? value.map((one) => viewed(inner, one as Row, view)) : clean(value);
}

/**
 * Reads rows of a list as `shape` does, but no more of them than these columns: most of a record is never shown.
 */
export function rowReader(
  kind: Kind,
  view: View,
  columns: readonly string[],
): (answer: unknown) => Row | undefined {
  const fields = [...shownFields(kind, view)];
  const wanted = columns.flatMap((column) => {
    const [name] = fields.find(([, shown]) => shown === column) ?? [];
    const schema = name === undefined ? undefined : kind.schema.shape[name];
    return name !== undefined && schema ? [{ name, column, schema }] : [];
  });
  const identity = Object.entries(kind.schema.shape).filter(
    ([field, schema]) =>
      !wanted.some(({ name }) => name === field) && !z.safeParse(schema, undefined).success,
  );
  return (answer) => {
    const record = (kind.prepare ? kind.prepare(answer) : answer) as Row;
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    for (const [name, schema] of identity) if (!z.safeParse(schema, record[name]).success) return undefined;
    const row: Row = {};
    for (const { name, column, schema } of wanted) {
      const { success, data } = z.safeParse(schema, record[name]);
      if (!success) return undefined;
      if (data !== null && data !== undefined && data !== "")
        row[column] = inside(kind, name, clean(data), view);
    }
    return row;
  };
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
