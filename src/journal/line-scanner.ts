import type { FileHandle } from "node:fs/promises";

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
