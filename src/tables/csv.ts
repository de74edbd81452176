import { parse } from "csv-parse/sync";
import { decodeHTMLStrict } from "entities/decode";
import { namesColumns, recordsIn, type Separator } from "./records.ts";
import { laidOut } from "./report-layout.ts";

/** A table of text; `problems` say in words what was wrong with it, and at which row (the header is row 1). */
export interface Table {
  readonly columns: readonly string[];
  /** As they came: a row may have fewer or more cells than there are columns. */
  readonly rows: readonly (readonly string[])[];
  readonly problems: readonly string[];
}

const listedProblems = 5;

/**
 * Reads what SkyPrep sends as CSV: BOM, CRLF, quoted line breaks, HTML entities in cells (skyprep-api §3.4); also what
 * other programs made of it: cut by semicolons or tabs, with a title above the header.
 */
export function readCsv(text: string): Table {
  const { body, separator, above } = laidOut(text.replace(/^\uFEFF/, ""));
  const other = otherThanCsv(body);
  if (other !== undefined) return nothing(other);
  const all = split(body, separator);
  const records = all.records.slice(above);
  const from = (at: number) => all.from(at + above);
  const out = [...titleSaid(all.records.slice(0, above)), ...all.out];
  const [first, ...rest] = records;
  if (first === undefined) return { ...nothing("It is empty."), ...(out.length > 0 && { problems: out }) };
  if (first.length === 1 && rest.length === 0) {
    return nothing(`It is not CSV: it only says ${JSON.stringify(first[0]?.slice(0, 120))}.`);
  }
  if (namesColumns(first)) {
    return tableOf(first, rest, { out, from: (at) => from(at + 1) });
  }
  const numbered = first.map((_, at) => `column ${at + 1}`);
  return tableOf(numbered, records, {
    out: ["It has no header row: the columns are numbered.", ...out],
    from,
  });
}

/** The same of a report that came with its columns and rows apart (skyprep-api §4, 2). */
export const asTable = (columns: readonly string[], rows: readonly (readonly string[])[]): Table =>
  tableOf(columns, rows, { out: [], from: (at) => at + 2 });

function tableOf(
  header: readonly string[],
  records: readonly (readonly string[])[],
  { out, from }: Omit<Records, "records">,
): Table {
  const problems = collect();
  for (const one of out) problems.add(one);
  const columns = named(header.map(decoded), problems.add);
  const rows = records.map((row) => lessEmptyEnd(row.map(decoded), columns.length));
  rows.forEach((row, at) => {
    if (row.length === columns.length) return;
    problems.add(
      `Row ${from(at)} has ${row.length} ${row.length === 1 ? "cell" : "cells"}, the header ${columns.length}.`,
    );
  });
  return { columns, rows, problems: problems.list() };
}

const nothing = (problem: string): Table => ({ columns: [], rows: [], problems: [problem] });

