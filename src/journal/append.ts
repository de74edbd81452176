import { fstatSync, writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { refusal } from "../state/files/owner.ts";
import { isNewer } from "../state/files/write-check.ts";
import {
  beginning,
  checkpointToGoOnFrom,
  type Draft,
  type Entry,
  type Link,
  parseEntry,
  seal,
  textOf,
  writeCheckpoint,
} from "./entry.ts";
import { backward, cutOff, openToAppend } from "./safe-file.ts";

export interface Ending {
  /** The number of the next line. */
  readonly next: number;
  /** Writes the next line, on disk when it resolves; only once. */
  add(draft: Draft): Promise<void>;
}

export interface AppendOptions {
  readonly folder: string;
  readonly now: () => number;
  readonly random: () => string;
}

export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/**
 * Opens the journal's end for the work. Only for those who hold the lock. Nothing is changed on disk before
 * `add`, which also sets an unfinished last line aside and notes what was cut off since.
 */
export async function atTheEnd<T>(
  { folder, now, random }: AppendOptions,
  work: (ending: Ending) => Promise<T>,
): Promise<T> {
  const file = await openToAppend(journalFile(folder));
  try {
    const { size } = await file.stat();
    const { last, end, missing } = await findEnd(folder, file, size);
    const gap = missing === undefined ? [] : [{ seq: last.seq + missing + 1, missing }];
    const next = (gap[0]?.seq ?? last.seq) + 1;

    const add = async (draft: Draft) => {
      const at = new Date(now()).toISOString();
      if (end < size) await setAside({ folder, file, next, at, end, size });
      const entries: Entry[] = [];
      const chain = (one: Draft, seq: number) =>
        entries.push(seal(one, { seq, at, prev: (entries.at(-1) ?? last).hash, salt: random() }));
      for (const one of gap) chain({ line: "gap", missing: one.missing }, one.seq);
      chain(draft, next);
      await write(folder, file, { end, entries });
    };
    return await work({ next, add });
  } finally {
    await file.close();
  }
}

interface End {
  readonly last: Link;
  /** Where the last readable line ends. */
  readonly end: number;
  /** How many lines were cut off; 0: nobody can tell; undefined: none. */
  readonly missing: number | undefined;
}

async function findEnd(folder: string, file: FileHandle, size: number): Promise<End> {
  const head = await checkpointToGoOnFrom(folder);
  if (head?.bytes === size) return { last: head, end: size, missing: undefined };

  // Longer: a writer died before it wrote the head, or within a line. Shorter: something was cut off.
  const { last, end } = await lastReadable(journalFile(folder), file, size);
  // The very first writer may have died before there was a head.
  if (head === undefined) return { last, end, missing: last.seq > 1 ? 0 : undefined };
  return { last, end, missing: last.seq < head.seq ? head.seq - last.seq : undefined };
}

async function lastReadable(
  path: string,
  file: FileHandle,
  size: number,
): Promise<{ last: Link; end: number }> {
  for await (const pieces of backward(file, size)) {
    for (const piece of pieces.reverse()) {
      const entry = piece.whole ? parseEntry(piece.text) : undefined;
      if (isNewer(entry)) throw refusal("ENEWER", path);
      if (entry !== undefined) return { last: entry, end: piece.end };
    }
  }
  return { last: beginning, end: 0 };
}

interface Torn {
  readonly folder: string;
  readonly file: FileHandle;
  readonly next: number;
  readonly at: string;
  readonly end: number;
  readonly size: number;
}

/** Kept, because it may be all that is left of a line; cut off, so that the next one begins a line. */
async function setAside({ folder, file, next, at, end, size }: Torn): Promise<void> {
  const aside = await open(join(folder, `journal.torn-${next}-${at.replace(/[^0-9TZ]/g, "")}`), "wx", 0o600);
  try {
    for (let position = end; position < size; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, position);
      await aside.writeFile(buffer.subarray(0, Math.min(bytesRead, size - position)));
      if (bytesRead === 0) break;
      position += bytesRead;
    }
    await aside.sync();
  } finally {
    await aside.close();
  }
  await cutOff(journalFile(folder), end, { of: file, size });
}

/** The lines in one write, then the head; after a failure neither, as far as that can be had. */
async function write(
  folder: string,
  file: FileHandle,
  { end, entries }: { end: number; entries: readonly Entry[] },
): Promise<void> {
  const bytes = Buffer.from(entries.map((entry) => `${textOf(entry)}\n`).join(""));
  // The lock can be lost by a computer that slept; whoever took it may have written. Looking and writing in
  // one breath leaves no turn of this process in between.
  if (fstatSync(file.fd).size !== end) throw refusal("ELOCKED", journalFile(folder));
  let written = 0;
  try {
    written = writeSync(file.fd, bytes);
    if (written < bytes.length) throw refusal("ENOSPC", journalFile(folder));
    await file.datasync();
    const { seq, hash } = entries.at(-1) ?? beginning;
    await writeCheckpoint(folder, { seq, hash, bytes: end + bytes.length });
  } catch (error) {
    await cutOff(journalFile(folder), end, { of: file, size: end + written }).catch(() => {});
    throw error;
  }
}
