import { fstatSync, writeSync } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { principalOfCall } from "../access/principal.ts";
import {
  createWriteCheck,
  fileError,
  isNewer,
  remove,
  version,
  writeWhole,
} from "../state/files/safe-files.ts";
import {
  changesOf,
  checkpointToGoOnFrom,
  createRecent,
  type Draft,
  type Entry,
  firstLink,
  type Link,
  parseEntry,
  readLines,
  readsBack,
  seal,
  textOf,
  writeCheckpoint,
} from "./entry.ts";
import {
  CannotWrite,
  type Change,
  type Journal,
  journalFile,
  type Line,
  type MadeBy,
  yesIsOver,
} from "./line.ts";
import { changesOfRun } from "./run-changes.ts";
import { backward, cutOff, openToAppend, plainly, prepare, readWhole } from "./safe-file.ts";

/** One holder at a time, across processes. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

export interface JournalOptions {
  /** Holds the journal and nothing else; made where it is not there. */
  readonly folder: string;
  readonly lock: Exclusive;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Something nobody can guess; seals what may name a person. */
  readonly random: () => string;
  /** How long images are kept; 0: none are. */
  readonly keepMs: number;
}

const hour = 3_600_000;
export const unreadable =
  "The journal's line about it could not be read back, and no change is made that the journal does not show. Leave out what you added last, then call again.";

/** Whose call this is; nothing on one desk. */
export function madeBy(): MadeBy {
  const { person, client, replica, trace } = principalOfCall() ?? {};
  return {
    ...(person !== undefined && { person }),
    ...(client !== undefined && { client_id: client }),
    ...(replica !== undefined && { replica }),
    ...(trace !== undefined && { trace }),
  };
}

/** Where a state folder has its journal. */
export const journalFolder = (stateFolder: string): string => join(stateFolder, "journal");

/** What was done, in a chain that shows where a line was edited or cut out (contract §7). */
export function createJournal({ folder, lock, now, random, keepMs }: JournalOptions): Journal {
  const recent = createRecent(journalFile(folder));
  // Apart: what is kept of an hour would be read anew after each look at a day.
  const ofADay = createRecent(journalFile(folder));
  const images = createSnapshots({ folder, now, keepMs });
  const checkWritable = createWriteCheck(folder, 1);
  let swept = Number.NEGATIVE_INFINITY;

  const writing = <T>(work: (ending: JournalEnd) => Promise<T>) =>
    plainly(folder, async () => {
      checkWritable();
      prepare(folder);
      return lock(() => atTheEnd({ folder, now, random }, work));
    });
  async function write(draft: Draft): Promise<void> {
    if (!readsBack(draft)) throw new CannotWrite(folder, "the line could not be read back");
    await writing(({ add }) => add(draft));
  }
  const since = async (account: string, from: number): Promise<Change[]> =>
    changesOf((await recent(from)).filter((line) => concerns(account, line)));
  const longAgo = async (account: string, from: number): Promise<Change[]> =>
    changesOf(
      (await ofADay(Math.min(from, now() - 24 * hour))).filter((line) => concerns(account, line)),
    ).filter(({ at }) => Date.parse(at) >= from);

  /** Now and then: an image may stay an hour longer than it must. */
  async function sweep(): Promise<void> {
    if (now() < swept + hour) return;
    swept = now();
    await images.sweep().catch(() => {});
  }

  return {
    async intend({ before: _, ...given }, { image, allow, use } = {}) {
      const intent = { ...given, ...madeBy() };
      if (!readsBack({ line: "intent", ...intent })) return { refused: unreadable };
      const intended = await writing(async ({ next, add }) => {
        // First: whoever is killed after this has lost a yes, and nobody sends on it a second time.
        if (use !== undefined && !(await use())) return { refused: yesIsOver };
        const refused = await allow?.(await since(intent.account, now() - hour), (from) =>
          longAgo(intent.account, from),
        );
        if (refused !== undefined) return { refused };
        const kept = image !== undefined && keepMs > 0;
        await images.put(next, kept ? { at: new Date(now()).toISOString(), image } : undefined);
        await add({ line: "intent", ...intent, ...(kept && { before: true }) });
        return { seq: next };
      });
      await sweep();
      return intended;
    },
    finish: (of, outcome, ms) => write({ line: "outcome", of, outcome, ms }),
    note: (asked) => write({ line: "asked", ...asked, ...madeBy() }),
    since: (account, from) => plainly(folder, () => since(account, from)),
    isOver: (question, from) =>
      plainly(folder, async () => (await recent(from)).some((line) => ends(question, line))),
    changes: (account) =>
      plainly(folder, async () =>
        changesOf(await readLines(folder, (line) => concerns(account, line))).reverse(),
      ),
    ofRun: (run) => plainly(folder, () => changesOfRun(folder, run)),
    image: (seq) => images.read(seq),
    ready: () =>
      writing(async () => {
        const probe = join(folder, "journal.probe");
        await writeWhole(probe, "");
        await remove(probe);
      }),
  };
}

