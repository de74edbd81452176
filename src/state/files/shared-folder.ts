import { constants } from "node:fs";
import { lstat, readdir, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lock, LockTaken, type Stamped, type StampedFiles } from "../ports.ts";
import {
  createWriteCheck,
  fileError,
  isPassing,
  makeFolders,
  makePrivateFolder,
  openPlain,
  remove,
  syncFolder,
  writeWhole,
} from "./safe-files.ts";

export interface LockOptions {
  /** Locks of different names in a folder do not meet. */
  readonly name: string;
  /** How many levels up the state folder is: in somebody else's, or a newer program's, nothing is locked, and nothing written. */
  readonly levels?: number;
  /** How long another process is waited for: longer than a dead one can hold it up. */
  readonly patienceMs?: number;
  readonly pause?: (ms: number) => Promise<unknown>;
  /** From 0 up to 1. */
  readonly random?: () => number;
  readonly platform?: string;
  /** Makes the folder that is the lock, and gives what takes it away. */
  readonly take?: (base: string) => Promise<() => Promise<void>>;
}

// A holder renews its lock while it lives, so one that was not renewed for so long is dead.
const deadAfterMs = 10_000;
const settleMs = 100;
/** A folder that was taken away is there for a moment more on Windows, and cannot be made anew. */
const goingMs = 1_000;
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** One holder at a time across processes, by a folder `<name>.lock` that only one can make. */
export function createLock(
  folder: string,
  {
    name,
    levels = 0,
    patienceMs = 20_000,
    pause = sleep,
    random = Math.random,
    platform = process.platform,
    take = takeByFolder,
  }: LockOptions,
): Lock {
  const base = join(folder, name);
  const path = `${base}.lock`;
  const checkWritable = createWriteCheck(folder, levels);
  let last: Promise<unknown> = Promise.resolve();

  return (work) => {
    const mine = last.then(() => hold(work));
    last = mine.catch(() => {});
    return mine;
  };

  async function hold<T>(work: () => Promise<T>): Promise<T> {
    checkWritable();
    const release = await acquire();
    try {
      return await work();
    } finally {
      await release();
    }
  }

  async function acquire(): Promise<() => Promise<void>> {
    let waited = 0;
    for (let growing = 5; ; growing = Math.min(growing * 1.6, 100)) {
      const dead = await perhapsDead(path);
      const release = await attempt(waited < goingMs);
      if (release !== undefined) {
        // Two that find the same dead lock may both remove it, the slower one removing the quicker one's new
        // lock. Whoever takes over from the dead therefore signs, waits, and looks whose signature stands.
        if (!dead || (await signed(path, { pause, random }))) {
          const made = await identity(path);
          const stillOurs = async () => made !== undefined && (await identity(path)) === made;
          // A lock taken from us meanwhile is not ours to remove.
          return async () => void ((await stillOurs()) && (await release().catch(() => {})));
        }
      }
      if (waited >= patienceMs) throw new LockTaken(path);
      const ms = growing * (0.5 + random());
      await pause(ms);
      waited += ms;
    }
  }

  /** Undefined where somebody else holds it; `going`: or Windows is still taking the last one away. */
  async function attempt(going: boolean): Promise<(() => Promise<void>) | undefined> {
    try {
      return await take(base).catch(async (error: unknown) => {
        if (codeOf(error) !== "ENOENT") throw error;
        makeFolders(dirname(base));
        return take(base);
      });
    } catch (error) {
      if (codeOf(error) === "ELOCKED" || (going && isPassing(error, platform))) return undefined;
      throw error;
    }
  }
}

async function takeByFolder(base: string): Promise<() => Promise<void>> {
  // Loaded at first use: a server that writes nothing starts without it.
  const { lock } = await import("proper-lockfile");
  // Losing it must not end the process, which is what the library does by itself.
  return lock(base, { realpath: false, stale: deadAfterMs, onCompromised: () => {} });
}

async function perhapsDead(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return false;
  // From the future: the clock was put back. Counted from now on, else it would hold everybody up till then.
  if (found.mtimeMs > Date.now() + 2_000) await utimes(path, new Date(), new Date()).catch(() => {});
  return found.mtimeMs < Date.now() - deadAfterMs + 1_000;
}

async function identity(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev} ${found.ino} ${found.birthtimeNs}`;
}

type Signing = Required<Pick<LockOptions, "pause" | "random">>;

/** The time of last access is nobody's, and small enough to sign with; numbers and times of folders come again. */
async function signed(path: string, { pause, random }: Signing): Promise<boolean> {
  const ours = new Date(Math.floor(random() * 1e12));
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return false;
  await utimes(path, ours, found.mtime).catch(() => {});
  await pause(settleMs);
  return (await lstat(path).catch(() => undefined))?.atime.getTime() === ours.getTime();
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
    remove: (one) => remove(join(folder, one)),
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
