import { constants, fstatSync, ftruncateSync } from "node:fs";
import { type FileHandle, lstat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { plainReason } from "../node/file-errors.ts";
import {
  fileError,
  keepOutOfStrangers,
  makePrivateFolder,
  openPlain,
  syncFolder,
} from "../state/files/safe-files.ts";
import { CannotWrite } from "./line.ts";

const inTheWay: Readonly<Record<string, string>> = {
  ELOOP: "a symbolic link stands in the place of",
  EISDIR: "a folder stands in the place of",
  ENOTEMPTY: "a folder stands in the place of",
  ENOTFILE: "something that is no file stands in the place of",
  ENXIO: "something that is no file stands in the place of",
};

/** What a file system refuses becomes CannotWrite, in plain words; anything else is a bug and flies on. */
export async function plainly<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
    if (error instanceof CannotWrite || typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) throw error;
    const obstacle = inTheWay[code];
    const place = dest ?? path;
    if (code === "EFOREIGN") {
      const why = `${place} belongs to another user of this computer, who can change what is kept there`;
      throw new CannotWrite(folder, why, error);
    }
    if (code === "ENEWER") throw new CannotWrite(folder, plainReason(error), error);
    const name = place === undefined || place === folder ? "the folder" : basename(place);
    throw new CannotWrite(folder, obstacle ? `${obstacle} ${name}` : plainReason(error), error);
  }
}

/** The journal's folder, made ready. In one breath: see `makePrivateFolder`. */
export function prepare(folder: string): void {
  // With the state folder that the journal stands in.
  keepOutOfStrangers(folder, 1);
  makePrivateFolder(folder);
}

const absent = (error: unknown) => {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
};

/** A plain file's state; undefined where there is none. A link or a folder in its place is refused. */
export async function look(path: string) {
  const found = await lstat(path).catch(absent);
  if (found?.isSymbolicLink()) throw fileError("ELOOP", path);
  if (found !== undefined && !found.isFile()) throw fileError("EISDIR", path);
  return found;
}

/** Undefined where there is none. */
export async function openToRead(path: string): Promise<FileHandle | undefined> {
  if ((await look(path)) === undefined) return undefined;
  return openPlain(path, constants.O_RDONLY).catch(absent);
}

/** To read and to append, made where it is missing. */
export async function openToAppend(path: string): Promise<FileHandle> {
  const found = await look(path);
  const handle = await openPlain(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  if (found === undefined) await syncFolder(dirname(path));
  return handle;
}

/**
 * Cuts a file off there, by a handle of its own: Windows cuts nothing off by one that appends. Only if the file there
 * is still the one that was looked at, and as long as it was then: the lock can be lost by a computer that slept, and
 * whoever took it may have put another file in its place.
 */
export async function cutOff(
  path: string,
  end: number,
  { of, size }: { readonly of: FileHandle; readonly size: number },
): Promise<void> {
  const handle = await openPlain(path, constants.O_RDWR);
  try {
    const [there, ours] = [handle, of].map(({ fd }) => fstatSync(fd, { bigint: true }));
    const isOurs = there?.dev === ours?.dev && there?.ino === ours?.ino && there?.size === BigInt(size);
    if (!isOurs) throw fileError("ELOCKED", path);
    // In one breath with the look.
    ftruncateSync(handle.fd, end);
  } finally {
    await handle.close();
  }
}

/** Bytes of a plain file; undefined where there is none. */
export async function readWhole(path: string): Promise<Buffer | undefined> {
  const handle = await openToRead(path);
  try {
    return await handle?.readFile();
  } finally {
    await handle?.close();
  }
}

/** A line of a file as bytes say it, without its newline. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  /** False: no newline ends it, so it is the file's last, and its writer did not finish. */
  readonly whole: boolean;
}

const newline = 0x0a;
const blockBytes = 65_536;

/** The lines from one place to another, in order, block by block: files may be hundreds of megabytes. */
export async function* forward(handle: FileHandle, from: number, to: number): AsyncGenerator<Piece[]> {
  let rest: Buffer = Buffer.alloc(0);
  let at = from;
  for (let step = blockBytes; at < to; ) {
    const bytes = Buffer.concat([rest, await read(handle, at, Math.min(step, to - at))]);
    const start = at - rest.length;
    at = start + bytes.length;
    if (bytes.length === rest.length) break; // the file was cut meanwhile
    const cut = at >= to ? bytes.length : bytes.lastIndexOf(newline) + 1;
    // A long line is read in growing steps: joining it bit by bit would take the square of its length.
    step = cut === 0 ? step * 2 : blockBytes;
    if (cut > 0) yield split(bytes.subarray(0, cut), start);
    rest = bytes.subarray(cut);
  }
}

/** Blocks of lines from the file's end to its beginning, the lines of a block in order. */
export async function* backward(handle: FileHandle, size: number): AsyncGenerator<Piece[]> {
  let rest: Buffer = Buffer.alloc(0);
  let end = size;
  for (let step = blockBytes; end > 0; ) {
    const start = Math.max(0, end - step);
    const bytes = Buffer.concat([await read(handle, start, end - start), rest]);
    end = start;
    // The first line is whole only where the file begins.
    const cut = start === 0 ? 0 : bytes.indexOf(newline) + 1;
    const found = start === 0 || cut > 0;
    step = found ? blockBytes : step * 2;
    if (found) yield split(bytes.subarray(cut), start + cut);
    rest = found ? bytes.subarray(0, cut) : bytes;
  }
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function split(bytes: Buffer, offset: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(newline, start);
    const stop = at === -1 ? bytes.length : at;
    const end = at === -1 ? stop : at + 1;
    pieces.push({
      text: bytes.toString("utf8", start, stop),
      start: offset + start,
      end: offset + end,
      whole: at !== -1,
    });
    start = end;
  }
  return pieces;
}
