import { headerScore } from "./columns.ts";
import { peekRecords, type Record } from "./split.ts";

/** How a text is cut into cells, and where its header stands. */
export interface ListLayout {
  readonly text: string;
  readonly separator: string;
  /** The number of the first row. */
  readonly first: number;
  /** Of its row. */
  readonly header?: number;
  /** A markdown table, in whose cells this stands for a bar. */
  readonly bar?: string;
}

const separators = [",", ";", "\t", "|"] as const;
/** Stands in no text, so that every line is one cell. */
export const noSeparator = "\u001f";
/** Rows among which a header is looked for: titles may stand above it. */
const looked = 30;
const bar = "\u00a6";
const holdsAddress = /[^\s@]@[^\s@]/;

export function layoutOf(given: string, labels: ReadonlyMap<string, string>): ListLayout {
  const said = /^"?sep=(.)"?[^\S\n]*\n/i.exec(given);
  const first = said ? 2 : 1;
  const text = said ? given.slice(said[0].length) : given;
  const barred = markdown(text);
  const table = barred ?? text;
  const tries = (said?.[1] ? [said[1]] : separators).map((separator) => {
    const records = peekRecords(table, separator, looked);
    return { separator, records, ...headerIn(records, labels) };
  });
  const [best] = tries.toSorted(
    (a, b) => b.known - a.known || consistency(b.records) - consistency(a.records),
  );
  const spaced = byBlanks(table, labels);
  if (spaced !== undefined && spaced.known > Math.max(1, best?.known ?? 0)) {
    return { text: spaced.text, separator: "\t", first, header: spaced.header + first - 1 };
  }
  if (best === undefined) return { text: table, separator: ",", first };
  const bars = barred === undefined ? {} : { bar };
  if (best.header === undefined) {
    const separator = said?.[1] ?? (barred ? "|" : likeliest(tries));
    return { text: table, separator, first, ...bars };
  }
  // A header of one cell heads one column, whatever stands in it.
  const alone = best.width === 1 && said === null;
  return {
    text: table,
    separator: alone ? noSeparator : best.separator,
    first,
    header: best.header + first - 1,
    ...bars,
  };
}

const likeliest = (
  tries: readonly { readonly separator: string; readonly records: readonly Record[] }[],
): string => tries.toSorted((a, b) => consistency(b.records) - consistency(a.records))[0]?.separator ?? ",";

/** The row with most cells that name columns, one of them whom a row is of. */
function headerIn(records: readonly Record[], labels: ReadonlyMap<string, string>) {
  let best: { known: number; header?: number; width: number } = { known: 0, width: 0 };
  records.forEach(({ row, cells }, at) => {
    if (cells.some((cell) => holdsAddress.test(cell))) return;
    const filled = cells.filter((cell) => cell !== "");
    const { known, names } = headerScore(cells, labels);
    // A single known word further down is a cell like another.
    const plausible =
      names && (known >= 2 || filled.length === 1 || (at === 0 && known >= 1)) && known * 6 >= filled.length;
    if (plausible && (at === 0 || known > 1 || records.slice(0, at).every(isTitle)) && known > best.known) {
      best = { known, header: row, width: filled.length };
    }
  });
  return best;
}

const isTitle = ({ cells }: Record): boolean =>
  cells.filter((cell) => cell !== "").length === 1 &&
  cells.every((cell) => !holdsAddress.test(cell) && cell.length < 200);

/** How many rows have as many cells as most, and more than one. */
function consistency(records: readonly Record[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records)
    if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** The rows of a markdown table without its outer bars. */
function markdown(text: string): string | undefined {
  const head = text
    .slice(0, 20_000)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const barred = head.filter((line) => /^\s*\|.*\|\s*$/.test(line)).length;
  if (barred === 0 || barred < head.length / 2) return undefined;
  return text
    .split("\n")
    .map((line) => {
      const inner = /^\s*\|(.*?)\|?\s*$/.exec(line)?.[1];
      return inner === undefined ? line : inner.replaceAll("\\|", bar).replace(/\*\*([^*|]*)\*\*/g, "$1");
    })
    .join("\n");
}

/** Columns cut by blanks: each cell stands under its header, or every row has as many. */
function byBlanks(text: string, labels: ReadonlyMap<string, string>) {
  const cut = (line: string) => line.trim().split(/\s{2,}/);
  let best: { known: number; header: number } | undefined;
  const head = text.slice(0, 20_000).split("\n").slice(0, looked);
  head.forEach((line, at) => {
    if (holdsAddress.test(line) || !/\S {2,}\S/.test(line) || /[,;\t|]/.test(line)) return;
    const { known, names } = headerScore(cut(line), labels);
    if (names && known > (best?.known ?? 1)) best = { known, header: at };
  });
  if (best === undefined) return undefined;
  const lines = text.split("\n");
  const header = lines[best.header] ?? "";
  const columns = cut(header);
  let from = 0;
  const starts = columns.map((column) => {
    const at = header.indexOf(column, from);
    from = at + column.length;
    return at;
  });
  const placed = (line: string): string[] | undefined =>
    starts.every((start) => start === 0 || line.length < start || /\s/.test(line[start - 1] ?? " "))
      ? starts.map((start, n) => line.slice(start, starts[n + 1]).trim())
      : undefined;
  const cells = lines.map((line, at) => {
    if (line.trim() === "") return "";
    const split = cut(line);
    const own = at === best?.header || split.length === columns.length ? split : (placed(line) ?? split);
    return own.map((cell) => cell.replaceAll("\t", " ")).join("\t");
  });
  return { text: cells.join("\n"), known: best.known, header: best.header + 1 };
}
