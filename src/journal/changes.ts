import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { journalFile } from "./append.ts";
import { type Entry, lineOf, parseEntry } from "./entry.ts";
import type { Change, Line, Outcome } from "./line.ts";
import { backward, forward, look, openToRead, type Piece } from "./safe-file.ts";

/** Intents joined with what became of them, oldest first. */
export function changesOf(lines: Iterable<Line>): Change[] {
  const intents: Extract<Line, { line: "intent" }>[] = [];
  const ended = new Map<number, { outcome: Outcome; ms: number }>();
  for (const line of lines) {
    if (line.line === "intent") intents.push(line);
    // Only what was unknown can still become known: the first that knows stays.
    if (line.line === "outcome" && (ended.get(line.of)?.outcome.is ?? "unknown") === "unknown")
      ended.set(line.of, { outcome: line.outcome, ms: line.ms });
  }

  const undone = new Map<number, number>();
  for (const { seq, undoes } of intents)
    if (undoes !== undefined && ended.get(seq)?.outcome.is !== "failed") undone.set(undoes, seq);

  return intents.map(({ seq, at, line: _, ...intent }) => {
    const undoneBy = undone.get(seq);
    return { seq, at, intent, ...ended.get(seq), ...(undoneBy !== undefined && { undoneBy }) };
  });
}

/** The whole journal, oldest first; what cannot be read is passed over, and left to `verify`. */
export async function readLines(folder: string, wanted: (line: Line) => boolean): Promise<Line[]> {
  const file = await openToRead(journalFile(folder));
  if (file === undefined) return [];
  const lines: Line[] = [];
  try {
    for await (const pieces of forward(file, 0, (await file.stat()).size)) {
      for (const { text, whole } of pieces) {
        const entry = whole ? parseEntry(text) : undefined;
        const line = entry && lineOf(entry);
        if (line !== undefined && wanted(line)) lines.push(line);
      }
    }
  } finally {
    await file.close();
  }
  return lines;
}

/** The file's lines since then, whoever wrote them. */
export type Recent = (from: number) => Promise<readonly Line[]>;

interface Known {
  /** Another file in its place has another one. */
  readonly identity: string;
  /** Lines from then on are known. */
  readonly from: number;
  /** How far the file was read, and the hash of the last line before that. */
  readonly read: number;
  readonly hash: string | undefined;
  readonly lines: readonly Line[];
}

// A few old lines more cost less than a sweep at every call.
const slackMs = 600_000;

/** Remembers what it read: one look at the file where nothing is new, and the new bytes where something is. */
export function createRecent(file: string): Recent {
  let known: Known | undefined;
  let last: Promise<unknown> = Promise.resolve();

  return (from) => {
    const mine = last.then(() => refresh(from));
    last = mine.catch(() => {});
    return mine;
  };

  async function refresh(from: number): Promise<readonly Line[]> {
    const found = await look(file);
    if (found === undefined) known = undefined;
    else if (!(goesOn(known, found, from) && known?.read === found.size)) {
      const handle = await openToRead(file);
      try {
        known = handle && (await readOn(handle, from, known));
      } finally {
        await handle?.close();
      }
    }
    if (known !== undefined && Date.parse(known.lines[0]?.at ?? "") < from - slackMs)
      known = { ...known, from, lines: known.lines.filter(({ at }) => Date.parse(at) >= from) };
    return known?.lines.filter(({ at }) => Date.parse(at) >= from) ?? [];
  }
}

const identityOf = ({ dev, ino, birthtimeMs }: Stats) => `${dev} ${ino} ${birthtimeMs}`;
const goesOn = (known: Known | undefined, found: Stats, from: number) =>
  known?.identity === identityOf(found) && known.from <= from && known.read <= found.size;

async function readOn(handle: FileHandle, from: number, before: Known | undefined): Promise<Known> {
  const found = await handle.stat();
  if (before !== undefined && goesOn(before, found, from)) {
    const { entries, read, prev } = await collect(forward(handle, before.read, found.size), before.read);
    // A file that was cut and written anew has other lines behind the place we know, or half of one.
    if (read === before.read || (prev !== undefined && prev === (before.hash ?? prev))) {
      const hash = entries.at(-1)?.hash ?? before.hash;
      return { ...before, read, hash, lines: [...before.lines, ...shown(entries)] };
    }
  }
  const blocks: Piece[][] = [];
  for await (const pieces of backward(handle, found.size)) {
    blocks.unshift(pieces);
    if (allBefore(from, pieces)) break;
  }
  const { entries, read } = await collect(blocks, 0);
  return { identity: identityOf(found), from, read, hash: entries.at(-1)?.hash, lines: shown(entries) };
}

async function collect(blocks: AsyncIterable<Piece[]> | Iterable<Piece[]>, from: number) {
  const entries: Entry[] = [];
  let read = from;
  let prev: string | undefined;
  for await (const pieces of blocks) {
    for (const { text, end, whole } of pieces) {
      // A line that is still being written is read next time.
      if (!whole) continue;
      const entry = parseEntry(text);
      if (read === from) prev = entry?.prev;
      read = end;
      if (entry !== undefined) entries.push(entry);
    }
  }
  return { entries, read, prev };
}

const shown = (entries: readonly Entry[]) => entries.map(lineOf).filter((line) => line !== undefined);

/** A whole block, not a line: a clock put right leaves single lines with an older time behind newer ones. */
function allBefore(from: number, pieces: readonly Piece[]): boolean {
  const times = pieces.map(({ text }) => Date.parse(parseEntry(text)?.at ?? "")).filter(Number.isFinite);
  return times.length > 0 && times.every((time) => time < from);
}
