import { fit } from "../../reply/fit.ts";
import type { Reply } from "../../reply/reply.ts";
import { columnsOf, line } from "../../reply/table.ts";
import type { Export } from "../../store/exports.ts";
import type { JobWorld } from "../job.ts";
import { keepTable } from "../kept-table.ts";
import type { Gathered } from "./gathered.ts";
import { columnsFor, listed, rowOf, type Show } from "./list.ts";
import type { At } from "./numbers.ts";
import type { TrainingRecord } from "./record.ts";
import type { Told } from "./told.ts";

const mostRows = 30;

export interface TableAbout {
  readonly at: At;
  readonly names: Gathered;
  readonly exports: JobWorld["exports"];
}

export interface TableAsked {
  readonly show: Show | "changed";
  /** All are of one person, or of one course: then who or what is not said in every row. */
  readonly one: { readonly person: boolean; readonly course: boolean };
}

/** The first of the people behind a number; all of them in a file, where what was read is all. */
export async function tableTold(
  records: readonly TrainingRecord[],
  { show, one }: TableAsked,
  about: TableAbout,
): Promise<Told & Pick<Reply, "link">> {
  const all = listed(show, records, about.at);
  const columns = columnsFor(show, one);
  const rows = all.slice(0, mostRows).map((record) => rowOf(record, columns, about.at, about.names));
  const items = fit(rows, (row) => line(row, columns), 2);
  const present = columnsOf(items, columns);
  const cut = items.length < all.length;
  const file = cut && about.names.asOf !== undefined ? await keep(show, all, about) : undefined;
  const exported = file && "exported" in file ? file.exported : undefined;
  return {
    lines: [
      `${show.replace("-", " ")}: ${all.length}${cut ? `, the first ${items.length}` : ""}`,
      ...(items.length > 0 ? [present.join("\t"), ...items.map((row) => line(row, present))] : []),
      ...(cut && about.names.asOf === undefined ? ["All of them will be in a file when all is read."] : []),
      ...(exported ? [`All of them: ${exported.file} (skyprep://exports/${exported.id})`] : []),
      ...(file && "note" in file ? [file.note] : []),
    ],
    structured: {
      show,
      items,
      total: all.length,
      ...(exported && { export: { id: exported.id, file: exported.file } }),
      ...(file && "note" in file && { export: { note: file.note } }),
    },
    ...(exported && { link: linkTo(exported) }),
  };
}

const linkTo = ({ id, name, bytes }: Export): NonNullable<Reply["link"]> => ({
  uri: `skyprep://exports/${id}`,
  name,
  mimeType: "text/plain",
  size: bytes,
});

const fileColumns = ["user_id", "name", "login", "course_id", "course"];

/** A folder that cannot be written costs the file, not the answer. */
function keep(
  show: Show | "changed",
  all: readonly TrainingRecord[],
  {
    at,
    names,
    exports,
  }: { readonly at: At; readonly names: Gathered; readonly exports: JobWorld["exports"] },
): ReturnType<typeof keepTable> {
  const columns = [...fileColumns, ...columnsFor(show, { person: true, course: true })];
  const rows = all.map((record) => {
    const row = rowOf(record, columns, at, names);
    return columns.map((column) => String(row[column] ?? ""));
  });
  return keepTable(`Training ${show.replace("-", " ")}`, columns, rows, exports);
}
