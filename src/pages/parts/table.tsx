import type { BoardCell, BoardColumn, BoardTable, ColumnKind } from "../board.ts";
import type { Writer } from "../written.ts";

/** Cells of text are of whoever wrote them: isolated, so that no letter of theirs turns ours round. */
export function DataTable({
  table,
  rows,
  head,
  sorted,
  writer,
}: {
  readonly table: BoardTable;
  /** Left out: put in afterwards, as text. */
  readonly rows?: BoardTable["rows"];
  /** What stands in a column's head; left out: its label. */
  readonly head?: (column: BoardColumn, at: number) => preact.ComponentChildren;
  /** By which column its rows are in order, and which way. */
  readonly sorted?: { readonly at: number; readonly isUp: boolean } | undefined;
  readonly writer: Writer;
}) {
  const { columns, totals = [] } = table;
  const shade = shadesOf(table);
  return (
    <table>
      <caption class="hidden-words">{table.title}</caption>
      <thead>
        <tr>
          {columns.map((column, at) => (
            <th
              key={column.label}
              scope="col"
              class={classOf(column.is)}
              data-is={column.is}
              aria-sort={sorted?.at === at ? (sorted.isUp ? "ascending" : "descending") : undefined}
            >
              {head === undefined ? column.label : head(column, at)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows?.map((row, n) => (
          <tr key={n}>
            {columns.map((column, at) => (
              <Data key={column.label} {...{ column, writer }} value={row[at] ?? ""} shade={shade(row[at])} />
            ))}
          </tr>
        ))}
      </tbody>
      {totals.length > 0 && (
        <tfoot>
          {totals.map((row) => (
            <tr key={String(row[0])}>
              {columns.map((column, at) => (
                <Data key={column.label} {...{ column, writer }} value={row[at] ?? ""} shade="" />
              ))}
            </tr>
          ))}
        </tfoot>
      )}
    </table>
  );
}

/** What a cell is made of, wherever it is written. */
export function cellOf(value: BoardCell, { is }: BoardColumn, shade: string, writer: Writer) {
  const text = writer.cell(value, is);
  const classes = [classOf(is), shade].filter(Boolean).join(" ") || undefined;
  // What it is sorted by, where that is not what is seen.
  const raw = String(value) === text ? undefined : String(value);
  return { text, classes, raw, isolated: is === "text" };
}

function Data({
  column,
  value,
  shade,
  writer,
}: {
  readonly column: BoardColumn;
  readonly value: BoardCell;
  readonly shade: string;
  readonly writer: Writer;
}) {
  const { text, classes, raw, isolated } = cellOf(value, column, shade, writer);
  return (
    <td class={classes} data-v={raw}>
      {isolated ? <bdi>{text}</bdi> : text}
    </td>
  );
}

const classes: Partial<Record<ColumnKind, string>> = {
  text: "t",
  number: "n",
  percent: "n",
  id: "d",
  day: "d",
  month: "d",
  sign: "sign",
};
const classOf = (is: ColumnKind): string | undefined => classes[is];

/** Four steps from the least to the most. */
export function shadesOf({ shaded, rows }: BoardTable): (value: BoardCell | undefined) => string {
  if (!shaded) return () => "";
  const most = rows
    .flat()
    .reduce<number>((max, one) => (typeof one === "number" && one > max ? one : max), 0);
  return (value) =>
    typeof value !== "number" || value <= 0 || most === 0 ? "" : `h${Math.ceil((4 * value) / most)}`;
}
