import { changed } from "../../call/read/pages.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import type { Reply } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import type { JobWorld } from "../job.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import type { At, Gathered } from "../shared/training/gathered.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import type { SummaryPart } from "../shared/training/summary-text.ts";
import { columnsFor, type ListRow, listed, rowOf, type Show } from "./list.ts";
import { listPieces, type SameCall } from "./pieces.ts";

const firstRows = 30;
/** Whoever goes on wants the rest. */
const nextRows = 100;

export interface TableAbout {
  readonly at: At;
  readonly names: Gathered;
  readonly exports: JobWorld["exports"];
  /** The account and all that was asked, less the cursor. */
  readonly call: string;
  /** The same for a click. */
  readonly asked: SameCall;
}

export interface TableAsked {
  readonly show: Show | "changed";
  /** All are of one person, or of one course: then who or what is not said in every row. */
  readonly one: { readonly person: boolean; readonly course: boolean };
  readonly cursor?: string | undefined;
  /** Records left out because their people cannot sign in any more. */
  readonly out: (record: TrainingRecord) => boolean;
  /** What stands before who and what, and by which rows are put together. */
  readonly under?: Under | undefined;
}

export interface Under {
  readonly columns: readonly string[];
  readonly cells: (record: TrainingRecord) => readonly string[];
  /** By the first of the cells, as the figures above the list are. */
  readonly rank: (record: TrainingRecord) => number;
}

/**
 * The first of the people behind a number, or those after a cursor; all of them in a file, where what was read is
 * all. @throws BadCursor
 */
export async function tableTold(
  records: readonly TrainingRecord[],
  { show, one, cursor, out, under }: TableAsked,
  about: TableAbout,
): Promise<SummaryPart & Pick<Reply, "link">> {
  const dated = listed(show, records, about.at);
  const every = under === undefined ? dated : [...dated].sort((a, b) => under.rank(a) - under.rank(b));
  const all = every.filter((record) => !out(record));
  const left = every.length - all.length;
  const columns = [...(under?.columns ?? []), ...columnsFor(show, one)];
  // Who reads a page knows no course by the call that was made.
  const wide = [...(under?.columns ?? []), ...columnsFor(show, { person: false, course: false })];
  const before = cursor === undefined ? 0 : startOf(cursor, about.call, all);
  const rows = all
    .slice(before, before + (before > 0 ? nextRows : firstRows))
    .map((record) => ({ ...underOf(under, record), ...rowOf(record, columns, about.at, about.names) }));
  const items = fit(rows, (row) => line(row, columns), 2);
  const present = columnsOf(items, columns);
  const reached = before + items.length;
  const cut = items.length < all.length;
  const last = all[reached - 1];
  const next =
    reached < all.length && last
      ? writeCursor(about.call, { offset: reached, mark: markOf(last) })
      : undefined;
  const file =
    cut && before === 0 && about.names.asOf !== undefined
      ? await keep({ show, under }, all, about)
      : undefined;
  const exported = file && "exported" in file ? file.exported : undefined;
  return {
    lines: [
      `${show.replace("-", " ")}: ${all.length}${left > 0 ? ` besides ${left} of people who cannot sign in any more` : ""}${before > 0 ? `, ${before + 1}–${reached}` : cut ? `, the first ${items.length}` : ""}`,
      ...(items.length > 0 ? [present.join("\t"), ...items.map((row) => line(row, present))] : []),
      ...(cut && before === 0 && about.names.asOf === undefined
        ? ["All of them will be in a file when all is read."]
        : []),
      ...(exported ? [`All of them ${placeOf(exported)}`] : []),
      ...(file && "note" in file ? [file.note] : []),
      ...(next ? [`More follow: call again with cursor ${next}`] : []),
    ],
    structured: {
      show,
      items,
      total: all.length,
      ...(left > 0 && { left_out: left }),
      ...(next && { next_cursor: next }),
      ...(exported && exportOf(exported)),
      ...(file && "note" in file && { export: { note: file.note } }),
    },
    ...(exported && { link: linkTo(exported) }),
    pieces: (say) =>
      listPieces({
        show,
        days: about.at.days,
        columns: wide,
        total: all.length,
        rows: (from, to) =>
          all
            .slice(from, to)
            .map((record) => ({ ...underOf(under, record), ...rowOf(record, wide, about.at, about.names) })),
        reached: { from: before, to: reached },
        asked: about.asked,
        cursor: next,
      })(say),
  };
}

const underOf = (under: Under | undefined, record: TrainingRecord): ListRow =>
  under === undefined
    ? {}
    : Object.fromEntries(under.cells(record).map((cell, at) => [under.columns[at] ?? "", cell]));

const markOf = ({ id }: TrainingRecord): string => digest(String(id));

/** After the record that was handed out last, wherever it stands now. */
function startOf(cursor: string, call: string, all: readonly TrainingRecord[]): number {
  const { mark } = readCursor(cursor, call);
  const last = all.findIndex((record) => markOf(record) === mark);
  if (last < 0) throw new BadCursor(changed);
  return last + 1;
}

const fileColumns = ["user_id", "name", "login", "course_id", "course"];

/** A folder that cannot be written costs the file, not the answer. */
function keep(
  { show, under }: Pick<TableAsked, "show" | "under">,
  all: readonly TrainingRecord[],
  {
    at,
    names,
    exports,
  }: { readonly at: At; readonly names: Gathered; readonly exports: JobWorld["exports"] },
): ReturnType<typeof keepTableFile> {
  const columns = [
    ...(under?.columns ?? []),
    ...fileColumns,
    ...columnsFor(show, { person: true, course: true }),
  ];
  const rows = all.map((record) => {
    const row: ListRow = { ...underOf(under, record), ...rowOf(record, columns, at, names) };
    return columns.map((column) => String(row[column] ?? ""));
  });
  return keepTableFile(`Training ${show.replace("-", " ")}`, columns, rows, exports);
}
