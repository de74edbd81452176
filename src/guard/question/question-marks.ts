import { z } from "zod";
import type { StampedFiles } from "../../state/ports.ts";
import { type Binding, unread } from "./pending-approvals.ts";
import { parsed, type SealedFiles, version } from "./sealed-files.ts";

/** Null: it could not be read. */
const Bound = z.array(z.tuple([z.string(), z.string().nullable()]));
export const kinds = ["irreversible", "removing", "credential", "power", "many"] as const;

/** What is kept of every question, whoever answers it. */
export const commonFields = {
  version: z.literal(version),
  id: z.string().regex(/^[\w-]{8,40}$/),
  tool: z.string(),
  call: z.string(),
  under: z.string(),
  bound: Bound,
  counts: z.record(z.string(), z.number()),
  until: z.number(),
};

export const keyedWith =
  (mac: SealedFiles["mac"]) =>
  (binding: Binding): Binding =>
    new Map([...binding].map(([part, one]) => [part, one === unread ? unread : mac("part", part, one)]));
export const partsOf = (binding: Binding): z.output<typeof Bound> =>
  [...binding].map(([part, one]) => [part, one === unread ? null : one]);
export const bindingIn = (bound: z.output<typeof Bound>): Binding =>
  new Map(bound.map(([part, one]) => [part, one ?? unread]));

const Mark = z.looseObject({ until: z.number() });
const usedOf = (id: string) => `${id}.used.json`;
const refusalOf = (name: string) => `${name}.no.json`;
const wrongFile = "wrong.json";

export interface QuestionMarksWorld {
  readonly files: StampedFiles;
  readonly now: () => number;
  readonly betweenSweepsMs: number;
}

/** Beside the questions: which are used up, and to which calls somebody said no. Without seals: nobody gains by forging one. */
export function createQuestionMarks({ files, now, betweenSweepsMs }: QuestionMarksWorld) {
  let swept = Number.NEGATIVE_INFINITY;
  /** As text that differs from that of any other. */
  const refusal = async (name: string): Promise<string | undefined> =>
    (await files.read(refusalOf(name)))?.text;
  return {
    isUsed: async (id: string): Promise<boolean> => (await files.names()).includes(usedOf(id)),
    use: async (id: string, until: number): Promise<void> =>
      void (await files.put(usedOf(id), JSON.stringify({ version, until }))),
    refusal,
    refuse: async (name: string, by: string, until: number): Promise<void> =>
      void (await files.put(refusalOf(name), JSON.stringify({ version, by, until }))),
    /** Whether a no came since it was put; one that was there before may be gone by now. */
    async isRefusedSince(before: string | null, name: string): Promise<boolean> {
      const last = await refusal(name);
      const isLasting = (no: string) => (parsed(Mark, no)?.until ?? 0) > now();
      return last === undefined ? before !== null && isLasting(before) : last !== before;
    },
    /** What is over: questions and marks of those. */
    async sweep(): Promise<void> {
      if (now() < swept + betweenSweepsMs) return;
      swept = now();
      for (const file of await files.names()) {
        if (!/\.json$/.test(file) || file === wrongFile || file.endsWith(".seal.json")) continue;
        const until = parsed(Mark, (await files.read(file))?.text)?.until;
        // What is not ours, or of a later version, is left to whoever put it there.
        if (until === undefined || until > now()) continue;
        await files.remove(file);
        await files.remove(file.replace(/\.json$/, ".seal.json"));
      }
    },
  };
}
