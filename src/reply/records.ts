import { z } from "zod";
import type { Kind } from "../../tools/schema/answer.ts";
import { clean } from "../text/clean.ts";
import { cleanCredential } from "../text/clean-text.ts";

export type Row = Record<string, unknown>;

/** Reads a record's named fields, cleaned; undefined where even its identity is missing. */
export type Reader = (answer: unknown) => Row | undefined;

const readers = new WeakMap<View, WeakMap<Kind, Reader>>();

/** One record, as far as it may be shown. */
export function shape(kind: Kind, answer: unknown, view: View): Row | undefined {
  const kinds = readers.get(view) ?? new WeakMap<Kind, Reader>();
  readers.set(view, kinds);
  const reader = kinds.get(kind) ?? createReader(kind, view, [...shownFields(kind, view).values()]);
  kinds.set(kind, reader);
  return reader(answer);
}

/**
 * What the kind's own schema would give, less what is not among these names: most of a record is never shown in a
 * list, and reading it costs more than all that is.
 */
export function createReader(kind: Kind, view: View, names: readonly string[]): Reader {
  const shown = [...shownFields(kind, view)];
  const wanted = names.flatMap((as) => {
    const [name = ""] = shown.find((one) => one[1] === as) ?? [];
    const schema = kind.schema.shape[name];
    return schema ? [{ name, as, schema, absent: mayBeAbsent(schema) }] : [];
  });
  const identity = Object.entries(kind.schema.shape).filter(
    ([field, schema]) => !mayBeAbsent(schema) && !wanted.some(({ name }) => name === field),
  );
  return (answer) => {
    const record = (kind.prepare ? kind.prepare(answer) : answer) as Row;
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    for (const [name, schema] of identity) if (!z.safeParse(schema, record[name]).success) return undefined;
    const row: Row = {};
    for (const { name, as, schema, absent } of wanted) {
      const value = record[name];
      if (absent && (value === undefined || value === null)) continue;
      const { success, data } = z.safeParse(schema, value);
      if (!success) return undefined;
      if (!isEmpty(data)) row[as] = inside(kind, name, data, view);
    }
    return row;
  };
}

/** Whether nothing comes of nothing. */
const mayBeAbsent = (schema: z.core.$ZodType): boolean =>
  [undefined, null].every((nothing) => {
    const { success, data } = z.safeParse(schema, nothing);
    return success && isEmpty(data);
  });

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "";

function inside(kind: Kind, name: string, value: unknown, view: View): unknown {
  if (typeof value === "string" && kind.credential?.includes(name)) return cleanCredential(value);
  // A share that a division left: nobody reads, or counts on, its fifteenth digit.
  if (typeof value === "number") return Number.isInteger(value) ? value : Math.round(value * 100) / 100;
  if (typeof value !== "object") return clean(value);
  const inner = kind.nested?.[name];
  return inner && Array.isArray(value) ? value.map((one) => viewed(inner, one as Row, view)) : clean(value);
}

/** Personal fields hidden, custom fields under the tenant's names, in the records inside a record too. */
function viewed(kind: Kind, row: Row, view: View): Row {
  const shown: Row = {};
  for (const [name, as] of shownFields(kind, view)) {
    const value = row[name];
    if (!isEmpty(value)) shown[as] = inside(kind, name, value, view);
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

/** One where many were promised, many where one was, wrapped or not (skyprep-api §4, 3 and 7). */
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

/** How this account wants its records shown. */
export interface View {
  /** Whether personal fields (address, phones, birth date …) may be shown. */
  readonly personal: boolean;
  /** `ca_N` → the tenant's own name for it. */
  readonly labels: ReadonlyMap<string, string>;
}

const known = new WeakMap<View, WeakMap<Kind, ReadonlyMap<string, string>>>();

/** The fields of a kind that may be shown, and the names they are shown by. */
export function shownFields(kind: Kind, view: View): ReadonlyMap<string, string> {
  const kinds = known.get(view) ?? new WeakMap<Kind, ReadonlyMap<string, string>>();
  known.set(view, kinds);
  let fields = kinds.get(kind);
  if (fields === undefined) {
    const names = Object.keys(kind.schema.shape);
    const shown = names.filter((name) => view.personal || !kind.personal?.includes(name));
    fields = new Map(shown.map((name) => [name, shownName(name, kind, view.labels)]));
    kinds.set(kind, fields);
  }
  return fields;
}

/** The names of fields that may be shown: what `fields` may ask for. */
export const showable = (kind: Kind, view: View): string[] =>
  [...shownFields(kind, view)].filter(([name]) => !kind.nested?.[name]).map(([, shown]) => shown);

/** A field under the tenant's own name, unless that is the name of another field. */
export function shownName(name: string, kind: Kind, labels: View["labels"]): string {
  const label = labels.get(name);
  return label === undefined || label in kind.schema.shape ? name : label;
}

/** The field a caller means, by its own name or the tenant's; undefined where there is none to show. */
export function fieldNamed(asked: string, kind: Kind, view: View): string | undefined {
  const wanted = asked.trim().toLowerCase();
  const byLabel = [...view.labels].find(([, label]) => label.toLowerCase() === wanted)?.[0];
  const name = byLabel ?? Object.keys(kind.schema.shape).find((one) => one.toLowerCase() === wanted);
  const shown = name === undefined ? undefined : shownName(name, kind, view.labels);
  return shown !== undefined && showable(kind, view).includes(shown) ? shown : undefined;
}
