import {
  type Entry,
  firstLink,
  innerFault,
  type Link,
  parseEntry,
  placeFault,
  readCheckpoint,
} from "./entry.ts";
import { journalFile } from "./line.ts";
import { forward, openToRead, plainly } from "./safe-file.ts";

export interface Verified {
  readonly lines: number;
  /** Lines of persons who were forgotten: what stood in them can no longer be checked. */
  readonly forgotten: number;
  /** An unfinished last line, in bytes: its writer died, or is writing now. */
  readonly torn?: number;
  /** Where the chain does not hold; `why` goes on from "Line 12: ". */
  readonly breaks: readonly { readonly seq: number; readonly why: string }[];
}

// A writer that died before it wrote the head leaves what it wrote in one go: a line, and a gap before it.
const ahead = 2;

/** Checks every line and the end. Finds accidents and partial edits; whoever owns the files can rewrite all. */
export const verify = (folder: string): Promise<Verified> =>
  plainly(folder, () => verifyChain(standingLines(journalFile(folder)), () => readCheckpoint(folder)));

/** A line as it stands, whole or not. */
export interface StandingLine {
  readonly text: string;
  readonly bytes: number;
  readonly whole: boolean;
}

/**
 * The same of any chain, wherever it stands.
 * @param end where it ended when it was last written
 * @param named what says so, for people
 */
export async function verifyChain(
  standing: AsyncIterable<StandingLine>,
  end: () => Promise<Link | undefined>,
  named = "journal.head",
): Promise<Verified> {
  const head = await end();
  const breaks: { seq: number; why: string }[] = [];
  const say = (seq: number, why: string | undefined) => void (why !== undefined && breaks.push({ seq, why }));
  let last = firstLink;
  let lines = 0;
  let forgotten = 0;
  // Broken where a line follows; the last one of all is a line that was not finished.
  let unreadable: number[] = [];

  for await (const { text, bytes, whole } of standing) {
    const entry = whole ? parseEntry(text) : undefined;
    if (entry === undefined) {
      unreadable.push(bytes);
      continue;
    }
    for (const [index] of unreadable.entries()) say(last.seq + index + 1, "it cannot be read");
    // Where lines cannot be read, what follows them cannot follow from them; that is said once.
    if (unreadable.length > 0 && entry.seq === last.seq + unreadable.length + 1)
      last = { seq: entry.seq - 1, hash: entry.prev };
    unreadable = [];
    lines += 1;
    if (entry.forgotten) forgotten += 1;
    const { place, why, next } = inspect(entry, text, last);
    say(place, why);
    if (why === undefined && head?.seq === entry.seq && head.hash !== entry.hash)
      say(place, `it is not the line that ${named} names`);
    last = next;
  }
  // One unfinished line is a writer that died or is writing; several are lines that were there.
  const [torn = 0] = unreadable.slice(-1);
  for (const index of unreadable.slice(0, -1).keys()) say(last.seq + index + 1, "it cannot be read");
  say(last.seq, endFault({ before: head, after: await end(), named }, last.seq));
  return { lines, forgotten, ...(torn > 0 && { torn }), breaks };
}

/** The fault of a line, and what the line after it has to follow so that one fault is said once. */
function inspect(entry: Entry, text: string, before: Link): { place: number; why?: string; next: Link } {
  const inner = innerFault(entry, text);
  if (inner !== undefined) {
    // Its number may be what was edited.
    const place = entry.prev === before.hash ? before.seq + 1 : entry.seq;
    return { place, why: inner, next: { seq: place, hash: entry.hash } };
  }
  const why = placeFault(entry, before);
  if (why === undefined) return { place: entry.seq, next: entry };
  return { place: entry.seq, why, next: entry.seq <= before.seq ? before : entry };
}

interface EndsKnown {
  readonly before: Link | undefined;
  readonly after: Link | undefined;
  readonly named: string;
}

/** The head is read before the lines and after them: others may write meanwhile. */
function endFault({ before, after, named }: EndsKnown, seq: number): string | undefined {
  const missing = (before?.seq ?? 0) - seq;
  if (missing > 0)
    return `the ${missing === 1 ? "line after it, the last, is" : `${missing} lines after it, the last, are`} missing`;
  // The very first writer may have died before there was a head.
  if (after === undefined && seq > 1)
    return `${named} is gone; whether lines after it are missing cannot be told`;
  if (after !== undefined && seq > after.seq + ahead)
    return `the lines after ${after.seq} were not written by this program`;
  return undefined;
}

/** Of a file, one by one; none where there is none. */
export async function* standingLines(path: string): AsyncGenerator<StandingLine> {
  const file = await openToRead(path);
  if (file === undefined) return;
  try {
    for await (const pieces of forward(file, 0, (await file.stat()).size))
      for (const { text, start, end, whole } of pieces) yield { text, whole, bytes: end - start };
  } finally {
    await file.close();
  }
}
