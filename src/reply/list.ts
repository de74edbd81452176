import type { Kind } from "../../tools/schema/answer.ts";
import { createReader, type Row, shownName, type View } from "./records.ts";
import type { Reply } from "./reply.ts";
import { columnsOf, cutTo, fit, line } from "./table.ts";

/** What is known of the list these rows are a part of. */
export interface Part {
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
export function showList(kind: Kind, given: readonly unknown[], view: View, part: Part): Reply | undefined {
  const columns = part.columns ?? kind.columns.map((name) => shownName(name, kind, view.labels));
  const read = createReader(kind, view, columns);
  const items: { item: Row; index: number }[] = [];
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
function shortened(row: Row): Row {
  const most = Math.min(longestCell, Math.floor(longestRow / Math.max(1, Object.keys(row).length)));
  for (const name in row) row[name] = cutTo(row[name], most);
  return row;
}

/** “12 of 302 people, search “avery”, 1–12.”: what this is, how much of it, and whether it is all. */
function headline(kind: Kind, shown: number, used: number, { before = 0, total, search }: Part): string {
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

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
