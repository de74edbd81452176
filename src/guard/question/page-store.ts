import { z } from "zod";
import type { AskedLine } from "../../journal/line.ts";
import type { Approver } from "../channels/approval-channels.ts";
import type { Question } from "./question.ts";
import { commonFields, createQuestionMarks, keyedWith, kinds } from "./question-marks.ts";
import { createSealedFiles, parsed, type SealedFilesWorld } from "./sealed-files.ts";

/** Whoever is signed in. */
export interface Answering {
  readonly person: string;
  readonly groups: readonly string[];
}

/** What the server of a team knows of one of its academies, and this program does not. */
export interface PageTeam {
  /** Its name in the team: two of them may be of one account. */
  readonly academy: string;
  /** Somebody else has to agree: nothing that whoever asks answers counts. */
  readonly fourEyes: boolean;
  /** How long a question is good, in milliseconds. */
  readonly goodMs: number;
  /** What nobody reads who has the folder, or the database, alone. */
  readonly sealing: { seal(text: string): string; open(sealed: string): string | undefined };
  readonly addressOf: (question: string) => string;
  /**
   * By what somebody may answer whatever `asker` was asked, as a text that changes with it; undefined: they may not.
   */
  readonly standing: (who: Answering, asker: string) => string | undefined;
  /** A question waits; how many do now. */
  readonly onWaiting: (question: Pick<Question, "id" | "kind">, waiting: number) => void;
}

export interface PagePlace extends SealedFilesWorld {
  /** Of the account, in the journal. */
  readonly account: string;
  /** The settings that a question's promises hang on, as text. */
  readonly under: string;
  readonly isOver: (question: string) => Promise<boolean>;
  readonly note: (asked: AskedLine) => Promise<void>;
  readonly now: () => number;
  /** Of whatever keeps the questions, the same for all replicas; left out: this computer's. */
  readonly clock?: (() => Promise<number>) | undefined;
}

export const PageEntry = z.strictObject({
  ...commonFields,
  kind: z.enum(kinds),
  /** Under which a no to the same call stands, whoever puts the question. */
  named: z.string(),
  refusal: z.string().nullable(),
  since: z.number(),
  wrong: z.number(),
  /** Sealed: the words, who asks. */
  shown: z.string(),
  /** Sealed: what was said, and by whom. */
  answer: z.string().nullable(),
});
export type PageEntry = z.output<typeof PageEntry>;

const Words = z.strictObject({
  id: z.string(),
  academy: z.string(),
  asker: z.string(),
  client: z.string(),
  facts: z.array(z.string()),
  stored: z.array(z.string()),
  phrase: z.string().optional(),
  zone: z.string().optional(),
  rows: z.array(z.tuple([z.string(), z.string()])),
});
export type Words = z.output<typeof Words>;
const Said = z.strictObject({
  id: z.string(),
  /** `wrong`: something else was typed too often. */
  said: z.enum(["yes", "no", "wrong"]),
  asker: z.string(),
  person: z.string(),
  groups: z.array(z.string()),
  standing: z.string(),
  reason: z.string().optional(),
});
export type Said = z.output<typeof Said>;

const fileOf = /^([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{32})\.page\.json$/;

export interface KeptEntry {
  readonly name: string;
  readonly entry: PageEntry;
  readonly words: Words;
}

/** Where questions of a page stand: by call, by address and by whoever asks, none of which the name tells. */
export function createPageStore(place: PagePlace, team: PageTeam) {
  const { files, isOver, now } = place;
  const { academy, sealing } = team;
  const sealed = createSealedFiles(place);
  const { mac, nameFor } = sealed;
  const marks = createQuestionMarks({ files, now, betweenSweepsMs: 60_000 });
  const clock = place.clock ?? (async () => now());
  const callOf = (call: string) => nameFor("page", JSON.stringify([academy, call]));
  const addressOf = (id: string) => nameFor("address", id);
  const askerOf = (person: string) => nameFor("asker", JSON.stringify([academy, person]));
  const nameOf = ({ call, id }: Pick<PageEntry, "call" | "id">, asker: string) =>
    `${call}.${addressOf(id)}.${askerOf(asker)}.page`;

  const names = async () =>
    (await files.names()).flatMap((file) => {
      const [, call = "", address = "", asker = ""] = fileOf.exec(file) ?? [];
      return call === "" ? [] : [{ name: file.replace(/\.json$/, ""), call, address, asker }];
    });

  /** As this program wrote it, of this academy, and not touched since. */
  async function at(name: string): Promise<KeptEntry | undefined> {
    const entry = await sealed.read(name, PageEntry);
    if (typeof entry !== "object") return undefined;
    const words = parsed(Words, sealing.open(entry.shown));
    if (words?.id !== entry.id || words.academy !== academy) return undefined;
    return { name, entry, words };
  }

  function saidIn(text: string | null): Said | undefined {
    return text === null ? undefined : parsed(Said, sealing.open(text));
  }

  return {
    alone: files.alone,
    quietly: <T>(work: () => Promise<T>): Promise<T | undefined> => files.alone(work).catch(() => undefined),
    marks,
    clock,
    callOf,
    addressOf,
    askerOf,
    nameOf,
    /** Under which a no to a call stands, whoever puts the question. */
    refusedAs: (call: string) => nameFor("name", call),
    keyed: keyedWith(mac),
    under: mac("under", place.under, academy, String(team.fourEyes)),
    names,
    at,
    async find(what: { readonly call?: string; readonly address?: string }): Promise<KeptEntry | undefined> {
      const found = (await names()).find(
        ({ call, address }) => (what.call ?? call) === call && (what.address ?? address) === address,
      );
      return found && at(found.name);
    },
    put: ({ name, entry }: Omit<KeptEntry, "words">): Promise<void> => sealed.put(name, entry),
    isReadable: ({ shown }: PageEntry): boolean => sealing.open(shown) !== undefined,
    seal: (what: Words | Said): string => sealing.seal(JSON.stringify(what)),
    saidOf({ id, answer }: PageEntry): Said | undefined {
      const said = saidIn(answer);
      return said?.id === id ? said : undefined;
    },
    approver(text: string): Approver | undefined {
      const said = saidIn(text);
      if (said?.said !== "yes") return undefined;
      const mayStill = () => team.standing(said, said.asker) === said.standing;
      return { person: said.person, sealed: text, mayStill };
    },
    /** Whether it is still to be answered, or to be used. */
    async isGood({ id, until, refusal, named }: PageEntry): Promise<boolean> {
      if (until <= (await clock()) || (await marks.isUsed(id))) return false;
      return !(await marks.isRefusedSince(refusal, named)) && !(await isOver(id).catch(() => true));
    },
    /** Whether whoever asked is still to be told of a no. */
    isUntold: async ({ id, until }: PageEntry): Promise<boolean> =>
      until > (await clock()) && !(await marks.isUsed(id)),
    /** First that it is used up: whatever happens next, it is. */
    async end({ name, entry: { id, until } }: Pick<KeptEntry, "name" | "entry">): Promise<void> {
      await marks.use(id, until);
      await sealed.remove(name);
    },
    remove: sealed.remove,
  };
}
export type PageStore = ReturnType<typeof createPageStore>;
