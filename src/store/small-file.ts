import { constants } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

const largest = 1024 * 1024;
const notThrough = constants.O_NOFOLLOW ?? 0;

/** A text that several processes share. Read and written whole. */
export interface SmallFile {
  /** Undefined: there is none. */
  read(): Promise<string | undefined>;
  /** Whole or not at all: whoever is killed while writing leaves what was there before. */
  write(text: string): Promise<void>;
}

/** For its owner's eyes only, never through a link; its folder is made where it is not there. */
export const smallFile = (path: string): SmallFile => ({
  read: () => read(path),
  write: (text) => write(path, text),
});

async function read(file: string): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, constants.O_RDONLY | notThrough);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return (await handle.stat()).size > largest ? "" : await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

async function write(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | notThrough;
  const handle = await open(fresh, flags, 0o600).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return open(fresh, flags, 0o600);
  });
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
