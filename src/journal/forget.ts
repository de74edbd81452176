import { existsSync } from "node:fs";
import { type FileHandle, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { createWriteCheck, remove, writeWhole } from "../state/files/safe-files.ts";
import {
  type Entry,
  firstLink,
  type Link,
  parseEntry,
  readCheckpoint,
  textOf,
  writeCheckpoint,
} from "./entry.ts";
import { createSnapshots, type Exclusive, type Snapshots } from "./journal.ts";
import { eraseFiles, eraseQuestions, learnFromFiles, namesIn } from "./kept-files.ts";
import { journalFile } from "./line.ts";
import { forgottenMark, names, without } from "./mask.ts";
import { createPerson, type NamesOfPerson } from "./person.ts";
import { forward, openToRead, type Piece, plainly, prepare } from "./safe-file.ts";

export interface Forgotten {
  /** Lines in which the person is masked now. */
  readonly lines: number;
  /** Images erased. */
  readonly images: number;
  /** Unfinished lines that had been set aside, erased: whom they name cannot be told. */
  readonly setAside: number;
  /** Other files that named them, erased: plans, exports, kept tables. */
  readonly files: number;
}

export interface ForgetOptions {
  readonly folder: string;
  readonly lock: Exclusive;
  readonly login: string;
  /** Everything else that is kept, files and folders: all of it is searched. */
  readonly places?: readonly string[];
  /** Where questions wait for a code: folders of accounts. */
  readonly questions?: string;
}

/**
 * Erases one person's images and masks their login and names in every line; the chain stays whole.
 * @throws CannotWrite
 */
export const forget = ({ folder, lock, login, places = [], questions }: ForgetOptions): Promise<Forgotten> =>
  plainly(folder, async () => {
    const person = createPerson(login);
    createWriteCheck(folder, 1)();
    if (questions !== undefined) await eraseQuestions(questions);
    if (!existsSync(folder)) {
      await learnFromFiles(places, folder, person);
      const files = (await eraseFiles(places, folder, person)).length;
      return { lines: 0, images: 0, setAside: 0, files };
    }
    prepare(folder);
    return lock(() => erase(folder, person, places));
  });

async function erase(folder: string, person: NamesOfPerson, places: readonly string[]): Promise<Forgotten> {
  const file = await openToRead(journalFile(folder));
  try {
    const size = (await file?.stat())?.size ?? 0;
    const pieces = () => (file ? each(file, size) : []);
    const all = createSnapshots({ folder, now: () => 0, keepMs: 1 });
    await learn(person, pieces);
    await learnFromFiles(places, folder, person);
    await learnFromImages(all, person);
    // A name may have come from a file: what it names is looked for once more.
    await learn(person, pieces);

    const masked = new Set<number>();
    let lines = 0;
    for await (const piece of pieces()) {
      const { entry, changed } = read(piece, person);
      if (!changed) continue;
      lines += 1;
      if (entry) masked.add(entry.seq);
    }
    const images = await eraseImages(all, masked, person);
    const erased = await eraseFiles([folder, ...places], folder, person);
    const torn = erased.filter(isSetAside).length;
    const files = erased.length - torn;
    if (lines > 0) await rewrite(folder, person, { pieces: pieces(), done: async () => file?.close() });
    const aside = lines + images + erased.length > 0 ? await eraseSetAside(folder) : 0;
    return { lines, images, setAside: torn + aside, files };
  } finally {
    await file?.close();
  }
}

type Pieces = AsyncIterable<Piece> | Iterable<Piece>;

async function* each(file: FileHandle, size: number): AsyncGenerator<Piece> {
  for await (const pieces of forward(file, 0, size)) yield* pieces;
}

/** Until nothing new is learnt: a later line may tell the number that an earlier one was about. */
async function learn(person: NamesOfPerson, pieces: () => Pieces): Promise<void> {
  for (let more = true; more; ) {
    more = false;
    for await (const { text } of pieces()) {
      const entry = parseEntry(text);
      if (entry && person.learn(entry)) more = true;
    }
  }
}

interface Read {
  readonly entry: Entry | undefined;
  readonly changed: boolean;
  readonly text: string;
}

function read({ text, whole }: Piece, person: NamesOfPerson): Read {
  const entry = whole ? parseEntry(text) : undefined;
  if (entry === undefined) {
    // Broken already: whatever it says goes, where it names them.
    const named = person.namedIn(text);
    return { entry, changed: named, text: named ? forgottenMark : text };
  }
  const kept = without(entry, person);
  return { entry, changed: kept !== undefined, text: kept ? textOf(kept) : text };
}

/**
 * Other lines stay byte by byte; an unfinished last one goes, like those set aside. `done`: all is read, and must be
 * closed, as Windows puts nothing in the place of what is open.
 */
async function rewrite(
  folder: string,
  person: NamesOfPerson,
  { pieces, done }: { readonly pieces: Pieces; readonly done: () => Promise<void> },
): Promise<void> {
  let last: Link = firstLink;
  let bytes = 0;
  await writeWhole(journalFile(folder), async (half) => {
    let waiting: string[] = [];
    const flush = async () => {
      const block = Buffer.from(waiting.join(""));
      waiting = [];
      bytes += block.length;
      await half.writeFile(block);
    };
    for await (const piece of pieces) {
      if (!piece.whole) continue;
      const { entry, text } = read(piece, person);
      last = entry ?? last;
      waiting.push(`${text}\n`);
      if (waiting.length >= 1_000) await flush();
    }
    await flush();
    await done();
  });
  const head = await readCheckpoint(folder);
  // A head that does not name the last line is left to the next writer to find.
  if (head) await writeCheckpoint(folder, { ...head, bytes: head.hash === last.hash ? bytes : 0 });
}

async function eraseImages(
  images: Snapshots,
  masked: ReadonlySet<number>,
  person: NamesOfPerson,
): Promise<number> {
  let erased = 0;
  for (const seq of await images.all()) {
    if (!masked.has(seq) && !names(await images.whole(seq), person)) continue;
    await images.erase(seq);
    erased += 1;
  }
  return erased;
}

async function learnFromImages(images: Snapshots, person: NamesOfPerson): Promise<void> {
  for (const seq of await images.all()) {
    const text = JSON.stringify(await images.whole(seq));
    if (person.namedIn(text)) for (const name of namesIn(text, person)) person.call(name);
  }
}

const isSetAside = (path: string): boolean => basename(path).startsWith("journal.torn-");

async function eraseSetAside(folder: string): Promise<number> {
  const found = (await readdir(folder)).filter((name) => name.startsWith("journal.torn-"));
  for (const name of found) await remove(join(folder, name));
  return found.length;
}
