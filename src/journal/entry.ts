import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { fileError, isNewerText, version, writeWhole } from "../state/files/safe-files.ts";
import { type Change, journalFile, type Line, type Outcome as OutcomeLine } from "./line.ts";
import { backward, forward, look, openToRead, type Piece, readWhole } from "./safe-file.ts";

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
const agreedBy = z.enum(["form", "page", "code", "terminal", "nobody"]);
const place = { seq: z.number(), at: z.string() };
const madeBy = {
  person: z.string().exactOptional(),
  client_id: z.string().exactOptional(),
  replica: z.string().exactOptional(),
  trace: z.string().exactOptional(),
};
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
  policy: z.string().exactOptional(),
  counts: z.partialRecord(z.enum(["enrollments", "access_ends", "mails"]), z.number()).exactOptional(),
  run: z.string().exactOptional(),
  call: z.string().exactOptional(),
  client: z.string().exactOptional(),
  approver: z.string().exactOptional(),
  before: z.literal(true).exactOptional(),
  ...madeBy,
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
  why: z.string().exactOptional(),
  ...madeBy,
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
export const firstLink: Link = { seq: 0, hash: "0".repeat(64) };

export interface LinePlace {
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
const outside: ReadonlySet<string> = new Set([
  ...personal,
  "person",
  "approver",
  "client_id",
  "salt",
  "forgotten",
  "hash",
]);

const sealOf = (salt: string, entry: Readonly<Record<string, unknown>>) => {
  // Whoever made it, where a server serves several: lines of one desk are sealed as they always were.
  const by = entry.person === undefined ? [] : [entry.person];
  const agreed = entry.approver === undefined ? [] : [{ approver: entry.approver }];
  const through = entry.client_id === undefined ? [] : [{ client_id: entry.client_id }];
  const said = personal.map((key) => entry[key] ?? null);
  return sha256(salt + JSON.stringify([...said, ...by, ...agreed, ...through]));
};
const hashOf = (entry: Readonly<Record<string, unknown>>) =>
  sha256(JSON.stringify(Object.entries(entry).filter(([key]) => !outside.has(key))));

/** A line in its place. What JSON cannot say is dropped first: what is hashed is what will be read back. */
export function seal(draft: Draft, { seq, at, prev, salt }: LinePlace): Entry {
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
  if (json !== undefined && isNewerText(json.toString("utf8"))) throw fileError("ENEWER", pathOf(folder));
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
  writeWhole(pathOf(folder), JSON.stringify({ version, ...checkpoint }));

const anyPlace = { seq: 1, at: new Date(0).toISOString(), prev: firstLink.hash, salt: "" };

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

/** Intents joined with what became of them, oldest first. */
export function changesOf(lines: Iterable<Line>): Change[] {
  const intents: Extract<Line, { line: "intent" }>[] = [];
  const ended = new Map<number, { outcome: OutcomeLine; ms: number }>();
  for (const line of lines) {
    if (line.line === "intent") intents.push(line);
    // Only what was unknown can still become known: the first that knows stays.
    if (line.line === "outcome" && (ended.get(line.of)?.outcome.is ?? "unknown") === "unknown")
      ended.set(line.of, { outcome: line.outcome, ms: line.ms });
  }

  const undone = new Map<number, number>();
  for (const { seq, undoes } of intents)
    if (undoes !== undefined && ended.get(seq)?.outcome.is !== "failed") undone.set(undoes, seq);

  return intents.map(({ seq, at, line: _, ...intent }) => {
    const undoneBy = undone.get(seq);
    return { seq, at, intent, ...ended.get(seq), ...(undoneBy !== undefined && { undoneBy }) };
  });
}

/**
 * The whole journal, oldest first; what cannot be read is passed over, and left to `verify`. `worth` tells of a line's
 * text, which costs little, that it cannot be wanted.
 */
export async function readLines(
  folder: string,
  wanted: (line: Line) => boolean,
  worth: (text: string) => boolean = () => true,
): Promise<Line[]> {
  const file = await openToRead(journalFile(folder));
  if (file === undefined) return [];
  const lines: Line[] = [];
  try {
    for await (const pieces of forward(file, 0, (await file.stat()).size)) {
      for (const { text, whole } of pieces) {
        const entry = whole && worth(text) ? parseEntry(text) : undefined;
        const line = entry && lineOf(entry);
        if (line !== undefined && wanted(line)) lines.push(line);
      }
    }
  } finally {
    await file.close();
  }
  return lines;
}

/** The file's lines since then, whoever wrote them. */
export type Recent = (from: number) => Promise<readonly Line[]>;

interface ReadSoFar {
  /** Another file in its place has another one. */
  readonly identity: string;
  /** Lines from then on are known. */
  readonly from: number;
  /** How far the file was read, and the hash of the last line before that. */
  readonly read: number;
  readonly hash: string | undefined;
  readonly lines: readonly Line[];
}

// A few old lines more cost less than a sweep at every call.
const slackMs = 600_000;

/** Remembers what it read: one look at the file where nothing is new, and the new bytes where something is. */
export function createRecent(file: string): Recent {
  let known: ReadSoFar | undefined;
  let last: Promise<unknown> = Promise.resolve();

  return (from) => {
    const mine = last.then(() => refresh(from));
    last = mine.catch(() => {});
    return mine;
  };

  async function refresh(from: number): Promise<readonly Line[]> {
    const found = await look(file);
    if (found === undefined) known = undefined;
    else if (!(goesOn(known, found, from) && known?.read === found.size)) {
      const handle = await openToRead(file);
      try {
        known = handle && (await readOn(handle, from, known));
      } finally {
        await handle?.close();
      }
    }
    if (known !== undefined && Date.parse(known.lines[0]?.at ?? "") < from - slackMs)
      known = { ...known, from, lines: known.lines.filter(({ at }) => Date.parse(at) >= from) };
    return known?.lines.filter(({ at }) => Date.parse(at) >= from) ?? [];
  }
}

const identityOf = ({ dev, ino, birthtimeMs }: Stats) => `${dev} ${ino} ${birthtimeMs}`;
const goesOn = (known: ReadSoFar | undefined, found: Stats, from: number) =>
  known?.identity === identityOf(found) && known.from <= from && known.read <= found.size;

async function readOn(handle: FileHandle, from: number, before: ReadSoFar | undefined): Promise<ReadSoFar> {
  const found = await handle.stat();
  if (before !== undefined && goesOn(before, found, from)) {
    const { entries, read, prev } = await collect(forward(handle, before.read, found.size), before.read);
    // A file that was cut and written anew has other lines behind the place we know, or half of one.
    if (read === before.read || (prev !== undefined && prev === (before.hash ?? prev))) {
      const hash = entries.at(-1)?.hash ?? before.hash;
      return { ...before, read, hash, lines: [...before.lines, ...shown(entries)] };
    }
  }
  const blocks: Piece[][] = [];
  for await (const pieces of backward(handle, found.size)) {
    blocks.unshift(pieces);
    if (allBefore(from, pieces)) break;
  }
  const { entries, read } = await collect(blocks, 0);
  return { identity: identityOf(found), from, read, hash: entries.at(-1)?.hash, lines: shown(entries) };
}

async function collect(blocks: AsyncIterable<Piece[]> | Iterable<Piece[]>, from: number) {
  const entries: Entry[] = [];
  let read = from;
  let prev: string | undefined;
  for await (const pieces of blocks) {
    for (const { text, end, whole } of pieces) {
      // A line that is still being written is read next time.
      if (!whole) continue;
      const entry = parseEntry(text);
      if (read === from) prev = entry?.prev;
      read = end;
      if (entry !== undefined) entries.push(entry);
    }
  }
  return { entries, read, prev };
}

const shown = (entries: readonly Entry[]) => entries.map(lineOf).filter((line) => line !== undefined);

/** A whole block, not a line: a clock put right leaves single lines with an older time behind newer ones. */
function allBefore(from: number, pieces: readonly Piece[]): boolean {
  const times = pieces.map(({ text }) => Date.parse(parseEntry(text)?.at ?? "")).filter(Number.isFinite);
  return times.length > 0 && times.every((time) => time < from);
}

/** A change is undone once, whoever else is at it. */
export const undoneOnce = (undoes: number | undefined, recent: readonly Change[]): string | undefined =>
  undoes !== undefined &&
  recent.some(({ intent, outcome }) => intent.undoes === undoes && outcome?.is !== "failed")
    ? `Change ${undoes} is being undone already: list_changes shows how that ended.`
    : undefined;
