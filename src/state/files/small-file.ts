import { constants } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { openPlain, refusal } from "./owner.ts";
import { replace } from "./whole-file.ts";
import { isNewerText } from "./write-check.ts";

const largest = 1024 * 1024;

/** A text that several processes share. Read and written whole. */
export interface SmallFile {
  /** Undefined: there is none. @throws ENEWER, and whoever writes reads before: a newer program's is not written over */
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
  let handle: Awaited<ReturnType<typeof openPlain>>;
  try {
    handle = await openPlain(file, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const text = (await handle.stat()).size > largest ? "" : await handle.readFile("utf8");
    if (isNewerText(text)) throw refusal("ENEWER", file);
    return text;
  } finally {
    await handle.close();
  }
}

/** A link, a pipe, somebody else's file: left there for us to write to. */
const inTheWay = new Set(["ELOOP", "ENOTFILE", "EFOREIGN", "ENXIO", "EMLINK"]);

async function write(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const flags = constants.O_WRONLY | constants.O_CREAT;
  const make = () => openPlain(fresh, flags, 0o600);
  const handle = await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Nobody but us has anything to do under this name: it is taken away, not written through.
    else if (inTheWay.has(error.code ?? "")) await rm(fresh, { force: true });
    else throw error;
    return make();
  });
  try {
    await handle.truncate(0);
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await replace(fresh, file);
}
