import { z } from "zod";
import type { Line } from "./line.ts";

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
