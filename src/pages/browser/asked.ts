import type { BoardTable, DrillDown } from "../board.ts";

/**
 * What a click may call: reads of ours and nothing else, whatever stands in a board. Of a roster, which can also mark
 * who came, only what says which one; nothing that saves a file or brings a yes.
 */
const reads: Readonly<Record<DrillDown["tool"], (name: string) => boolean>> = {
  training_status: (name) => name !== "save" && name !== "confirm",
  access_review: (name) => name !== "save" && name !== "confirm",
  session_roster: (name) => name === "session" || name === "date" || name === "cursor",
};

export const isRead = ({ tool, arguments: args }: DrillDown): boolean =>
  Object.hasOwn(reads, tool) && Object.keys(args).every((name) => reads[tool](name));

/** A table with the rows that follow. A column that only these fill stands last. */
export function withNext(table: BoardTable, next: BoardTable): BoardTable {
  const known = table.columns.map(({ label }) => label);
  const columns = [...table.columns, ...next.columns.filter(({ label }) => !known.includes(label))];
  const at = columns.map(({ label }) => next.columns.findIndex((one) => one.label === label));
  const { next: _, ...rest } = table;
  return {
    ...rest,
    columns,
    rows: [...table.rows, ...next.rows.map((row) => at.map((one) => (one < 0 ? "" : (row[one] ?? ""))))],
    total: next.total,
    ...(next.next && { next: next.next }),
  };
}