function otherThanCsv(body: string): string | undefined {
  const start = body.slice(0, 2_000).trimStart();
  if (start === "" && body.trim() === "") return "It is empty.";
  if (start.includes("\0") || start.startsWith("PK\u0003\u0004")) return "It is not CSV but a binary file.";
  if (/^<(?:!doctype|html|\?xml|head|body)\b/i.test(start)) return "It is not CSV but a web page.";
  if (/^[{[]\s*(?:["{[\]}]|$)/.test(start)) return "It is not CSV but JSON.";
  return undefined;
}

interface Records {
  readonly records: readonly string[][];
  /** The row of the file that a record stands in. */
  readonly from: (at: number) => number;
  /** What was left out, and where. */
  readonly out: readonly string[];
}

/**
 * Strictly first. Where quotes are out of order, again without minding them; then a cell with a line break
 * may have swallowed whole rows, whose cells would stand under headers that are not theirs: such a row goes.
 */
function split(body: string, separator: Separator): Records {
  const strict = recordsIn(body, { separator, relaxed: false });
  if (strict.ended) return { records: strict.records, from: (at) => at + 1, out: [] };
  const { records, ended } = recordsIn(body, { separator, relaxed: true });
  const kept: string[][] = [];
  const places: number[] = [];
  const out: string[] = [];
  for (const [at, cells] of records.entries()) {
    if (cells.some((cell) => /[\r\n]/.test(cell))) {
      out.push(`Row ${at + 1} is left out: its quotes are out of order.`);
      // Without a header nothing can be told apart.
      if (at === 0) return { records: [], from: () => 1, out };
      continue;
    }
    kept.push(cells);
    places.push(at + 1);
  }
  if (!ended) {
    out.push(`Row ${records.length + 1} opens a quote that is never closed: it and the rest are left out.`);
  }
  return { records: kept, from: (at) => places[at] ?? at + 1, out };
}

function titleSaid(above: readonly (readonly string[])[]): string[] {
  const words = above.map((row) =>
    row
      .map((cell) => decoded(cell).trim())
      .filter(Boolean)
      .join(" "),
  );
  const said = words.filter(Boolean).join("; ");
  return said === "" ? [] : [`Above its header stands “${said.slice(0, 200)}”: not a row.`];
}

/** Only what is meant as an entity: `?a=1&copy=2` stays. */
const decoded = (cell: string): string =>
  cell.includes("&") ? decodeHTMLStrict(cell).replaceAll("\u00a0", " ") : cell;

const named = (header: readonly string[], problem: (text: string) => void): string[] =>
  header.map((cell, at) => {
    const name = cell.trim();
    if (name === "") problem(`Column ${at + 1} has no name.`);
    return name === "" ? `column ${at + 1}` : name;
  });

/** A comma at the end of each line is a habit of some programs, not a cell. */
function lessEmptyEnd(row: string[], columns: number): string[] {
  return row.length > columns && row.slice(columns).every((cell) => cell === "")
    ? row.slice(0, columns)
    : row;
}

function collect() {
  const listed: string[] = [];
  let count = 0;
  return {
    add: (text: string) => {
      count += 1;
      if (count <= listedProblems) listed.push(text);
    },
    list: () =>
      count > listedProblems ? [...listed, `And ${count - listedProblems} more like these.`] : listed,
  };
}

// What a reply does not show either (reply/clean.ts), but line breaks and tabs are a file's own.
const invisible = /[^\P{Cc}\t\r\n]|[\p{Cf}\p{Co}\u2028\u2029]/gu;
/** With their full-width doubles, which some spreadsheets read alike. An apostrophe of its own gets one more. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/;
/** The same inside a cell, where blanks and quotes before it are lost. */
const formulaInside = /^'*(?:"*[=+\-@＝＋－＠]|["\s]*[=@＝＠])/;
const harmless = /^[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:[.,]\d+)?(?:e[-+]?\d+)?\s?%?$/i;
/**
 * Where a spreadsheet may cut though we do not: Excel cuts by semicolons in half the world, and minds no quote that
 * stands inside its cell, so that a line break there ends the row.
 */
const cuts = /([;\t\r\n])/;

/** RFC 4180 with LF; what a spreadsheet would run is made plain text by an apostrophe. */
export function writeCsv({ columns, rows }: Pick<Table, "columns" | "rows">): string {
  const lines = [columns, ...rows].map((row) => {
    const cells = row.map(written);
    while (cells.length < columns.length) cells.push("");
    return `${cells.join(",")}\n`;
  });
  return columns.length === 0 ? "" : lines.join("");
}

/** Most cells have neither; the rest is looked at closely. */
const suspicious = /^['=+\-@\t\r＝＋－＠]|[;\t\r\n]/;
const escaped = /(?:^|[;\t\r\n])'/;

function written(cell: string): string {
  const seen = cell.replace(invisible, "");
  const safe = suspicious.test(seen)
    ? eachPart(seen, (part, would) => (would(part) ? `'${part}` : part))
    : seen;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

type Would = (part: string) => boolean;

/** The parts that a spreadsheet may make of a cell, each changed by whether it would be run. */
function eachPart(cell: string, change: (part: string, would: Would) => string): string {
  const wouldFirst: Would = (part) => formula.test(part) && !harmless.test(part);
  const whole = change(cell, wouldFirst);
  if (!cuts.test(whole)) return whole;
  const would: Would = (part) => formulaInside.test(part) && !harmless.test(part);
  const [first = "", ...rest] = whole.split(cuts);
  return first + rest.map((part, at) => (at % 2 === 0 ? part : change(part, would))).join("");
}

/** What `writeCsv` wrote, as the table it was: nothing is guessed, its first line is the header. */
export function readBack(text: string): Table {
  const records = parse(text, { record_delimiter: "\n", relax_column_count: true }) as string[][];
  const [columns = [], ...rows] = records.map((row) => row.map(asMeant));
  return { columns, rows, problems: [] };
}

const asMeant = (cell: string): string =>
  escaped.test(cell)
    ? eachPart(cell, (part, would) => (part.startsWith("'") && would(part.slice(1)) ? part.slice(1) : part))
    : cell;
