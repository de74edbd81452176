import type { AskedLine } from "../../journal/line.ts";
import { line } from "../channels/page/text.ts";
import type { Answering, KeptEntry, PageEntry, PagePlace, PageStore, PageTeam, Said } from "./page-store.ts";
import type { Question } from "./question.ts";
import { samePhrase } from "./question-text.ts";

/** A question as the page shows it. */
export interface WaitingQuestion {
  readonly academy: string;
  readonly question: Question;
  readonly asker: string;
  /** As it calls itself. */
  readonly client: string;
  readonly rows: readonly (readonly [string, string])[];
  /** Epoch milliseconds, by the clock of `now`, as is the question's end. */
  readonly since: number;
  readonly now: number;
  /** How often it may still be typed wrongly. */
  readonly left: number;
  readonly answer?: { readonly said: Said["said"]; readonly person: string } | undefined;
}

/** What became of an answer; undefined: there is no such question, or none of theirs. */
export type Answered = "approved" | "refused" | "phrases" | "over" | { readonly left: number } | undefined;

export interface GivenAnswer {
  readonly said: "yes" | "no";
  readonly typed?: string | undefined;
  /** In their own words. */
  readonly reason?: string | undefined;
}

/** What people see of the questions that wait. Rejects as whatever keeps them does. */
export interface ApprovalDesk {
  /** Oldest first; without those that were answered. */
  list(who: Answering): Promise<readonly WaitingQuestion[]>;
  find(id: string, who: Answering): Promise<WaitingQuestion | undefined>;
  answer(id: string, who: Answering, given: GivenAnswer): Promise<Answered>;
}

export const mostWrong = 3;
const mostReason = 300;

export function createApprovalDesk(
  { note, account }: PagePlace,
  team: PageTeam,
  store: PageStore,
): ApprovalDesk {
  async function shown({ entry, words }: KeptEntry): Promise<WaitingQuestion> {
    const { id, kind, tool, until, since, wrong } = entry;
    const { facts, stored, phrase, zone, asker, client, rows } = words;
    const said = store.saidOf(entry);
    return {
      academy: team.academy,
      question: {
        id,
        kind,
        tool,
        facts,
        stored,
        expiresAt: until,
        ...(phrase !== undefined && { phrase }),
        ...(zone !== undefined && { zone }),
      },
      asker,
      client,
      rows,
      since,
      now: await store.clock(),
      left: mostWrong - wrong,
      answer: said && { said: said.said, person: said.person },
    };
  }

  /** Where it is theirs to answer; one that is not looks as if there were none. */
  async function theirs(id: string, who: Answering): Promise<(KeptEntry & { standing: string }) | undefined> {
    const found = await store.find({ address: store.addressOf(id) });
    const standing = found && team.standing(who, found.words.asker);
    return found && standing !== undefined ? { ...found, standing } : undefined;
  }

  /** The same while it waits for an answer. */
  async function open(id: string, who: Answering) {
    const found = await theirs(id, who);
    if (found === undefined) return undefined;
    if (found.entry.answer !== null || !(await store.isGood(found.entry))) return "over" as const;
    return found;
  }

  return {
    list: (who) =>
      store.alone(async () => {
        const own = store.askerOf(who.person);
        const waiting: WaitingQuestion[] = [];
        for (const { name, asker } of await store.names()) {
          if ((asker === own) === team.fourEyes) continue;
          const found = await store.at(name);
          if (found === undefined || found.entry.answer !== null) continue;
          if (team.standing(who, found.words.asker) === undefined || !(await store.isGood(found.entry)))
            continue;
          waiting.push(await shown(found));
        }
        return waiting.sort((one, other) => one.since - other.since);
      }),
    find: (id, who) =>
      store.alone(async () => {
        const found = await theirs(id, who);
        if (found === undefined) return undefined;
        const { entry } = found;
        const stands = entry.answer === null ? await store.isGood(entry) : await store.isUntold(entry);
        return stands ? shown(found) : undefined;
      }),
    async answer(id, who, { said, typed = "", reason = "" }) {
      const why = line(reason, mostReason);
      const noted = ({ kind, tool }: PageEntry, what: AskedLine["said"]) =>
        note({ question: id, account, tool, kind, said: what, by: "page", ...(why !== "" && { why }) });
      const first = await store.alone(() => open(id, who));
      if (first === undefined || first === "over") return first;
      const { phrase } = first.words;
      const isTyped = said === "no" || phrase === undefined || samePhrase(typed, phrase);
      // A yes is written down before it counts; a no counts first.
      if (said === "yes" && isTyped) await noted(first.entry, "yes");
      const came = await store.alone(async (): Promise<Answered> => {
        // It may have ended, or been answered, while the journal was written.
        const found = await open(id, who);
        if (found === undefined || found === "over") return found;
        const { entry, name, standing, words } = found;
        const wrong = entry.wrong + (isTyped ? 0 : 1);
        if (!isTyped && wrong < mostWrong) {
          await store.put({ name, entry: { ...entry, wrong } });
          return { left: mostWrong - wrong };
        }
        const answer: Said = {
          id,
          said: isTyped ? said : "wrong",
          asker: words.asker,
          person: who.person,
          groups: [...who.groups],
          standing,
          ...(why !== "" && { reason: why }),
        };
        // First what other replicas look for before they send: it outlives whatever waits now.
        if (answer.said !== "yes") await store.marks.refuse(entry.named, id, entry.until + team.goodMs);
        await store.put({ name, entry: { ...entry, wrong, answer: store.seal(answer) } });
        return answer.said === "yes" ? "approved" : answer.said === "no" ? "refused" : "phrases";
      });
      if (came === "refused" || came === "phrases")
        await noted(first.entry, came === "refused" ? "no" : "wrong");
      return came;
    },
  };
}
