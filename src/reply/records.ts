import { decodeHTMLStrict } from "entities/decode";
import { z } from "zod";
import type { Kind } from "../../tools/schema/answer.ts";
import { capital, cleanCredential, cleanText } from "../text/english.ts";
import { asItCame } from "./as-it-came.ts";
import { limits, type Reply } from "./reply.ts";

export type ShownRow = Record<string, unknown>;

/** Reads a record's named fields, cleaned; undefined where even its identity is missing. */
export type Reader = (answer: unknown) => ShownRow | undefined;

const readers = new WeakMap<View, WeakMap<Kind, Reader>>();

/** One record, as far as it may be shown. */
export function shape(kind: Kind, answer: unknown, view: View): ShownRow | undefined {
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
    return schema ? [{ name, as, schema, absent: mayBeAbsent(schema), plain: asItCame(schema) }] : [];
  });
  const identity = Object.entries(kind.schema.shape).filter(
    ([field, schema]) => !mayBeAbsent(schema) && !wanted.some(({ name }) => name === field),
  );
  return (answer) => {
    const record = (kind.prepare ? kind.prepare(answer) : answer) as ShownRow;
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    for (const [name, schema] of identity) if (!z.safeParse(schema, record[name]).success) return undefined;
    const row: ShownRow = {};
    for (const { name, as, schema, absent, plain } of wanted) {
      const value = record[name];
      if (absent && (value === undefined || value === null)) continue;
      if (typeof value === plain && (plain !== "number" || Number.isFinite(value))) {
        if (value !== "") row[as] = inside(kind, name, value, view);
        continue;
      }
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
  return inner && Array.isArray(value)
    ? value.map((one) => viewed(inner, one as ShownRow, view))
    : clean(value);
}

/** Personal fields hidden, custom fields under the tenant's names, in the records inside a record too. */
function viewed(kind: Kind, row: ShownRow, view: View): ShownRow {
  const shown: ShownRow = {};
  for (const [name, as] of shownFields(kind, view)) {
    const value = row[name];
    if (!isEmpty(value)) shown[as] = inside(kind, name, value, view);
  }
  return shown;
}

/** The fields a row of a list shows; the rest of the record is there for the asking. */
export const pick = (row: ShownRow, columns: readonly string[]): ShownRow =>
  Object.fromEntries(columns.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));

/** A record with the lists inside it cut down to their own columns. */
export function withNested(kind: Kind, row: ShownRow): ShownRow {
  const nested = Object.entries(kind.nested ?? {}).filter(([name]) => Array.isArray(row[name]));
  if (nested.length === 0) return row;
  return {
    ...row,
    ...Object.fromEntries(
      nested.map(([name, inner]) => [name, (row[name] as ShownRow[]).map((one) => pick(one, inner.columns))]),
    ),
  };
}

/** One where many were promised (skyprep-api §4, 7); what it was wrapped in is off by now (src/skyprep/normalize). */
export function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === "object" && value !== null ? [value] : [];
}

