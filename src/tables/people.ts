import { jsonIn } from "./people/json.ts";
import { type ListLayout, layoutOf, noSeparator } from "./people/layout.ts";
import { lettersOf } from "./people/letters.ts";
import {
  mostRows,
  nobodyIn,
  type Parted,
  type PeopleList,
  type Reading,
  type ReadOptions,
  tooMany,
} from "./people/people-list.ts";
import type { PersonRow } from "./people/row.ts";
import { type Record, splitRecords } from "./people/split.ts";
import { readTable } from "./people/with-header.ts";
import { addressColumn, isUnknownTable, looseRow, readLoose } from "./people/without-header.ts";

export type { PersonField } from "./people/header-names.ts";
export { mostRows, type PeopleList, understood } from "./people/people-list.ts";
export type { PersonRow } from "./people/row.ts";

/** Who is in a list, what each row says, and whether it was read whole. */
export async function readPeopleList(given: string, options: ReadOptions = {}): Promise<PeopleList> {
  const letters = lettersOf(given);
  if ("refused" in letters) return nobodyIn(letters.refused);
  const { labels = new Map() } = options;
  const json = jsonIn(letters.text);
  if (json !== undefined && "refused" in json) return nobodyIn(json.refused);
  const notWhole = [...letters.notWhole, ...(json?.more === undefined ? [] : [json.more])].map((why) => ({
    why,
  }));
  if (json !== undefined) {
    if (json.rows.length > mostRows) return nobodyIn(tooMany);
    const offset = json.header === undefined ? 1 : 2;
    const records = json.rows.map((cells, at) => ({
      row: at + offset,
      cells: cells.map((cell) => cell.trim()),
    }));
    const header = json.header && { row: 1, cells: json.header };
    return readRecords(
      { header, records, above: [] },
      { ...options, labels, notWhole, notes: letters.notes, ended: true },
    );
  }
  if (hasLongLine(letters.text)) return nobodyIn(longLine);
  const layout = layoutOf(letters.text, labels);
  const split = (separator: string) =>
    splitRecords(layout.text, { ...layout, separator, most: mostRows + 1 });
  const cut = await split(layout.separator);
  const lines =
    layout.header === undefined && addressColumn(cut.records) === undefined && !isUnknownTable(cut.records);
  const { records, tooMany: more } = lines ? await split(noSeparator) : cut;
  if (more || records.length > mostRows) return nobodyIn(tooMany);
  if (records.length === 0) return nobodyIn("It is empty.");
  return readRecords(parted(unbarred(records, layout), layout.header), {
    ...options,
    labels,
    notWhole,
    notes: letters.notes,
    ended: /\n\s*$/.test(letters.text),
  });
}

const readRecords = ({ header, ...parted }: Parted, reading: Reading): Promise<PeopleList> =>
  header === undefined ? readLoose(parted.records, reading) : readTable({ ...parted, header }, reading);

/** The same of texts that name one or several people each. */
export function readPeopleTexts(texts: readonly string[]): PersonRow[] {
  return texts.flatMap((text, at) => looseRow(at, text)).map((one) => ({ ...one, row: 0 }));
}

/** No list has such a line: it would be looked through at once, and others would wait. */
const longestLine = 200_000;
const longLine = `It has a line of more than ${longestLine.toLocaleString("en")} characters: paste it with a row a line.`;

function hasLongLine(text: string): boolean {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    if ((end === -1 ? text.length : end) - from > longestLine) return true;
    if (end === -1) return false;
    from = end + 1;
  }
  return false;
}

const unbarred = (records: readonly Record[], { bar }: ListLayout): readonly Record[] =>
  bar === undefined
    ? records
    : records.map((record) => ({ ...record, cells: record.cells.map((cell) => cell.replaceAll(bar, "|")) }));

function parted(records: readonly Record[], header: number | undefined): Parted {
  const at = records.findIndex(({ row }) => row === header);
  return at === -1
    ? { above: [], records }
    : { above: records.slice(0, at), header: records[at], records: records.slice(at + 1) };
}

/** “row 4”, “rows 4, 7–9 and 12 more”. */
export function rowList(rows: readonly number[], most = 20): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const row of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && row === last[1] + 1) last[1] = row;
    else runs.push([row, row]);
  }
  const shown = runs.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const left = runs.slice(most).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return `${sorted.length === 1 ? "row" : "rows"} ${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}
