import { constants } from "node:fs";
import { lstat, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stamped, StampedFiles } from "../ports.ts";
import { createLock, type LockOptions } from "./lock.ts";
import { createWriteCheck, fileError, makePrivateFolder, openPlain, writeWhole } from "./safe-files.ts";

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
