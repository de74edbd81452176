import type { Board, BoardCell, BoardTable } from "../../pages/board.ts";
import { cleanLines, cleanText } from "../../text/english.ts";

/** Of a name or a title: more of it tells nobody more, and pushes everything else away. */
const longest = 300;

/**
 * A board of whose words nothing is invisible, turns others round or goes on for pages, whoever wrote them and
 * whichever job put them in.
 */
export const plainBoard = (board: Board): Board => ({
  ...board,
  title: short(board.title),
  about: short(board.about),
  charts: board.charts.map((chart) => ({
    ...chart,
    title: short(chart.title),
    bars: chart.bars.map((bar) => ({ ...bar, label: short(bar.label) })),
  })),
  tables: board.tables.map(plainTable),
  texts: board.texts.map(({ heading, text }) => ({ heading: short(heading), text: cleanLines(text) })),
  notes: board.notes.map(cleanText),
});

const plainTable = (table: BoardTable): BoardTable => ({
  ...table,
  title: short(table.title),
  columns: table.columns.map((column) => ({ ...column, label: short(column.label) })),
  rows: table.rows.map(plainRow),
  ...(table.totals && { totals: table.totals.map(plainRow) }),
});

const plainRow = (row: readonly BoardCell[]): readonly BoardCell[] =>
  row.map((cell) => (typeof cell === "string" ? short(cell) : cell));

function short(text: string): string {
  const line = cleanText(text);
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