/** What was said to a question that then still waits, or was agreed to. */
export const waits: ReadonlySet<string> = new Set(["asked", "yes"]);
const ends = (id: string, line: Line): boolean =>
  (line.line === "intent" && line.question === id) ||
  (line.line === "asked" && line.question === id && !waits.has(line.said));

/** Outcomes name no account; they go with their intent. */
const concerns = (account: string, line: Line): boolean =>
  line.line === "outcome" || ("account" in line && line.account === account);

export interface JournalEnd {
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

/**
 * Opens the journal's end for the work. Only for those who hold the lock. Nothing is changed on disk before
 * `add`, which also sets an unfinished last line aside and notes what was cut off since.
 */
export async function atTheEnd<T>(
  { folder, now, random }: AppendOptions,
  work: (ending: JournalEnd) => Promise<T>,
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
      if (isNewer(entry)) throw fileError("ENEWER", path);
      if (entry !== undefined) return { last: entry, end: piece.end };
    }
  }
  return { last: firstLink, end: 0 };
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
  if (fstatSync(file.fd).size !== end) throw fileError("ELOCKED", journalFile(folder));
  let written = 0;
  try {
    written = writeSync(file.fd, bytes);
    if (written < bytes.length) throw fileError("ENOSPC", journalFile(folder));
    await file.datasync();
    const { seq, hash } = entries.at(-1) ?? firstLink;
    await writeCheckpoint(folder, { seq, hash, bytes: end + bytes.length });
  } catch (error) {
    await cutOff(journalFile(folder), end, { of: file, size: end + written }).catch(() => {});
    throw error;
  }
}

/** What was there before a change, one file each, under the number of its line. */
export interface Snapshots {
  /** Makes what is kept for a line exactly this: nothing, where nothing is given. */
  put(seq: number, image?: { readonly at: string; readonly image: unknown }): Promise<void>;
  /** Undefined where there is none, or no longer. */
  read(seq: number): Promise<unknown>;
  /** What stands on disk, expired or not, and be it only half readable. */
  whole(seq: number): Promise<unknown>;
  /** Erases those whose time is over. */
  sweep(): Promise<void>;
  erase(seq: number): Promise<void>;
  /** Lowest first. */
  all(): Promise<readonly number[]>;
}

const Kept = z.object({ at: z.iso.datetime(), image: z.unknown() });

export interface SnapshotsOptions {
  readonly folder: string;
  readonly now: () => number;
  readonly keepMs: number;
}

export function createSnapshots({ folder, now, keepMs }: SnapshotsOptions): Snapshots {
  const place = join(folder, "before");
  const fileOf = (seq: number) => join(place, `${seq}.json`);

  async function whole(seq: number): Promise<unknown> {
    const text = (await readWhole(fileOf(seq)).catch(() => undefined))?.toString("utf8") ?? "";
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  const kept = async (seq: number) => Kept.safeParse(await whole(seq)).data;
  const expired = ({ at }: { at: string }) => Date.parse(at) + keepMs <= now();
  async function erase(seq: number): Promise<void> {
    await remove(fileOf(seq));
    // Of a writer that died within it.
    await remove(`${fileOf(seq)}.part`);
  }

  async function all(): Promise<number[]> {
    const names = await readdir(place).catch(() => []);
    const numbers = names.flatMap((name) => /^([1-9]\d*)\.json$/.exec(name)?.[1] ?? []);
    return numbers.map(Number).sort((a, b) => a - b);
  }

  return {
    async put(seq, image) {
      // One of this number is left of a writer that died before its line.
      if (image === undefined) return erase(seq);
      prepare(place);
      await writeWhole(fileOf(seq), JSON.stringify({ version, ...image }));
    },
    async read(seq) {
      const found = await kept(seq);
      return found && !expired(found) ? found.image : undefined;
    },
    async sweep() {
      // Numbers rise with time: behind the first that is kept, all are.
      for (const seq of await all()) {
        const found = await kept(seq);
        if (found !== undefined && !expired(found)) return;
        await erase(seq);
      }
    },
    whole,
    erase,
    all,
  };
}
