import { fit } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import type { SummaryPart } from "../shared/training/summary-text.ts";
import type { CountedFigures, Figure, Figures } from "./figures.ts";
import { figurePieces } from "./pieces.ts";

const mostRows = 40;
/** Of months a year and the one it began in. */
const mostColumns = { months: 13, others: 8 };
const goneKey = "(cannot sign in)";

type Cells = readonly (string | number)[];

interface TableCells {
  readonly columns: readonly string[];
  readonly rows: readonly Cells[];
  /** Whatever is cut, these are there. */
  readonly totals: readonly Cells[];
  readonly notes: readonly string[];
}

/** Figures by one thing a row each, by two as a table; all of them in a file where not all are shown. */
export async function figuresTold(
  counted: CountedFigures,
  names: readonly string[],
  {
    exports,
    title,
    isAll,
    days,
    within,
  }: Pick<JobWorld, "exports"> & { readonly title: string; readonly isAll: boolean } & Pick<
      Parameters<typeof figurePieces>[0],
      "days" | "within"
    >,
): Promise<SummaryPart & Pick<Reply, "link">> {
  const { columns, rows, totals, notes } =
    names.length === 2 ? crossed(counted, names) : single(counted, names);
  const written = (row: Cells) => row.join("\t");
  const items = fit(rows.slice(0, mostRows), written, 2);
  const isCut = items.length < rows.length;
  const file =
    isAll && (isCut || names.length === 2)
      ? await keepTableFile(title, [...names, ...counted.columns], fileRows(counted, names), exports)
      : undefined;
  const exported = file && "exported" in file ? file.exported : undefined;
  return {
    lines: [
      ...notes,
      ...(isCut ? [`${count(rows.length, "row")}, the first ${items.length}:`] : []),
      columns.join("\t"),
      ...[...items, ...totals].map(written),
      ...(exported ? [`All figures ${placeOf(exported)}`] : []),
      ...(file && "note" in file ? [file.note] : []),
    ],
    structured: {
      by: names,
      columns,
      rows: items,
      ...(totals.length > 0 && { totals }),
      total: rows.length,
      ...(exported && exportOf(exported)),
      ...(file && "note" in file && { export: { note: file.note } }),
    },
    ...(exported && { link: linkTo(exported) }),
    pieces: (say) => figurePieces({ counted, names, days, within })(say),
  };
}

/** Columns of which all are 0 say as much once. */
function single(counted: CountedFigures, names: readonly string[]): TableCells {
  const rows = counted.rows.map(({ keys, figures }) => [keys[0] ?? "", figures] as const);
  const totals: readonly (readonly [string, Figures])[] = [
    ["all", counted.all],
    ...(counted.gone === undefined ? [] : [[goneKey, counted.gone] as const]),
  ];
  const always: readonly Figure[] = ["people", counted.main];
  const filled = counted.columns.filter(
    (one) => always.includes(one) || [...rows, ...totals].some(([, figures]) => (figures[one] ?? 0) > 0),
  );
  const empty = counted.columns.filter((one) => !filled.includes(one));
  const cellsOf = ([key, figures]: readonly [string, Figures]): Cells => [
    key,
    ...filled.map((one) => figures[one] ?? ""),
  ];
  return {
    columns: [...names, ...filled.map(headerOf)],
    rows: rows.map(cellsOf),
    totals: totals.map(cellsOf),
    notes: empty.length > 0 ? [`None is ${empty.map(headerOf).join(", ")}.`] : [],
  };
}

const headerOf = (figure: Figure): string => (figure === "rate" ? "% passed" : figure);

function crossed(counted: CountedFigures, names: readonly string[]): TableCells {
  const { main } = counted;
  const [first, second] = [new Map<string, Map<string, number>>(), new Map<string, number>()];
  for (const { keys, figures } of counted.rows) {
    const [one = "", other = ""] = keys;
    const n = figures[main] ?? 0;
    first.set(one, (first.get(one) ?? new Map()).set(other, n));
    second.set(other, (second.get(other) ?? 0) + n);
  }
  const isMonths = [...second.keys()].every((key) => /^\d{4}-\d\d$/.test(key));
  const most = isMonths ? mostColumns.months : mostColumns.others;
  const across = isMonths
    ? [...second.keys()].sort().slice(-most)
    : [...second]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, most)
        .map(([key]) => key);
  const left = second.size - across.length;
  const sumOf = (own: ReadonlyMap<string, number>) =>
    across.reduce((sum, key) => sum + (own.get(key) ?? 0), 0);
  const isMonthsDown = [...first.keys()].every((key) => /^\d{4}-\d\d$/.test(key));
  const rows = [...first].sort(([a, one], [b, other]) =>
    isMonthsDown
      ? a < b
        ? -1
        : 1
      : sumOf(other) - sumOf(one) || a.localeCompare(b, "en", { numeric: true }),
  );
  const gone = counted.gone?.[main] ?? 0;
  return {
    columns: [names[0] ?? "", ...across],
    rows: rows.map(([key, own]) => [key, ...across.map((other) => own.get(other) ?? 0)]),
    totals: [],
    notes: [
      `Here: ${headerOf(main)}, by ${names[0]} (down) and ${names[1]} (across)${left > 0 ? `; ${count(left, isMonths ? "earlier month" : "more column")} in the file only` : ""}.`,
      ...(gone > 0 ? [`Besides, ${gone} of people who cannot sign in any more.`] : []),
    ],
  };
}

function fileRows(counted: CountedFigures, names: readonly string[]): string[][] {
  const cells = (figures: Figures) => counted.columns.map((one) => String(figures[one] ?? ""));
  const rest = names.slice(1).map(() => "");
  return [
    ...counted.rows.map(({ keys, figures }) => [...keys, ...cells(figures)]),
    ["all", ...rest, ...cells(counted.all)],
    ...(counted.gone === undefined ? [] : [[goneKey, ...rest, ...cells(counted.gone)]]),
  ];
}
