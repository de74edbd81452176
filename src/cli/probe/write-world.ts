import { randomUUID } from "node:crypto";
import { toolName } from "../../catalogue/catalogue.ts";
import { createJournal, journalFolder } from "../../journal/journal.ts";
import type { Outcome } from "../../journal/line.ts";
import { type Account, headersOf } from "../../skyprep/api.ts";
import type { Send } from "../../skyprep/send.ts";
import { createLock } from "../../state/files/shared-folder.ts";
import { createLeft } from "../../state/probe-left.ts";
import { isData, isGood, type RawAnswer } from "./answer.ts";
import { createAsk, createCallBudget } from "./ask.ts";
import { readRoutes } from "./reads.ts";
import { type ProbeWrites, writeRoutes } from "./second-part.ts";
import { type WayOutWorld, wayOut } from "./way-out.ts";

/** For the second part alone. */
const mostCalls = 120;

export interface WritingWorld extends WayOutWorld {
  readonly send: Send;
  readonly account: Account;
  /** A digest of the account. */
  readonly digest: string;
  readonly keepMs: number;
  readonly signal: AbortSignal;
  readonly yes: (question: string, signal: AbortSignal) => Promise<boolean>;
  readonly say: (line: string) => void;
}

/** As every write of this program, each stands in the journal before it leaves: `list_changes` shows it. */
export function writeWorld(world: WritingWorld): ProbeWrites {
  const { send, account, digest, keepMs, signal, yes, say, stateFolder, now } = world;
  const folder = journalFolder(stateFolder);
  const lock = createLock(folder, { name: "journal" });
  const journal = createJournal({ folder, lock, now, random: randomUUID, keepMs });
  const budget = createCallBudget(() => mostCalls);
  const ask = createAsk({
    send: wayOut(send, { budget, routes: new Set([...readRoutes, ...writeRoutes]) }, world),
    headers: headersOf(account),
    // What is on its way is not cut off: it would be unknown whether it was done.
    signal: new AbortController().signal,
    tell: () => {},
    onWait: (ms) => say(`    waiting ${Math.ceil(ms / 1000)} s for the minute's limit of calls`),
  });
  return {
    ask,
    async write(question, { kind, mark }) {
      const { route, form } = question;
      const intended = await journal.intend({
        tool: toolName(route),
        account: digest,
        arguments: form,
        targets: [kind === "learner" ? { kind: "person", login: mark } : { kind: named[kind], name: mark }],
        agreed: "terminal",
      });
      if ("refused" in intended) throw new Error(intended.refused);
      const begun = now();
      let answer: RawAnswer;
      try {
        answer = await ask(question);
      } catch (error) {
        await journal.finish(intended.seq, { is: "unknown", why: "no answer came" }, now() - begun);
        throw error;
      }
      await journal.finish(intended.seq, outcomeOf(answer), now() - begun);
      return answer;
    },
    yes: (question) => yes(question, signal),
    pause: (ms) => world.pause(ms, new AbortController().signal),
    say,
    left: createLeft(stateFolder),
    account: digest,
    goOn: () => signal.throwIfAborted(),
  };
}

const named = { course: "course", group: "group", path: "learning path" } as const;

/** In words of this program: an answer may hold anything. */
function outcomeOf(answer: RawAnswer): Outcome {
  if (isData(answer)) return { is: "done" };
  if (answer.is === "none" || answer.status >= 500 || isGood(answer))
    return { is: "unknown", why: `the probe could not tell it from the answer (${answer.status})` };
  return { is: "failed", why: `SkyPrep answered ${answer.status}` };
}
