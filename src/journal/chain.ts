import { createHash } from "node:crypto";
import { version } from "../state/files/version.ts";
import { type Draft, type Entry, fieldsOf } from "./entry.ts";

/** The last line of a chain, as far as the next one needs it. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** What the first line follows. */
export const beginning: Link = { seq: 0, hash: "0".repeat(64) };

export interface Place {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly prev: string;
  /** Unguessable, so that a seal does not give away what stood under it. */
  readonly salt: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What may name a person. `hash` covers it only by way of `sealed`, so that it can be forgotten. */
export const personal = ["arguments", "targets", "question", "why"] as const;
const outside: ReadonlySet<string> = new Set([...personal, "salt", "forgotten", "hash"]);

const sealOf = (salt: string, entry: Readonly<Record<string, unknown>>) =>
  sha256(salt + JSON.stringify(personal.map((key) => entry[key] ?? null)));
const hashOf = (entry: Readonly<Record<string, unknown>>) =>
  sha256(JSON.stringify(Object.entries(entry).filter(([key]) => !outside.has(key))));

/** A line in its place. What JSON cannot say is dropped first: what is hashed is what will be read back. */
export function seal(draft: Draft, { seq, at, prev, salt }: Place): Entry {
  const fields = JSON.parse(JSON.stringify(fieldsOf(draft))) as Record<string, unknown>;
  const open = { version, seq, at, ...fields, line: draft.line, salt, sealed: sealOf(salt, fields), prev };
  return { ...open, hash: hashOf(open) };
}

export const textOf = (entry: Entry): string => JSON.stringify(entry);

/** What is wrong with a line in itself, in an administrator's words; undefined where it is as it was written. */
export function innerFault(entry: Entry, text: string): string | undefined {
  const { hash, salt, forgotten, sealed } = entry;
  if (hashOf(entry) !== hash || textOf(entry) !== text) return "it was edited";
  const whole = forgotten ? salt === undefined : salt !== undefined && sealOf(salt, entry) === sealed;
  return whole ? undefined : "what it says was done, and on whom, was edited";
}

/** What is wrong with its place behind another; undefined where it follows. */
export function placeFault(entry: Entry, before: Link): string | undefined {
  const { seq, prev, line } = entry;
  const missing = line === "gap" ? Number(entry.missing) : 0;
  const from = before.seq + missing + 1;
  if (seq <= before.seq) return `it stands after line ${before.seq}: it was copied or moved`;
  if (seq === from + 1) return `line ${from} is missing before it`;
  if (seq > from) return `lines ${from} to ${seq - 1} are missing before it`;
  if (prev !== before.hash) return "it does not follow from the line before it";
  if (line !== "gap") return undefined;
  return missing === 0
    ? "journal.head was gone when it was written; whether lines before it are missing cannot be told"
    : `${missing === 1 ? "1 line is" : `${missing} lines are`} missing before it: the file had been cut`;
}
