import { openDatabase } from "../../state/postgres/database.ts";
import { NewerSchema, UnfitDatabase, unkept } from "../../state/postgres/database-errors.ts";
import type { Forgotten } from "../forget.ts";
import type { Line } from "../line.ts";
import type { Verified } from "../verify.ts";
import { chainLines, chainsOf, ownChain, readChain, verifyRows } from "./chains.ts";
import { forgetRows } from "./forget-rows.ts";
import { type DeskJournal, NotTakenIn, type TakenIn, takeIn } from "./take-in.ts";

/** An academy's journal in the team's database, for whoever runs the server. `desk` left out: the academy's own chain. */
export interface TeamJournal {
  /** Of which desks a journal was taken in. */
  readonly desks: readonly string[];
  /** Academies that have one. */
  readonly academies: readonly string[];
  verify(desk?: string): Promise<Verified>;
  /** Since then, epoch milliseconds; left out: all. Oldest first. */
  lines(since: number | undefined, desk?: string): Promise<readonly Line[]>;
  /** The same as it stands, JSON; what cannot be read too. */
  texts(since: number | undefined, desk?: string): AsyncIterable<string>;
  forget(login: string): Promise<Forgotten>;
  takeIn(desk: string, journal: DeskJournal): Promise<TakenIn>;
}

export interface TeamJournalAt {
  /** Never shown. */
  readonly url: string;
  readonly academy: string;
}

/** Opens it for the work, and closes it. `wrong`: why it cannot be used, or could not be, a sentence. */
export async function withTeamJournal<T>(
  { url, academy }: TeamJournalAt,
  work: (journal: TeamJournal) => Promise<T>,
): Promise<{ readonly value: T } | { readonly wrong: string }> {
  try {
    // Whoever looks must not take the schema further than the servers that run know it.
    const database = openDatabase({ url, migrates: false });
    try {
      await database.check();
      const chains = await chainsOf(database);
      const of = (desk = ownChain) => ({ academy, chain: desk });
      const value = await work({
        desks: chains.flatMap((one) => (one.academy === academy && one.chain !== ownChain ? one.chain : [])),
        academies: [...new Set(chains.map((one) => one.academy))],
        verify: (desk) => verifyRows(database, of(desk)),
        lines: (since, desk) => readChain(database, of(desk), since),
        async *texts(since, desk) {
          for await (const { text } of chainLines(database, of(desk), since)) yield text;
        },
        forget: (login) => forgetRows(database, academy, login),
        takeIn: (desk, journal) => takeIn(database, of(desk), journal),
      });
      return { value };
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof NotTakenIn) return { wrong: `${error.message} Nothing was taken in.` };
    if (error instanceof NewerSchema || error instanceof UnfitDatabase) return { wrong: error.message };
    if (unkept(error) === undefined) throw error;
    return { wrong: (error as Error).message };
  }
}
