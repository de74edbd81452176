import { headOf, ownChain } from "../journal/database/chains.ts";
import { createJournalRows } from "../journal/database/journal-rows.ts";
import type { AcademyPace, Egress } from "../skyprep/egress/egress-turns.ts";
import type { Database } from "../state/postgres/database.ts";
import { postgresState } from "../state/postgres/postgres-state.ts";

export interface DatabaseStateWorld {
  readonly database: Database;
  readonly academy: string;
  /** The address that SkyPrep counts: who shares it shares the minute. */
  readonly egress: Egress;
  readonly random: () => string;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** All that an academy's servers keep, in the database that its replicas share. */
export function databaseState({ database, academy, egress, random, pause }: DatabaseStateWorld) {
  return {
    ...postgresState({ database, academy, random }),
    journal: ({ keepMs }: { readonly keepMs: number }) =>
      createJournalRows({ database, academy, random, keepMs, pause }),
    written: async () => (await headOf(database, { academy, chain: ownChain }))?.seq ?? 0,
    clock: () => database.now(),
    // What troubles the database is told by whoever opened it.
    turns: ({ callsPerMinute }: Pick<AcademyPace, "callsPerMinute">) =>
      egress.turns({ academy, callsPerMinute }),
  };
}
