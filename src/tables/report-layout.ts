import { namesColumns, recordsIn, type Separator, separators } from "./records.ts";

/** How a report's text is laid out. */
export interface ReportLayout {
  readonly separator: Separator;
  /** Records that stand above the header: a title, who made it and when. */
  readonly above: number;
}

/** So much of a report tells how the rest of it is laid out. */
const sampleChars = 60_000;
const sampleRows = 100;
const mostAbove = 15;

/** A line of Excel's own that says what cells are cut by. */
const declared = /^sep=([,;\t|])\r?\n/i;

/** The text without what says how to read it, and that. */
export function laidOut(text: string): { readonly body: string } & ReportLayout {
  const [line = "", own] = declared.exec(text) ?? [];
  const body = text.slice(line.length);
  const separator = separators.find((one) => one === own) ?? separatorOf(body);
  return { body, separator, above: linesAbove(body, separator) };
}

/** What cuts most rows into as many cells as there are columns; a comma where nothing else does it better. */
function separatorOf(body: string): Separator {
  let best: { readonly separator: Separator; readonly share: number; readonly width: number } | undefined;
  for (const separator of separators) {
    const records = sampleOf(body, separator);
    const width = widthOf(records);
    if (width < 2) continue;
    // Of two columns the first may be text that only happens to hold this mark.
    const isSure = separator === "," || separator === "\t" || width > 2 || records[0]?.length === width;
    if (!isSure) continue;
    const share = records.filter(({ length }) => length === width).length / records.length;
    const isBetter = best === undefined || share > best.share || (share === best.share && width > best.width);
    if (isBetter) best = { separator, share, width };
  }
  return best?.separator ?? ",";
}

function sampleOf(body: string, separator: Separator): string[][] {
  const sample = body.slice(0, sampleChars);
  const { records } = recordsIn(sample, { separator, relaxed: true, most: sampleRows });
  // The last may have been cut.
  const cut = sample.length < body.length && records.length > 1 && records.length < sampleRows;
  return (cut ? records.slice(0, -1) : records).map(withoutEmptyEnd).filter((row) => row.length > 0);
}

const withoutEmptyEnd = (row: readonly string[]): string[] =>
  row.slice(0, row.findLastIndex((cell) => cell.trim() !== "") + 1);

/** How many cells most rows have; of what is as frequent, the most. */
function widthOf(records: readonly (readonly string[])[]): number {
  const times = new Map<number, number>();
  for (const { length } of records) times.set(length, (times.get(length) ?? 0) + 1);
  const [most] = [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return most?.[0] ?? 0;
}

/**
 * A title, who made it and when: rows of a cell or two above the first full one, where that one names columns. What
 * might be a header of few names over wider rows stays the header.
 */
function linesAbove(body: string, separator: Separator): number {
  const sample = body.slice(0, sampleChars);
  const { records } = recordsIn(sample, { separator, relaxed: true, most: sampleRows });
  const width = Math.max(0, ...records.slice(0, mostAbove + 1).map(filled));
  const at = records.findIndex((row) => filled(row) === width);
  const [header = [], ...rows] = records.slice(Math.max(0, at));
  if (at < 1 || !namesColumns(header)) return 0;
  if (new Set(header.map((cell) => cell.trim().toLowerCase())).size < header.length) return 0;
  const apart = hasBlankLine(body);
  // Without an empty line between, it is the rows below that make it a table.
  const isTable = apart || rows.filter((row) => row.length === header.length).length * 2 > rows.length;
  const isTitle = (row: readonly string[]) => {
    const cells = filled(row);
    if (cells < 2) return cells === 0 || apart || width > 2;
    return cells === 2 && width > 3 && (apart || /:\s*$/.test(row[0] ?? ""));
  };
  return isTable && records.slice(0, at).every(isTitle) ? at : 0;
}

const filled = (row: readonly string[]): number => row.filter((cell) => cell.trim() !== "").length;

/** An empty line near the top sets a title apart. */
const hasBlankLine = (body: string): boolean =>
  body
    .slice(0, sampleChars)
    .split(/\r\n|\n|\r/, mostAbove)
    .slice(1, -1)
    .some((line) => /^[\s,;|"]*$/.test(line));
