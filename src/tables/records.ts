import { type Options, parse } from "csv-parse/sync";

export const separators = [",", ";", "\t", "|"] as const;
export type Separator = (typeof separators)[number];

/** Records as they stand in a text, without a look at what they mean; what was read before quotes broke stands. */
export function recordsIn(
  text: string,
  { separator, relaxed, most }: { separator: Separator; relaxed: boolean; most?: number },
): { readonly records: string[][]; readonly ended: boolean } {
  const records: string[][] = [];
  const options: Options<string[]> = {
    delimiter: separator,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: relaxed,
    skip_empty_lines: true,
    ...(most !== undefined && { to: most }),
    on_record: (record: string[]) => {
      records.push(record);
      return null;
    },
  };
  try {
    parse(text, options);
    return { records, ended: true };
  } catch (error) {
    // The library throws CsvError only; what it had read before stands.
    if (!(error instanceof Error && "code" in error)) throw error;
    return { records, ended: false };
  }
}

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const number = /^\d+(?:\.\d+)?$/;

const isData = (cell: string): boolean => email.test(cell) || instant.test(cell);

/** Whether a row names columns: no number first, no address or instant anywhere. */
export const namesColumns = (row: readonly string[]): boolean =>
  !number.test(row[0]?.trim() ?? "") && !row.some((cell) => isData(cell.trim()));
