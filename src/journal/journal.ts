import { join } from "node:path";
import { atTheEnd, type Ending, journalFile } from "./append.ts";
import { changesOf } from "./changes.ts";
import { createImages } from "./images.ts";
import type { Change, Journal, Line } from "./line.ts";
import { plainly, prepare, putWhole, remove } from "./plain.ts";
import { readLines } from "./read.ts";
import { createRecent } from "./recent.ts";

/** One holder at a time, across processes. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

export interface JournalOptions {
  /** Holds the journal and nothing else; made where it is not there. */
  readonly folder: string;
  readonly lock: Exclusive;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Something nobody can guess; seals what may name a person. */
  readonly random: () => string;
  /** How long images are kept; 0: none are. */
  readonly keepMs: number;
}

const hour = 3_600_000;

/** Where a state folder has its journal. */
export const journalFolder = (stateFolder: string): string => join(stateFolder, "journal");

/** What was done, in a chain that shows where a line was edited or cut out (contract §7). */
export function createJournal({ folder, lock, now, random, keepMs }: JournalOptions): Journal {
  const recent = createRecent(journalFile(folder));
  const images = createImages({ folder, now, keepMs });
  let swept = Number.NEGATIVE_INFINITY;

  const writing = <T>(work: (ending: Ending) => Promise<T>) =>
    plainly(folder, async () => {
      prepare(folder);
      return lock(() => atTheEnd({ folder, now, random }, work));
    });
  const since = async (account: string, from: number): Promise<Change[]> =>
    changesOf((await recent(from)).filter((line) => concerns(account, line)));

  /** Now and then: an image may stay an hour longer than it must. */
  async function sweep(): Promise<void> {
    if (now() < swept + hour) return;
    swept = now();
    await images.sweep().catch(() => {});
  }

  return {
    async intend({ before: _, ...intent }, { image, allow } = {}) {
      const intended = await writing(async ({ next, add }) => {
        const refused = allow?.(await since(intent.account, now() - hour));
        if (refused !== undefined) return { refused };
        const kept = image !== undefined && keepMs > 0;
        await images.put(next, kept ? { at: new Date(now()).toISOString(), image } : undefined);
        await add({ line: "intent", ...intent, ...(kept && { before: true }) });
        return { seq: next };
      });
      await sweep();
      return intended;
    },
    finish: (of, outcome, ms) => writing(({ add }) => add({ line: "outcome", of, outcome, ms })),
    note: (asked) => writing(({ add }) => add({ line: "asked", ...asked })),
    since: (account, from) => plainly(folder, () => since(account, from)),
    changes: (account) =>
      plainly(folder, async () =>
        changesOf(await readLines(folder, (line) => concerns(account, line))).reverse(),
      ),
    image: (seq) => images.read(seq),
    ready: () =>
      writing(async () => {
        const probe = join(folder, "journal.probe");
        await putWhole(probe, "");
        await remove(probe);
      }),
  };
}

/** Outcomes name no account; they go with their intent. */
const concerns = (account: string, line: Line): boolean =>
  line.line === "outcome" || ("account" in line && line.account === account);
