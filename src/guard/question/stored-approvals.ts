import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { StampedFiles } from "../../state/ports.ts";
import { createPinCount } from "../channels/page/pins.ts";
import { type Binding, type Open, plainCode, type StoredApprovals, unread } from "./pending-approvals.ts";

export interface StoredApprovalsWorld {
  readonly files: StampedFiles;
  /** What the folder does not contain: whoever can write there cannot write a question that counts. */
  readonly secret: string;
  /** Whose it is: what is of another account counts for nothing. */
  readonly academy: string;
  /** The settings that a question's promises hang on, as text. */
  readonly under: string;
  /** Whether a change was sent on this question, or it ended otherwise, by what the journal says. */
  readonly isOver: (question: string) => Promise<boolean>;
  readonly now: () => number;
}

const version = 1;
const StoredQuestion = z.strictObject({
  version: z.literal(version),
  id: z.string().regex(/^[\w-]{8,40}$/),
  kind: z.enum(["removing", "many"]),
  tool: z.string(),
  call: z.string(),
  under: z.string(),
  /** Null: it could not be read. */
  bound: z.array(z.tuple([z.string(), z.string().nullable()])),
  counts: z.record(z.string(), z.number()),
  until: z.number(),
  code: z.string(),
});
type StoredQuestion = z.output<typeof StoredQuestion>;
const Seal = z.strictObject({ version: z.literal(version), seal: z.string() });
const Used = z.looseObject({ until: z.number() });

const wrongFile = "wrong.json";
const entryOf = (name: string) => `${name}.json`;
const sealOf = (name: string) => `${name}.seal.json`;
const usedOf = (id: string) => `${id}.used.json`;
const refusalOf = (name: string) => `${name}.no.json`;
const tenMinutes = 600_000;

