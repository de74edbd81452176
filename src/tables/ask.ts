import { type CellCondition, conditionOf, foldCell, whatWorks } from "./condition.ts";
import type { Table } from "./csv.ts";
import { columnsNamed } from "./header.ts";

export interface TableQuery {
  /** In this order; all where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Column → what its cells must be: a value, case-blind, or a comparison (condition.ts). */
  readonly where?: Readonly<Record<string, string>> | undefined;
  readonly limit?: number | undefined;
}

export interface TableAnswer {
  readonly table: Table;
  /** Rows that answer, also those beyond the limit. */
  readonly matched: number;
  /** The question names a column that is not there, or asks what cannot be asked; the table then has no rows. */
  readonly wrong?: string;
  /** The rows that answer, whole, as they stand in the table. */
  readonly answers: Table["rows"];
  /** What is to be known of the answer. */
  readonly notes: readonly string[];
}

const listedColumns = 60;

/** Answers from a table so that the whole of it need not be read. Hand it only what may be shown. */
export function ask(table: Table, { columns, where = {}, limit }: TableQuery): TableAnswer {
  const unknown = [...(columns ?? []), ...Object.keys(where)].filter(
    (name) => columnsNamed(table.columns, name).length === 0,
  );
  const none = { table: { ...table, rows: [] }, matched: 0, answers: [], notes: [] };
  if (unknown.length > 0) return { ...none, wrong: noSuch([...new Set(unknown)], table.columns) };
  const wanted: ColumnCondition[] = [];
  for (const [name, value] of Object.entries(where)) {
    const places = columnsNamed(table.columns, name);
    const cells = table.rows.flatMap((row) => places.map((at) => row[at] ?? ""));
    const condition = conditionOf(value, cells);
    if ("wrong" in condition)
      return { ...none, wrong: `${name.slice(0, 80)}: ${condition.wrong} ${whatWorks}` };
    wanted.push({ name, value, places, cells, ...condition });
  }
  const answers = table.rows.filter((row) =>
    wanted.every(({ places, holds }) => places.some((at) => holds(row[at] ?? ""))),
  );
  const notes = wanted.flatMap(notesOn);
  const rows = limit === undefined ? answers : answers.slice(0, limit);
  if (columns === undefined || columns.length === 0) {
    return { table: { ...table, rows }, matched: answers.length, answers, notes };
  }
  const places = [...new Set(columns.flatMap((name) => columnsNamed(table.columns, name)))];
  return {
    table: {
      columns: places.map((at) => table.columns[at] ?? ""),
      rows: rows.map((row) => places.map((at) => row[at] ?? "")),
      problems: table.problems,
    },
    matched: answers.length,
    answers,
    notes,
  };
}

interface ColumnCondition extends CellCondition {
  readonly name: string;
  readonly value: string;
  readonly places: readonly number[];
  /** All of the column. */
  readonly cells: readonly string[];
}

const mostValues = 12;

/** What was not compared, and what there is where nothing was found. */
function notesOn({ name, value, cells, holds, compares }: ColumnCondition): string[] {
  const column = `"${name.slice(0, 80)}"`;
  if (compares !== undefined) {
    const empty = cells.filter((cell) => cell.trim() === "").length;
    const other = cells.filter((cell) => cell.trim() !== "" && !compares.reads(cell)).length;
    return [
      ...(empty > 0 ? [`${rowsWith(empty)} nothing in ${column}: not among these.`] : []),
      ...(other > 0 ? [`${rowsWith(other)} no ${compares.what} in ${column}: not among these.`] : []),
    ];
  }
  if (cells.length === 0 || cells.some(holds)) return [];
  const values = new Map<string, string>();
  for (const cell of cells) if (cell.trim() !== "") values.set(foldCell(cell), cell.trim());
  const some = [...values.values()].slice(0, mostValues).map((cell) => cell.slice(0, 60));
  const more = values.size > some.length ? ` and ${values.size - some.length} more` : "";
  const there = some.length === 0 ? "It is empty throughout." : `There are: ${some.join(", ")}${more}.`;
  // What asks for none or for others is no value that could be misspelt.
  if (/^\s*empty\s*$/i.test(value)) return [`No ${column} is empty. ${there}`];
  if (/^\s*!=/.test(value)) return [`No other ${column} is there. ${there}`];
  return [`No ${column} is “${value.slice(0, 60)}”. ${there}`];
}

const rowsWith = (n: number): string => (n === 1 ? "1 row has" : `${n} rows have`);

function noSuch(unknown: readonly string[], columns: readonly string[]): string {
  const quoted = (names: readonly string[]) => names.map((name) => `"${name.slice(0, 80)}"`).join(", ");
  const rest = columns.length > listedColumns ? ` and ${columns.length - listedColumns} more` : "";
  const there =
    columns.length === 0 ? "There are none." : `There are ${quoted(columns.slice(0, listedColumns))}${rest}.`;
  return `There is no column ${quoted(unknown.slice(0, 5))}. ${there}`;
}
