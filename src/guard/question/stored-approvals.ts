import { z } from "zod";
import type { StampedFiles } from "../../state/ports.ts";
import { createPinCount } from "../channels/page/pins.ts";
import { plainCode } from "./confirm-code.ts";
import type { Open, StoredApprovals } from "./pending-approvals.ts";
import { bindingIn, commonFields, createQuestionMarks, keyedWith, kinds, partsOf } from "./question-marks.ts";
import { plainPhrase } from "./question-text.ts";
import { createSealedFiles, sameText, version } from "./sealed-files.ts";

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
  /** Whatever a form asks is kept, too: its answer may come to another process, as over HTTP. */
  readonly forms?: boolean;
  /** For how long a question may wait at most, in milliseconds; left out: ten minutes. */
  readonly longestMs?: number | undefined;
}

const StoredQuestion = z.strictObject({
  ...commonFields,
  kind: z.enum(["removing", "many"]),
  code: z.string(),
});
type StoredQuestion = z.output<typeof StoredQuestion>;
const StoredForm = z.strictObject({
  ...commonFields,
  kind: z.enum(kinds),
  /** A keyed digest of what has to be typed; null: a yes is enough. */
  phrase: z.string().nullable(),
  /** The last no to this call when it was put. */
  refusal: z.string().nullable(),
});
type StoredForm = z.output<typeof StoredForm>;

const wrongFile = "wrong.json";
const tenMinutes = 600_000;