export function createStoredApprovals(world: StoredApprovalsWorld): StoredApprovals {
  const { files, academy, under, isOver, now } = world;
  const key = keyFrom(world.secret, academy);
  const mac = (what: string, ...parts: readonly string[]): string =>
    createHmac("sha256", key())
      .update(JSON.stringify([what, ...parts]))
      .digest("base64url");
  const nameFor = (call: string) => Buffer.from(mac("name", call), "base64url").toString("hex").slice(0, 32);
  const keyed = (binding: Binding): Binding =>
    new Map([...binding].map(([part, one]) => [part, one === unread ? unread : mac("part", part, one)]));
  const codeMac = (id: string, code: string) => mac("code", id, plainCode(code));
  const isOf = (entry: StoredQuestion, code: string) => sameText(entry.code, codeMac(entry.id, code));
  const seal = (name: string, text: string, stamp: string) => mac("seal", name, text, stamp);
  const tries = createPinCount({
    file: {
      read: async () => (await files.read(wrongFile))?.text,
      write: async (text) => void (await files.put(wrongFile, text)),
    },
    alone: (work) => work(),
    now,
  });

  /** Only as this program wrote it, in its place, and not touched since. */
  async function sealedAt(name: string): Promise<StoredQuestion | "edited" | undefined> {
    const [found, kept] = [await files.read(entryOf(name)), await files.read(sealOf(name))];
    // Too large, a link, or something else in its place: nothing that this program wrote.
    if (found === undefined) return (await files.names()).includes(entryOf(name)) ? "edited" : undefined;
    const given = parsed(Seal, kept?.text)?.seal ?? "";
    if (!sameText(given, seal(name, found.text, found.stamp))) return "edited";
    const entry = parsed(StoredQuestion, found.text);
    return entry === undefined || name !== entry.call ? "edited" : entry;
  }

  /** The same, for the settings that hold now. */
  async function entryAt(name: string): Promise<StoredQuestion | "edited" | undefined> {
    const entry = await sealedAt(name);
    return typeof entry === "object" && entry.under !== mac("under", under) ? "edited" : entry;
  }

  const isUsed = async (id: string): Promise<boolean> =>
    (await files.names()).includes(usedOf(id)) || isOver(id).catch(() => true);
  const isGood = async ({ id, until }: StoredQuestion): Promise<boolean> =>
    until > now() && !(await isUsed(id));

  async function remove(name: string): Promise<void> {
    await files.remove(entryOf(name));
    await files.remove(sealOf(name));
  }

  /** First that it is used up: whatever happens next, it is. */
  async function end(name: string, { id, until }: Pick<StoredQuestion, "id" | "until">): Promise<void> {
    await files.put(usedOf(id), JSON.stringify({ version, until }));
    const found = await sealedAt(name);
    if (found !== "edited" && found?.id === id) await remove(name);
  }

  /** Whatever stands for a call is over, under other settings, too: a process that still has it may not use it either. */
  async function replace(name: string): Promise<StoredQuestion | undefined> {
    const before = await sealedAt(name);
    const known = typeof before === "object" ? before : undefined;
    if (known) await end(name, known);
    await remove(name);
    return known;
  }

  /** What is over: questions and marks of those. */
  async function sweep(): Promise<void> {
    for (const file of await files.names()) {
      if (!/\.json$/.test(file) || file === wrongFile || file.endsWith(".seal.json")) continue;
      const until = parsed(Used, (await files.read(file))?.text)?.until;
      // What is not ours, or of a later version, is left to whoever put it there.
      if (until === undefined || until > now()) continue;
      await files.remove(file);
      await files.remove(file.replace(/\.json$/, ".seal.json"));
    }
  }

  async function lookFor(call: string, code: string): Promise<Open | "edited" | undefined> {
    const own = nameFor(call);
    const found = await entryAt(own);
    const stands = typeof found === "object" && (await isGood(found));
    if (stands && isOf(found, code)) return opened(found, call, code);
    // Wrongly used: both the one that was meant and the one that the code was taken from are over.
    let isKnown = stands;
    if (stands) await end(own, found);
    let isEdited = false;
    if (found === "edited") await remove(own);
    for (const name of namesOf(await files.names())) {
      const other = name === own ? undefined : await entryAt(name);
      if (other === "edited") isEdited = true;
      if (typeof other !== "object" || !isOf(other, code)) continue;
      isKnown = true;
      await end(name, other);
    }
    return found === "edited" || (isEdited && !isKnown) ? "edited" : undefined;
  }

  const opened = (
    { id, kind, tool, bound, counts, until }: StoredQuestion,
    call: string,
    code: string,
  ): Open => ({
    question: { id, kind, tool, facts: [], stored: [], expiresAt: until },
    call,
    binding: new Map(bound.map(([part, one]) => [part, one ?? unread])),
    counts,
    args: {},
    code,
    earlier: keyed,
    kept: Promise.resolve(true),
  });

  /** Another process may have used, burnt or replaced it since it was looked for, or since it was kept here. */
  async function stands({ question: { id, expiresAt }, call }: Open): Promise<boolean> {
    const found = await entryAt(nameFor(call));
    if (typeof found !== "object" || found.id !== id) return false;
    return expiresAt > now() && !(await isUsed(id));
  }

  const quietly = async (work: () => Promise<void>): Promise<void> => {
    await files.alone(work).catch(() => {});
  };

  return {
    async keep({ question: { id, kind, tool, expiresAt }, call, binding, counts, code }) {
      if (code === undefined || !StoredQuestion.shape.kind.safeParse(kind).success) return false;
      const name = nameFor(call);
      const entry = {
        version,
        id,
        kind,
        tool,
        call: name,
        under: mac("under", under),
        bound: [...keyed(binding)].map(([part, one]) => [part, one === unread ? null : one]),
        counts,
        until: expiresAt,
        code: codeMac(id, code),
      };
      const text = JSON.stringify(entry);
      return files
        .alone(async () => {
          await sweep();
          await replace(name);
          const stamp = await files.put(entryOf(name), text);
          await files.put(sealOf(name), JSON.stringify({ version, seal: seal(name, text, stamp) }));
          return true;
        })
        .catch(() => false);
    },
    answered: (call, code) =>
      files
        .alone(async () => {
          if (await tries.shut()) return "shut" as const;
          const found = await lookFor(call, code);
          if (found === undefined) await tries.attempt(() => false);
          return found;
        })
        .catch(() => undefined),
    stands: (open) => stands(open).catch(() => false),
    use: (open) =>
      files
        .alone(async () => {
          if (!(await stands(open))) return false;
          const { question, call } = open;
          await end(nameFor(call), { id: question.id, until: question.expiresAt });
          return true;
        })
        .catch(() => false),
    burn: ({ question: { id, expiresAt }, call }) =>
      quietly(() => end(nameFor(call), { id, until: expiresAt })),
    async drop(call) {
      const name = nameFor(call);
      // Somebody may be about to write one.
      if ((await files.names()).length === 0) return undefined;
      return files.alone(() => replace(name)).catch(() => undefined);
    },
    async refuse(call, by) {
      const name = nameFor(call);
      return files
        .alone(async () => {
          await sweep();
          // First what other processes look for before they send.
          await files.put(refusalOf(name), JSON.stringify({ version, by, until: now() + tenMinutes }));
          return replace(name);
        })
        .catch(() => undefined);
    },
    refusal: async (call) => (await files.read(refusalOf(nameFor(call))).catch(() => undefined))?.text,
  };
}

/** Made when first needed: most processes keep no question. */
function keyFrom(secret: string, academy: string): () => Uint8Array {
  let key: Uint8Array | undefined;
  return () => {
    key ??= new Uint8Array(hkdfSync("sha256", secret, academy, "skyprep-mcp stored approvals, 1", 32));
    return key;
  };
}

const namesOf = (files: readonly string[]): string[] =>
  files.flatMap((file) => /^([0-9a-f]{32})\.json$/.exec(file)?.[1] ?? []);

function parsed<T extends z.ZodType>(form: T, text: string | undefined): z.output<T> | undefined {
  if (text === undefined) return undefined;
  try {
    return form.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
