import { constants } from "node:fs";
import { lstat, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createLock, type LockOptions } from "./files/lock.ts";
import { createWriteCheck, fileError, makePrivateFolder, openPlain, writeWhole } from "./files/safe-files.ts";

/** What a file says, and when it was last touched as only its file system can say: a copy put back has another stamp. */
export interface Stamped {
  readonly text: string;
  readonly stamp: string;
}

/** Small files in a folder that several processes share. */
export interface StampedFiles {
  /** Alone among all who share them. The work must not ask for it again. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  names(): Promise<readonly string[]>;
  /** Undefined: there is none, or something else stands in its place. */
  read(name: string): Promise<Stamped | undefined>;
  /** Whole, and on disk, when it resolves: with its stamp. Rejects with what the file system says, or EFBIG. */
  put(name: string, text: string): Promise<string>;
  remove(name: string): Promise<void>;
}

const largest = 256 * 1024;

/** For their owner's eyes only, never through a link. `levels`: how many the folder stands below the state folder. */
export function stampedFiles(
  folder: string,
  { name, levels }: Required<Pick<LockOptions, "name" | "levels">>,
): StampedFiles {
  const lock = createLock(folder, { name, levels });
  const checkWritable = createWriteCheck(folder, levels);
  return {
    async alone(work) {
      checkWritable();
      // Both, and in one breath: those who then queue for the lock stand in it as they came.
      for (const one of [dirname(folder), folder]) makePrivateFolder(one);
      return lock(work);
    },
    names: () => readdir(folder).catch(() => []),
    read: (one) => read(join(folder, one)),
    async put(one, text) {
      const path = join(folder, one);
      // Nobody would read it.
      if (Buffer.byteLength(text) > largest) throw fileError("EFBIG", path);
      await writeWhole(path, text);
      await syncFolder(folder);
      return stampOf(await lstat(path, { bigint: true }));
    },
    remove: (one) => rm(join(folder, one), { force: true }),
  };
}

/** The time of the last change of any kind, a new name included. A program can set all others, but not this one. */
const stampOf = ({ ctimeNs }: { readonly ctimeNs: bigint }): string => String(ctimeNs);

async function read(path: string): Promise<Stamped | undefined> {
  const handle = await openPlain(path, constants.O_RDONLY).catch(() => undefined);
  try {
    const found = await handle?.stat({ bigint: true });
    if (handle === undefined || found === undefined || found.size > largest) return undefined;
    return { text: await handle.readFile("utf8"), stamp: stampOf(found) };
  } finally {
    await handle?.close();
  }
}

/** A new name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  // Windows opens no folders, and some network disks sync none.
  await handle?.sync().catch(() => {});
  await handle?.close();
}