export function createStoredApprovals(world: StoredApprovalsWorld): StoredApprovals {
  const { files, under, isOver, now, forms = false, longestMs = tenMinutes } = world;
  const sealed = createSealedFiles(world);
  // Each sweep costs as many reads as there are: where many ask, not every one of them pays for that.
  const marks = createQuestionMarks({ files, now, betweenSweepsMs: forms ? 60_000 : 0 });
  const { sweep } = marks;
  const { mac } = sealed;
  const nameFor = (call: string) => sealed.nameFor("name", call);
  const formFor = (id: string) => `${sealed.nameFor("form", id)}.form`;
  const placeOf = ({ form, question, call }: Open) => (forms && form ? formFor(question.id) : nameFor(call));
  const keyed = keyedWith(mac);
  const codeMac = (id: string, code: string) => mac("code", id, plainCode(code));
  const phraseMac = (id: string, phrase: string) => mac("phrase", id, plainPhrase(phrase));
  const isOf = (entry: StoredQuestion, code: string) => sameText(entry.code, codeMac(entry.id, code));
  const tries = createPinCount({
    file: {
      read: async () => (await files.read(wrongFile))?.text,
      write: async (text) => void (await files.put(wrongFile, text)),
    },
    alone: (work) => work(),
    now,
  });

  /** Only as this program wrote it, in its place, and not touched since. */
  async function sealedAt(name: string): Promise<StoredQuestion | StoredForm | "edited" | undefined> {
    const isForm = name.endsWith(".form");
    const entry = await sealed.read(name, isForm ? StoredForm : StoredQuestion);
    if (typeof entry !== "object") return entry;
    return name === (isForm ? formFor(entry.id) : entry.call) ? entry : "edited";
  }

  /** The same, for the settings that hold now. */
  async function entryAt(name: string) {
    const entry = await sealedAt(name);
    return typeof entry === "object" && entry.under !== mac("under", under) ? "edited" : entry;
  }
  const codedAt = async (name: string): Promise<StoredQuestion | "edited" | undefined> => {
    const entry = await entryAt(name);
    return typeof entry === "object" && !("code" in entry) ? "edited" : entry;
  };
  const formAt = async (id: string): Promise<StoredForm | undefined> => {
    const entry = await entryAt(formFor(id));
    return typeof entry === "object" && "phrase" in entry ? entry : undefined;
  };

  const isUsed = async (id: string): Promise<boolean> =>
    (await marks.isUsed(id)) || isOver(id).catch(() => true);
  const isGood = async ({ id, until }: StoredQuestion | StoredForm): Promise<boolean> =>
    until > now() && !(await isUsed(id));

  /** First that it is used up: whatever happens next, it is. */
  async function end(name: string, { id, until }: Pick<StoredQuestion, "id" | "until">): Promise<void> {
    await marks.use(id, until);
    const found = await sealedAt(name);
    if (found !== "edited" && found?.id === id) await sealed.remove(name);
  }

  /** Whatever stands for a call is over, under other settings, too: a process that still has it may not use it either. */
  async function replace(name: string): Promise<StoredQuestion | StoredForm | undefined> {
    const before = await sealedAt(name);
    const known = typeof before === "object" ? before : undefined;
    if (known) await end(name, known);
    await sealed.remove(name);
    return known;
  }

  async function lookFor(call: string, code: string): Promise<Open | "edited" | undefined> {
    const own = nameFor(call);
    const found = await codedAt(own);
    const stands = typeof found === "object" && (await isGood(found));
    if (stands && isOf(found, code)) return opened(found, call, code);
    // Wrongly used: both the one that was meant and the one that the code was taken from are over.
    let isKnown = stands;
    if (stands) await end(own, found);
    let isEdited = false;
    if (found === "edited") await sealed.remove(own);
    for (const name of namesOf(await files.names())) {
      const other = name === own ? undefined : await codedAt(name);
      if (other === "edited") isEdited = true;
      if (typeof other !== "object" || !isOf(other, code)) continue;
      isKnown = true;
      await end(name, other);
    }
    return found === "edited" || (isEdited && !isKnown) ? "edited" : undefined;
  }

  const reopened = (
    { id, kind, tool, bound, counts, until }: StoredQuestion | StoredForm,
    call: string,
  ): Open => ({
    question: { id, kind, tool, facts: [], stored: [], expiresAt: until },
    call,
    binding: bindingIn(bound),
    counts,
    args: {},
    earlier: keyed,
    kept: Promise.resolve(true),
  });
  const opened = (entry: StoredQuestion, call: string, code: string): Open => ({
    ...reopened(entry, call),
    code,
  });

  const refusal = (call: string): Promise<string | undefined> => marks.refusal(nameFor(call));
  const isRefusedSince = (before: string | null, call: string): Promise<boolean> =>
    marks.isRefusedSince(before, nameFor(call));

  /** Another process may have used, burnt or replaced it since it was looked for, or since it was kept here. */
  async function stands(open: Open): Promise<boolean> {
    const { question, call } = open;
    const { id, expiresAt } = question;
    const found = await entryAt(placeOf(open));
    if (typeof found !== "object" || found.id !== id) return false;
    if ("refusal" in found && (await isRefusedSince(found.refusal, call))) return false;
    return expiresAt > now() && !(await isUsed(id));
  }

  const quietly = async (work: () => Promise<void>): Promise<void> => {
    await files.alone(work).catch(() => {});
  };

  return {
    forms,
    async keep(open) {
      const { question, call, binding, counts, code } = open;
      const { id, kind, tool, phrase, expiresAt } = question;
      const isForm = forms && open.form === true;
      if (!isForm && (code === undefined || !StoredQuestion.shape.kind.safeParse(kind).success)) return false;
      const name = placeOf(open);
      const entry = {
        version,
        id,
        kind,
        tool,
        call: nameFor(call),
        under: mac("under", under),
        bound: partsOf(keyed(binding)),
        counts,
        until: expiresAt,
      };
      return files
        .alone(async () => {
          await sweep();
          if (!isForm) await replace(name);
          await sealed.put(name, {
            ...entry,
            ...(isForm
              ? {
                  phrase: phrase === undefined ? null : phraseMac(id, phrase),
                  refusal: (await refusal(call)) ?? null,
                }
              : { code: codeMac(id, code ?? "") }),
          });
          return true;
        })
        .catch(() => false);
    },
    form: (id, call) =>
      files
        .alone(async () => {
          const entry = await formAt(id);
          if (entry === undefined || entry.call !== nameFor(call)) return undefined;
          if (entry.until <= now() || (await marks.isUsed(id))) return undefined;
          // First: the journal calls it over, too, where the no to another question ended it.
          const isRefused = await isRefusedSince(entry.refusal, call);
          if (!isRefused && (await isUsed(id))) return undefined;
          const { phrase } = entry;
          const last = await refusal(call);
          return {
            ...reopened(entry, call),
            form: true as const,
            typed: (given: string) =>
              phrase === null || (plainPhrase(given) !== "" && sameText(phrase, phraseMac(id, given))),
            refusalBefore: Promise.resolve(last),
            ...(isRefused && { refused: true as const }),
          };
        })
        .catch(() => undefined),
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
          const { id, expiresAt: until } = open.question;
          await end(placeOf(open), { id, until });
          return true;
        })
        .catch(() => false),
    burn: (open) =>
      quietly(() => end(placeOf(open), { id: open.question.id, until: open.question.expiresAt })),
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
          await marks.refuse(name, by, now() + longestMs);
          return replace(name);
        })
        .catch(() => undefined);
    },
    refusal: (call) => refusal(call).catch(() => undefined),
  };
}

const namesOf = (files: readonly string[]): string[] =>
  files.flatMap((file) => /^([0-9a-f]{32})\.json$/.exec(file)?.[1] ?? []);
