import type { Table } from "./csv.ts";
import { columnsNamed } from "./header.ts";

export interface Question {
  /** In this order; all where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Column → the value its cells must have, case-blind. */
  readonly where?: Readonly<Record<string, string>> | undefined;
  readonly limit?: number | undefined;
}

export interface Found {
  readonly table: Table;
  /** Rows that answer, also those beyond the limit. */
  readonly matched: number;
  /** The question names a column that is not there; the table then has no rows. */
  readonly wrong?: string;
}

const listedColumns = 60;

/** Answers from a table so that the whole of it need not be read. Hand it only what may be shown. */
export function ask(table: Table, { columns, where = {}, limit }: Question): Found {
  const unknown = [...(columns ?? []), ...Object.keys(where)].filter(
    (name) => columnsNamed(table.columns, name).length === 0,
  );
  if (unknown.length > 0) {
    return { table: { ...table, rows: [] }, matched: 0, wrong: noSuch([...new Set(unknown)], table.columns) };
  }
  const wanted = Object.entries(where).map(
    ([name, value]) => [columnsNamed(table.columns, name), foldCell(value)] as const,
  );
  const answers = table.rows.filter((row) =>
    wanted.every(([places, value]) => places.some((at) => foldCell(row[at] ?? "") === value)),
  );
  const rows = limit === undefined ? answers : answers.slice(0, limit);
  if (columns === undefined || columns.length === 0) {
    return { table: { ...table, rows }, matched: answers.length };
  }
  const places = [...new Set(columns.flatMap((name) => columnsNamed(table.columns, name)))];
  return {
    table: {
      columns: places.map((at) => table.columns[at] ?? ""),
      rows: rows.map((row) => places.map((at) => row[at] ?? "")),
      problems: table.problems,
    },
    matched: answers.length,
  };
}

/** A cell without what makes no difference: case, and how much space. */
export const foldCell = (value: string): string =>
  value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

function noSuch(unknown: readonly string[], columns: readonly string[]): string {
  const quoted = (names: readonly string[]) => names.map((name) => `"${name.slice(0, 80)}"`).join(", ");
  const rest = columns.length > listedColumns ? ` and ${columns.length - listedColumns} more` : "";
  const there =
    columns.length === 0 ? "There are none." : `There are ${quoted(columns.slice(0, listedColumns))}${rest}.`;
  return `There is no column ${quoted(unknown.slice(0, 5))}. ${there}`;
}
