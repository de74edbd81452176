import type { BoardTable } from "../board.ts";
import { isRecord } from "./is-record.ts";

/** A file of commas that is kept, as far as it was read: it comes in pages. */
export interface PagedFile {
  readonly text: string;
  /** The address of the page that follows. */
  readonly next?: string;
}

const address = /^skyprep:\/\/exports\/[a-z0-9-]{1,64}(\?offset=\d{1,12})?$/;
/** Only files that are kept, whatever else could be read. */
export const isKeptFile = (uri: string): boolean => address.test(uri);

/** With the page that `resources/read` gave; undefined: it is no such file. */
export function withPage(result: unknown, before = ""): PagedFile | undefined {
  const [content] = isRecord(result) && Array.isArray(result.contents) ? result.contents : [];
  if (!isRecord(content) || content.mimeType !== "text/csv" || typeof content.text !== "string")
    return undefined;
  const [, page = content.text, next = "", offset = ""] =
    /^([\s\S]*)\nNext page: (\S+\?offset=(\d+)) \(\d+ characters in all\)$/.exec(content.text) ?? [];
  const text = before + page;
  // Where a page ends with a line, the line that tells of the next one took that line's end.
  const whole = text.length + 1 === Number(offset) ? `${text}\n` : text;
  return { text: whole, ...(isKeptFile(next) && whole.length === Number(offset) && { next }) };
}

/** As a table of texts; undefined where it cannot be read. A record that a page's end cut through waits for the next page. */
export function tableIn(
  { text, next }: PagedFile,
  { title, total }: Pick<BoardTable, "title" | "total">,
): BoardTable | undefined {
  const { records, left, isBroken } = recordsIn(text.replace(/^\[sandbox\]\n/, ""));
  if (isBroken && next === undefined) return undefined;
  const [header = [], ...rows] = next === undefined && left.length > 0 ? [...records, left] : records;
  return {
    title,
    columns: header.map((label) => ({ label, is: "text" as const })),
    rows,
    // While more follows, what the plan itself says is nearer to the truth.
    total: next === undefined ? rows.length : Math.max(rows.length, total),
  };
}

interface Records {
  readonly records: readonly (readonly string[])[];
  /** What has no line's end yet. */
  readonly left: readonly string[];
  readonly isBroken?: true;
}

/** RFC 4180, with a byte order mark before it or without. */
function recordsIn(text: string): Records {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  cell.lastIndex = text.startsWith("\uFEFF") ? 1 : 0;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) return { records, left: [], isBroken: true };
    const [, quoted, plain = "", end] = found;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (end === "") return { records, left: record };
    records.push(record);
    record = [];
  }
  return { records, left: record };
}
