import { join } from "node:path";
import { createWriteCheck } from "../state/files/write-check.ts";
import { atTheEnd, type Ending, journalFile } from "./append.ts";
import { changesOf, createRecent, readLines } from "./changes.ts";
import { type Draft, readsBack } from "./entry.ts";
import { CannotWrite, type Change, type Journal, type Line } from "./line.ts";
import { plainly, prepare, putWhole, remove } from "./safe-file.ts";
import { createSnapshots } from "./snapshots.ts";

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
const unreadable =
  "The journal's line about it could not be read back, and no change is made that the journal does not show. Leave out what you added last, then call again.";

/** Where a state folder has its journal. */
export const journalFolder = (stateFolder: string): string => join(stateFolder, "journal");

/** What was done, in a chain that shows where a line was edited or cut out (contract §7). */
export function createJournal({ folder, lock, now, random, keepMs }: JournalOptions): Journal {
  const recent = createRecent(journalFile(folder));
  const images = createSnapshots({ folder, now, keepMs });
  const checkWritable = createWriteCheck(folder, 1);
  let swept = Number.NEGATIVE_INFINITY;

  const writing = <T>(work: (ending: Ending) => Promise<T>) =>
    plainly(folder, async () => {
      checkWritable();
      prepare(folder);
      return lock(() => atTheEnd({ folder, now, random }, work));
    });
  async function write(draft: Draft): Promise<void> {
    if (!readsBack(draft)) throw new CannotWrite(folder, "the line could not be read back");
    await writing(({ add }) => add(draft));
  }
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
      if (!readsBack({ line: "intent", ...intent })) return { refused: unreadable };
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
    finish: (of, outcome, ms) => write({ line: "outcome", of, outcome, ms }),
    note: (asked) => write({ line: "asked", ...asked }),
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
