import fs, { type PathLike, promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, expect } from "vitest";
import { settled } from "./clock.ts";
import { isLong } from "./long.ts";

/*
 * Every test file of a project begins with this one. Asking Node's threads for a file costs ten times what the file in
 * memory costs, and a write of ours is some fifty such requests. So what hangs on no order among them does them where
 * it stands: the same calls to the same files, with the same errors. In the long form nothing does.
 */

/** What is about files, threads and processes themselves waits for the threads, as users do. */
const onTheirOwn =
  /[\\/]test[\\/](journal|state|skyprep|program|kill|soak|install|examples|faults)[\\/]|[\\/](at-once|outlives|ending|processes|background)\.test\.ts$/;

const shared = globalThis as { quickFiles?: { isOn: boolean } };
const files = shared.quickFiles ?? replaced();
shared.quickFiles = files;

files.isOn = !isLong && !onTheirOwn.test(expect.getState().testPath ?? "");
afterAll(() => {
  files.isOn = false;
});

type Method = (...args: never[]) => unknown;

/** Once in a worker: modules that were read keep what they found. */
function replaced() {
  const state = { isOn: false };
  const sync = fs as unknown as Record<string, (...args: unknown[]) => unknown>;

  const inPromises = promises as unknown as Record<string, Method>;
  for (const name of ["lstat", "stat", "rename", "rm", "unlink", "readdir", "mkdir", "utimes"]) {
    const usual = inPromises[name] as (...args: unknown[]) => Promise<unknown>;
    inPromises[name] = async (...args: unknown[]) =>
      state.isOn ? sync[`${name}Sync`]?.(...args) : usual(...args);
  }
  const usualOpen = promises.open;
  inPromises.open = async (path: PathLike, flags?: string | number, mode?: number) => {
    if (!state.isOn) return usualOpen(path, flags, mode);
    const opened = fs.openSync(path, flags ?? "r", mode);
    // Whatever else waits for its turn gets it, as it does while a thread is asked.
    await settled();
    return handleOf(opened);
  };

  // The library that locks knows callbacks only.
  for (const name of ["lstat", "stat", "mkdir", "rmdir", "utimes"]) {
    const usual = sync[name] as (...args: unknown[]) => void;
    sync[name] = (...args: unknown[]) => {
      if (!state.isOn) return usual(...args);
      const then = args.pop() as (error: unknown, result?: unknown) => void;
      try {
        process.nextTick(then, null, sync[`${name}Sync`]?.(...args));
      } catch (error) {
        process.nextTick(then, error);
      }
    };
  }
  syncBuiltinESMExports();
  return state;
}

/** As much of a `FileHandle` as this program asks for. */
function handleOf(opened: number) {
  const handle = {
    fd: opened,
    stat: async (options?: fs.StatOptions) => fs.fstatSync(handle.fd, options),
    sync: async () => fs.fsyncSync(handle.fd),
    datasync: async () => fs.fdatasyncSync(handle.fd),
    truncate: async (length?: number) => fs.ftruncateSync(handle.fd, length),
    writeFile: async (content: string | Uint8Array) => fs.writeFileSync(handle.fd, content),
    readFile: async (encoding?: BufferEncoding) => fs.readFileSync(handle.fd, encoding),
    read: async (buffer: Uint8Array, offset: number, length: number, position: number | null) => ({
      bytesRead: fs.readSync(handle.fd, buffer, offset, length, position),
      buffer,
    }),
    write: async (bytes: Uint8Array, offset?: number, length?: number, position?: number | null) => ({
      bytesWritten: fs.writeSync(handle.fd, bytes, offset, length, position),
      buffer: bytes,
    }),
    close: async () => {
      if (handle.fd === -1) return;
      fs.closeSync(handle.fd);
      handle.fd = -1;
    },
  };
  return handle;
}