export function asOne(value: unknown, inside?: string): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  if (inside !== undefined && typeof first === "object" && first !== null && inside in first) {
    return asOne((first as ShownRow)[inside]);
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

/** What is known of the list these rows are a part of. */
export interface ListPart {
  /** Columns asked for, as they are shown; left out: the kind's own. */
  readonly columns?: readonly string[];
  /** Rows before these; left out: these are the first. */
  readonly before?: number;
  /** Rows of the whole list that match, `null` where nobody knows; left out: these are all. */
  readonly total?: number | null;
  /** What was searched for, and among how many. */
  readonly search?: { readonly words: string; readonly among: number | null };
  readonly notes?: readonly string[];
  /** The cursor to go on after so many of these rows; undefined where nothing follows. */
  readonly next?: (rows: number) => string | undefined;
}

/**
 * Rows of a list as text and structure, cut alike where they would be too long; undefined where rows came
 * and none can be read.
 */
export function showList(
  kind: Kind,
  given: readonly unknown[],
  view: View,
  part: ListPart,
): Reply | undefined {
  const columns = part.columns ?? kind.columns.map((name) => shownName(name, kind, view.labels));
  const read = createReader(kind, view, columns);
  const items: { item: ShownRow; index: number }[] = [];
  for (const [index, one] of given.entries()) {
    const item = read(one);
    if (item !== undefined) items.push({ item: shortened(item), index });
  }
  if (items.length === 0 && given.length > 0) return undefined;

  const present = columnsOf(
    items.map(({ item }) => item),
    columns,
  );
  const lines = items.map(({ item }) => line(item, present));
  const shown = fit(items, (_, n) => lines[n] ?? "");
  const used = shown.length < items.length ? (items[shown.length]?.index ?? given.length) : given.length;
  const next = part.next?.(used);
  const unreadable = given.length - items.length;
  const said = [
    ...(part.notes ?? []),
    ...(part.search !== undefined && !part.before && items.length === 0 && next === undefined
      ? [whereSearched(kind)]
      : []),
    ...(unreadable > 0 ? [`${unreadable} could not be read and are left out.`] : []),
    ...(shown.length < items.length && next === undefined
      ? ["The rest would not fit: narrow the call."]
      : []),
  ];
  const list = shown.map(({ item }) => item);
  return {
    outcome: "done",
    text: [
      [headline(kind, list.length, used, part), ...said].join(" "),
      ...(list.length > 0 ? [present.join("\t"), ...lines.slice(0, list.length)] : []),
      ...(next === undefined ? [] : [`More follow: call again with cursor ${next}`]),
    ].join("\n"),
    structured: {
      items: list,
      total: part.total === undefined ? given.length : part.total,
      ...(said.length > 0 && { notes: said }),
      ...(next !== undefined && { next_cursor: next }),
    },
  };
}

const whereSearched = ({ searched }: Kind): string =>
  `Each word was looked for in names, logins and codes, spelt as it is${searched ? "" : "; find takes typos"}.`;

/** Characters a whole row may have, whatever is in it: one row always fits (contract §4). */
const longestRow = 12_000;
const longestCell = 1_000;

/** What is too long for a row is cut; the record's own tool shows more of it. */
function shortened(row: ShownRow): ShownRow {
  const most = Math.min(longestCell, Math.floor(longestRow / Math.max(1, Object.keys(row).length)));
  for (const name in row) row[name] = cutTo(row[name], most);
  return row;
}

/** “12 of 302 people, search “avery”, 1–12.”: what this is, how much of it, and whether it is all. */
function headline(kind: Kind, shown: number, used: number, { before = 0, total, search }: ListPart): string {
  const known = total === undefined ? used : total;
  const name = (n: number | null) => (n === 1 ? kind.one : kind.many);
  const whole =
    search === undefined
      ? known === null
        ? capital(kind.many)
        : `${known} ${name(known)}`
      : `${known === null ? "" : `${known} of `}${search.among === null ? "" : `${search.among} `}${name(search.among)}, search “${search.words}”`;
  const isAll = before === 0 && known === used;
  return isAll
    ? `${whole}.`
    : shown === 0
      ? `${whole}, none here.`
      : `${whole}, ${before + 1}–${before + used}.`;
}

/** `cleanText` for everything inside a value, HTML as text; nulls and empty texts are left out of objects. */
export function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(plainText(value));
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (one === null || one === undefined || one === "") continue;
    kept[cleanText(key)] = clean(one);
  }
  return kept;
}

const tag = /<(\/?)([a-z][a-z0-9:]*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>|<!--|<!doctype[^<>]*>/gi;
const knownElements = new Set(
  `a abbr address article aside audio b base bdi bdo big blockquote body br button canvas caption center cite code
  col colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form frame h1 h2 h3 h4
  h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark meta nav noscript object
  ol option p param picture pre q s samp script section select small source span strike strong style sub summary
  sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr`.split(/\s+/),
);
const inline = new Set(
  `a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup
  time tt u var wbr`.split(/\s+/),
);
/** What a browser does not show must not be read by a model either. */
const unseen = /^(?:script|style|template|title|head|noscript|textarea|svg|iframe|object)$/;

/** HTML as the text a person sees; anything else as it is, `a < b` and `<avery@example.com>` included. */
export function plainText(html: string): string {
  if (!html.includes("<") && !html.includes("&")) return html;
  const bare = html.includes("<") ? withoutTags(html) : html;
  return bare.includes("&") ? decodeHTMLStrict(bare).replaceAll("\u00a0", " ") : bare;
}

/** One pass from left to right, so that unclosed tags by the thousand cost no more than others. */
function withoutTags(html: string): string {
  const kept: string[] = [];
  let from = 0;
  const tags = new RegExp(tag);
  for (let found = tags.exec(html); found !== null; found = tags.exec(html)) {
    const [whole, closing = "", name = ""] = found;
    const element = name.toLowerCase();
    // Word writes tags of its own, such as <o:p>.
    if (name !== "" && !knownElements.has(element) && !element.includes(":")) continue;
    kept.push(html.slice(from, found.index));
    from = found.index + whole.length;
    if (whole === "<!--") from = after(html, /-->/g, from);
    else if (closing === "" && unseen.test(element))
      from = after(html, new RegExp(`</${element}\\b[^<>]*>`, "gi"), from);
    else if (element === "li" && closing === "") kept.push("\n- ");
    else if (element === "td" || element === "th") kept.push(" ");
    else if (!inline.has(element) && !element.includes(":")) kept.push("\n");
    tags.lastIndex = from;
  }
  if (from === 0 && kept.length === 0) return html;
  return [...kept, html.slice(from)]
    .map((part) => (/^\n/.test(part) && part.length <= 3 ? part : part.replace(/\s+/g, " ")))
    .join("")
    .replace(/ *\n[ \n]*/g, "\n")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** As in a browser: what is never closed hides the rest. */
function after(html: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  return end.exec(html) === null ? html.length : end.lastIndex;
}
