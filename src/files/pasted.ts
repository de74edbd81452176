import { parse } from "csv-parse/sync";

/** A table that somebody pasted; every row with the number it has in a spreadsheet. */
export interface Pasted {
  readonly rows: readonly PastedRow[];
  /** What was wrong with the whole of it, in words. */
  readonly problems: readonly string[];
}

export interface PastedRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const separators = [",", ";", "\t", "|"] as const;
/** Lines looked at to find out what separates cells. */
const sniffed = 30;

/** Reads a pasted table whatever separates its cells; blank rows count, but are left out. */
export function readPasted(text: string): Pasted {
  const body = text.replace(/^\uFEFF+/, "");
  if (body.trim() === "") return { rows: [], problems: ["It is empty."] };
  if (body.includes("\0") || body.startsWith("PK\u0003\u0004")) {
    return { rows: [], problems: ["It is a binary file, not text: save it as CSV first."] };
  }
  // What Excel itself puts before its rows to say so.
  const said = /^sep=(.)(?:\r\n|\n|\r)/i.exec(body);
  const rest = said ? body.slice(said[0].length) : body;
  const { records, ended } = attempt(rest, said?.[1] ?? separatorOf(rest));
  const first = said ? 2 : 1;
  const rows = records.flatMap((cells, at) =>
    cells.some((cell) => cell !== "") ? [{ row: at + first, cells }] : [],
  );
  const torn = `Row ${records.length + first} opens a quote that is never closed: it and the rest are left out.`;
  return { rows, problems: ended ? [] : [torn] };
}

/** The one that cuts most lines into the same number of cells, and into more than one. */
export function separatorOf(text: string): string {
  const head = text.slice(0, 100_000);
  let best: { readonly separator: string; readonly score: number } | undefined;
  for (const separator of separators) {
    const { records } = attempt(head, separator, sniffed);
    const counts = new Map<number, number>();
    for (const { length } of records.filter((cells) => cells.some((cell) => cell !== ""))) {
      if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
    }
    const score = Math.max(0, ...counts.values());
    if (best === undefined || score > best.score) best = { separator, score };
  }
  return best?.separator ?? ",";
}

/** Quotes out of order are read as they stand; a quote never closed ends the reading. */
function attempt(text: string, delimiter: string, to?: number): { records: string[][]; ended: boolean } {
  const records: string[][] = [];
  try {
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      ...(to !== undefined && { to }),
      on_record: (record: string[]) => {
        records.push(record.map(tidy));
        return null;
      },
    });
    return { records, ended: true };
  } catch (error) {
    // The library throws CsvError only; what it had read before stands.
    if (!(error instanceof Error && "code" in error)) throw error;
    return { records, ended: false };
  }
}

const tidy = (cell: string): string => cell.replaceAll("\u00a0", " ").replaceAll("\u200b", "").trim();
