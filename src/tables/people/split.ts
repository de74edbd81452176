import { setImmediate } from "node:timers/promises";

/** One row of a pasted text; numbered as a spreadsheet would, blank ones counted. */
export interface Record {
  readonly row: number;
  readonly cells: readonly string[];
  /** Its quotes are out of order: what its cells say is not sure. */
  readonly torn?: string;
}

export interface SplitRecords {
  /** Without blank ones. */
  readonly records: readonly Record[];
  /** There are more than may be read. */
  readonly tooMany: boolean;
}

export interface HowToSplit {
  readonly separator: string;
  /** Of records, blank ones left out. */
  readonly most: number;
  /** The number of the first row. */
  readonly first?: number;
  /** Lines looked at; all where left out. */
  readonly lines?: number;
}

/** Rows between two breaths, so that other calls are not kept waiting. */
const atOnce = 2_000;
/** A cell may run over so many lines and letters: more is a quote that somebody forgot to close. */
const longestQuote = 20_000;
const mostLines = 40;
const mostCells = 2_000;
/** So many quotes out of order, and no quote is believed any more: looking for each one's end takes time. */
const mostTorn = 50;
const holdsAddress = /[^\s@]@[^\s@]/;

/** Splits at separators and line breaks. A quote that swallows rows is taken for a letter, and its row is torn. */
export async function splitRecords(text: string, how: HowToSplit): Promise<SplitRecords> {
  const reader = createReader(text, how);
  for (let n = 1; reader.next(); n++) if (n % atOnce === 0) await setImmediate();
  return reader.read();
}

/** The same of the first lines, at once. */
export function peekRecords(text: string, separator: string, lines: number): readonly Record[] {
  const reader = createReader(text.slice(0, 60_000), { separator, most: lines, lines });
  while (reader.next());
  return reader.read().records;
}

function createReader(text: string, { separator, most, first = 1, lines }: HowToSplit) {
  const records: Record[] = [];
  let at = 0;
  let row = first;
  let torn = 0;
  let tooMany = false;
  /** Looked for once, not once a line: a text without quotes would be searched to its end for each. */
  let nextQuote = text.indexOf('"');

  /** Reads one row; whether there may be another. */
  function next(): boolean {
    if (at >= text.length || (lines !== undefined && row - first >= lines)) return false;
    if (records.length >= most) {
      tooMany = text.slice(at, at + 100_000).trim() !== "";
      return false;
    }
    const { cells, end, problem } = rowAt(at);
    if (problem !== undefined) torn += 1;
    if (cells.some((cell) => cell !== "")) records.push({ row, cells, ...(problem && { torn: problem }) });
    at = end;
    row += 1;
    return true;
  }

  function rowAt(start: number): { cells: string[]; end: number; problem?: string } {
    const cells: string[] = [];
    let problem: string | undefined;
    let from = start;
    const eol = endOfLine(start);
    // Without a quote in it a line is a row, and needs no second look.
    if (nextQuote !== -1 && nextQuote < start) nextQuote = text.indexOf('"', start);
    if (nextQuote === -1 || nextQuote >= eol) {
      return { cells: text.slice(start, eol).split(separator, mostCells).map(trimmed), end: eol + 1 };
    }
    for (;;) {
      const open = skipBlanks(from);
      if (text[open] === '"' && torn < mostTorn) {
        const quoted = quotedAt(open, cells.length);
        if (quoted !== undefined) {
          cells.push(trimmed(quoted.text));
          if (quoted.end >= text.length) return { cells, end: text.length, ...(problem && { problem }) };
          if (text[quoted.end] === "\n") return { cells, end: quoted.end + 1, ...(problem && { problem }) };
          from = quoted.end + 1;
          continue;
        }
        problem ??= "its quotes are out of order";
      }
      const line = endOfLine(from);
      const rest = text.slice(from, line);
      const cut = rest.indexOf(separator);
      const end = cut === -1 ? line : from + cut;
      const cell = text.slice(from, end);
      if (cell.split('"').length % 2 === 0) problem ??= "it has a quote that is never closed";
      cells.push(trimmed(cell.replace(/^\s*"/, "").replace(/(?<=")"\s*$/, "")));
      if (end === line || cells.length >= mostCells)
        return { cells, end: line + 1, ...(problem && { problem }) };
      from = end + 1;
    }
  }

  function endOfLine(from: number): number {
    const end = text.indexOf("\n", from);
    return end === -1 ? text.length : end;
  }

  function skipBlanks(from: number): number {
    let open = from;
    while (text[open] === " ") open += 1;
    return open;
  }

  /** A cell in quotes that closes where a cell may end, and has not swallowed rows. */
  function quotedAt(open: number, before: number): { text: string; end: number } | undefined {
    const parts: string[] = [];
    let from = open + 1;
    for (;;) {
      const close = text.indexOf('"', from);
      if (close === -1 || close - open > longestQuote) return undefined;
      parts.push(text.slice(from, close));
      if (text[close + 1] === '"') {
        parts.push('"');
        from = close + 2;
        continue;
      }
      const end = skipBlanks(close + 1);
      if (end < text.length && text[end] !== "\n" && !text.startsWith(separator, end)) return undefined;
      const cell = parts.join("");
      return swallowed(cell, before) ? undefined : { text: cell, end };
    }
  }

  /** Lines within a cell that look like rows of their own. */
  function swallowed(cell: string, before: number): boolean {
    if (!cell.includes("\n")) return false;
    const inside = cell.split("\n");
    return (
      inside.length > mostLines ||
      inside.slice(1).some((line) => holdsAddress.test(line)) ||
      (holdsAddress.test(inside[0] ?? "") && before > 0 && cell.includes(separator)) ||
      inside.some((line) => line.split(separator).length > 2)
    );
  }

  return { next, read: (): SplitRecords => ({ records, tooMany }) };
}

const trimmed = (cell: string): string => cell.trim();
