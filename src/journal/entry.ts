import { createHash } from "node:crypto";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { refusal } from "../state/files/owner.ts";
import { isNewerText, version } from "../state/files/write-check.ts";
import type { Line } from "./line.ts";
import { putWhole, readWhole } from "./safe-file.ts";

/** A line before it has its place in the chain. */
export type Draft = Line extends infer One ? (One extends Line ? Omit<One, "seq" | "at"> : never) : never;

/**
 * A line as it stands on disk, as far as the chain needs it: lines of kinds that only a later version knows
 * are chained and checked all the same.
 */
const Entry = z.looseObject({
  /** Of the program that wrote it; 0.1.0 said none. */
  version: z.unknown().optional(),
  seq: z.int().positive(),
  at: z.string(),
  line: z.string(),
  /** Covers what may name a person, so that it can be erased without breaking the chain. */
  sealed: z.string(),
  salt: z.string().optional(),
  /** A person was forgotten: `salt` is gone, and what it sealed is masked. */
  forgotten: z.literal(true).optional(),
  prev: z.string(),
  hash: z.string(),
});
export type Entry = z.output<typeof Entry>;

/** Undefined where the text is no line of a journal. */
export function parseEntry(text: string): Entry | undefined {
  try {
    // As it was read, not as the schema gives it back: the order of the fields is hashed too.
    const read: unknown = JSON.parse(text);
    return Entry.safeParse(read).success ? (read as Entry) : undefined;
  } catch {
    return undefined;
  }
}

/** An outcome stands flat on disk, so that the words in it are sealed apart like those of other lines. */
export function fieldsOf(draft: Draft): Record<string, unknown> {
  if (draft.line !== "outcome") return { ...draft };
  const {
    outcome: { is, ...more },
    ...rest
  } = draft;
  return { ...rest, outcome: is, ...more };
}

const kind = z.enum(["irreversible", "removing", "credential", "power", "many"]);
const agreedBy = z.enum(["form", "page", "code", "nobody"]);
const place = { seq: z.number(), at: z.string() };
const Target = z.object({
  kind: z.string(),
  id: z.number().exactOptional(),
  login: z.string().exactOptional(),
  name: z.string().exactOptional(),
});
const Intent = z.object({
  ...place,
  line: z.literal("intent"),
  tool: z.string(),
  account: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  targets: z.array(Target),
  kind: kind.exactOptional(),
  agreed: agreedBy,
  question: z.string().exactOptional(),
  pairs: z.number().exactOptional(),
  undoes: z.number().exactOptional(),
  plan: z.string().exactOptional(),
  client: z.string().exactOptional(),
  before: z.literal(true).exactOptional(),
});
const Outcome = z
  .object({
    ...place,
    line: z.literal("outcome"),
    of: z.number(),
    outcome: z.enum(["done", "failed", "unknown"]),
    made: z.number().exactOptional(),
    why: z.string().optional(),
    ms: z.number(),
  })
  .transform(({ outcome: is, made, why = "", ...rest }) => ({
    ...rest,
    outcome: is === "done" ? { is, ...(made !== undefined && { made }) } : { is, why },
  }));
const Asked = z.object({
  ...place,
  line: z.literal("asked"),
  question: z.string(),
  account: z.string(),
  tool: z.string(),
  kind,
  said: z.enum(["asked", "yes", "no", "cancelled", "wrong", "expired", "changed", "failed"]),
  by: agreedBy.exactOptional(),
});
const Gap = z.object({ ...place, line: z.literal("gap"), missing: z.number() });
const Shown: z.ZodType<Line> = z.discriminatedUnion("line", [Intent, Outcome, Asked, Gap]);

/** The line for those who read it; undefined where only a later version would understand it. */
export const lineOf = (entry: Entry): Line | undefined => Shown.safeParse(entry).data;

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

/** Where the chain ended when it was last written: what makes a cut tail seen. */
const Checkpoint = z.object({
  seq: z.int().nonnegative(),
  hash: z.string(),
  /** The size of `journal.jsonl`. */
  bytes: z.int().nonnegative(),
});
export type Checkpoint = z.output<typeof Checkpoint>;

const pathOf = (folder: string) => join(folder, "journal.head");

/** Undefined where there is none that can be read. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  return checkpointIn(await readWhole(pathOf(folder)));
}

/** The same for whoever goes on from there. @throws ENEWER */
export async function checkpointToGoOnFrom(folder: string): Promise<Checkpoint | undefined> {
  const json = await readWhole(pathOf(folder));
  if (json !== undefined && isNewerText(json.toString("utf8"))) throw refusal("ENEWER", pathOf(folder));
  return checkpointIn(json);
}

function checkpointIn(json: Buffer | undefined): Checkpoint | undefined {
  try {
    return json && Checkpoint.safeParse(JSON.parse(json.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Only for those who hold the lock. */
export const writeCheckpoint = (folder: string, checkpoint: Checkpoint): Promise<void> =>
  putWhole(pathOf(folder), JSON.stringify({ version, ...checkpoint }));

const anyPlace = { seq: 1, at: new Date(0).toISOString(), prev: beginning.hash, salt: "" };

/**
 * Whether a line, once it is written, says to whoever reads it exactly what was handed in. One that does not would
 * stand in no list and count in no budget, and the chain would still be whole.
 */
export function readsBack(draft: Draft): boolean {
  const text = textOf(seal(draft, anyPlace));
  const entry = parseEntry(text);
  const line = entry && innerFault(entry, text) === undefined ? lineOf(entry) : undefined;
  if (line === undefined) return false;
  const { seq: _, at: __, ...said } = line;
  return isDeepStrictEqual(said, JSON.parse(JSON.stringify(draft)));
}
