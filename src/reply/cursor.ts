import { createHash } from "node:crypto";

/** Where a list goes on: opaque to clients, short because models carry it, good for any process of this account. */
export interface Position {
  /** Rows already handed out, counted before filters of ours. */
  readonly offset: number;
  /** What the list looked like then: of a whole list its rows' identities, of pages the last row handed out. */
  readonly mark: string;
}

/** A cursor that cannot be used, and what to do. */
export class BadCursor extends Error {}

export const notOurs =
  "cursor is not one that this server gave: copy it from the last reply, or leave it out.";
const version = 1;
const callBytes = 5;
const markBytes = 5;
const length = 1 + callBytes + markBytes + 4;

/** A digest short enough for a cursor; equal for equal texts. */
export const digest = (text: string): string =>
  createHash("sha256").update(text).digest().subarray(0, markBytes).toString("hex");

/** `call`: everything the rows depend on: account, tool and its arguments. */
export function writeCursor(call: string, { offset, mark }: Position): string {
  const bytes = Buffer.alloc(length);
  bytes[0] = version;
  bytes.write(digest(call), 1, "hex");
  bytes.write(mark, 1 + callBytes, "hex");
  bytes.writeUInt32BE(offset, 1 + callBytes + markBytes);
  return bytes.toString("base64url");
}

export function readCursor(cursor: string, call: string): Position {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length !== length || bytes[0] !== version || bytes.toString("base64url") !== cursor) {
    throw new BadCursor(notOurs);
  }
  if (bytes.toString("hex", 1, 1 + callBytes) !== digest(call)) {
    throw new BadCursor(
      "cursor belongs to another call: repeat the call it came from, with the same arguments.",
    );
  }
  return {
    mark: bytes.toString("hex", 1 + callBytes, 1 + callBytes + markBytes),
    offset: bytes.readUInt32BE(1 + callBytes + markBytes),
  };
}
