import type { Export } from "../state/ports.ts";
import type { Table } from "../tables/csv.ts";
import { cleanText } from "../text/english.ts";
import { fit, plainText } from "./records.ts";
import type { Reply } from "./reply.ts";

export interface Report {
  readonly title: string;
  /** What may be shown of it; undefined for a workbook, which is kept and not read. */
  readonly table?: Table | undefined;
  /** Rows of the whole report; where left out, those of the file or of the table. */
  readonly total?: number | undefined;
  /** Rows that answer a question; left out where none was asked. */
  readonly matched?: number | undefined;
  readonly exported?: Export | undefined;
  /** Why there is no file, or what else the person should know. */
  readonly notes?: readonly string[] | undefined;
  readonly uri?: string | undefined;
  readonly hidden: readonly string[];
  readonly dropped: readonly string[];
  /** Rows shown at most. */
  readonly limit?: number | undefined;
  /** Divides the room that rows may take: whoever asked for none in particular is spared them. */
  readonly share?: number | undefined;
  /** Who answers questions on it; left out: the same tool, with columns, where and limit. */
  readonly elsewhere?: string | undefined;
}

const firstRows = 20;
const longestCell = 500;
/** Of one cell; markup takes room of its own. */
const longestRead = 20_000;
const longestName = 80;
const listedNames = 20;
/** Columns of a preview; more are asked for by name. */
const headerBytes = 6_000;

/** Where a kept file is read as a resource. */
const addressOf = ({ id }: Pick<Export, "id">): string => `skyprep://exports/${id}`;

/** Where a kept page is read to the letter, to be saved as a file. */
export const wholeOf = (exported: Pick<Export, "id">): string => `${addressOf(exported)}?whole=true`;

/** In words: the place on this computer, where it is on theirs, and the address for whoever reads resources. */
export const placeOf = (exported: Pick<Export, "id" | "file">): string =>
  [
    ...(exported.file === undefined ? [] : [`on this computer: ${exported.file}`]),
    `as a resource: ${addressOf(exported)}`,
  ].join("; ");

/** The same for programs. */
export const exportOf = ({ id, file, bytes }: Export) => ({
  export: { id, uri: addressOf({ id }), file, bytes },
});

/** The same as the protocol's own kind of content, for clients that asked for more than text. */
export const linkTo = ({ id, name, bytes, extension }: Export): NonNullable<Reply["link"]> => ({
  uri: addressOf({ id }),
  name,
  mimeType: extension === "html" ? "text/html" : "text/plain",
  size: bytes,
});

/** A report's first rows, and where the whole of it is (contract §4). */
export function showReport(report: Report): Reply {
  const { title, table, exported, uri = exported && addressOf(exported) } = report;
  const name = short(title, 200);
  const link = exported && uri && { id: exported.id, uri, bytes: exported.bytes, file: exported.file };
  const told = (report.notes ?? []).map((one) => short(one, 300));
  const on = exported?.file === undefined ? "" : ` on this computer: ${exported.file}`;
  const place = link ? [`Whole file${on} (${size(link.bytes)})${on && ";"} as a resource: ${link.uri}`] : [];
  if (table === undefined) {
    return {
      outcome: "done",
      text: [`${name}: an Excel file, not read here.`, ...place, ...(report.notes ?? [])].join("\n"),
      structured: {
        ...(link && { export: link }),
        ...(report.notes?.length && { notes: report.notes }),
      },
    };
  }

  const found = report.matched ?? table.rows.length;
  const total = report.total ?? exported?.rows ?? found;
  const problems = table.problems.map((one) => short(one, 300));
  const out = { hidden: listed(report.hidden), dropped: listed(report.dropped) };
  const said = [
    ...place,
    ...told,
    ...(out.hidden.length > 0
      ? [`Hidden as personal: ${out.hidden.join(", ")}. SKYPREP_REVEAL=personal shows them.`]
      : []),
    ...(out.dropped.length > 0 ? [`Never shown: ${out.dropped.join(", ")}.`] : []),
    ...(problems.length > 0 ? [`Wrong in it: ${problems.join(" ")}`] : []),
  ];

  const columns = fitting(table.columns);
  const wanted = table.rows
    .slice(0, report.limit ?? firstRows)
    .map((row) => columns.map((_, at) => short(row[at] ?? "", longestCell)));
  // What stands above the rows takes its share of the room, so it goes in first.
  const rows = fit([said, columns, ...wanted], (row) => row.join("\t"), report.share).slice(2);
  const left = table.columns.length - columns.length;
  const next = whatElse(report, { left, shown: rows.length, wanted: wanted.length, found });
  const answering = report.matched === undefined || found === total ? "" : `${found} of `;
  const first = `${name}: ${answering}${count(total, "row")}, ${count(table.columns.length, "column")}; ${rows.length} shown.`;
  return {
    outcome: "done",
    text: [
      [first, ...next].join(" "),
      ...said,
      ...(columns.length > 0 ? [columns.join("\t")] : []),
      ...rows.map((row) => row.join("\t")),
    ].join("\n"),
    structured: {
      columns,
      rows,
      total,
      ...(told.length > 0 && { notes: told }),
      ...(report.matched !== undefined && { matched: found }),
      ...(link && { export: link }),
      ...(problems.length > 0 && { problems }),
      ...(out.hidden.length > 0 && { hidden: out.hidden }),
      ...(out.dropped.length > 0 && { dropped: out.dropped }),
    },
  };
}

interface Shown {
  /** Columns that are not shown. */
  readonly left: number;
  readonly shown: number;
  readonly wanted: number;
  readonly found: number;
}

/** How to see what is not shown. */
function whatElse({ elsewhere }: Report, { left, shown, wanted, found }: Shown): string[] {
  if (elsewhere !== undefined) {
    return [
      ...(left > 0 ? [`${count(left, "more column")}.`] : []),
      ...(left > 0 || shown < found ? [elsewhere] : []),
    ];
  }
  return [
    ...(left > 0 ? [`${count(left, "more column")}: name what you need in columns.`] : []),
    ...(shown < wanted ? ["More rows would not fit: name fewer columns, or narrow them with where."] : []),
    ...(shown < found && shown === wanted
      ? ["For others ask with where (column = value), group_by, columns and limit."]
      : []),
  ];
}

/** Text of people's own, as one plain line of at most so many characters. */
function short(text: string, longest: number): string {
  const line = cleanText(plainText(text.slice(0, longestRead)));
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function fitting(columns: readonly string[]): string[] {
  let room = headerBytes;
  const kept: string[] = [];
  for (const column of columns) {
    const name = short(column, longestName);
    room -= Buffer.byteLength(JSON.stringify(name)) + 1;
    if (room < 0) break;
    kept.push(name);
  }
  return kept;
}

const listed = (names: readonly string[]): string[] => [
  ...names.slice(0, listedNames).map((one) => short(one, longestName)),
  ...(names.length > listedNames ? [`and ${names.length - listedNames} more`] : []),
];

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
