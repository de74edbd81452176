import { headOf } from "../journal/database/chains.ts";
import { createJournalRows, ownChain } from "../journal/database/journal-rows.ts";
import { createTurns, type TurnsOptions } from "../skyprep/rate-limit/turns.ts";
import { createDatabaseClock } from "../state/postgres/clock.ts";
import type { Database } from "../state/postgres/database.ts";
import { postgresState } from "../state/postgres/postgres-state.ts";
import { sharedText } from "../state/postgres/texts.ts";

export interface DatabaseStateWorld {
  readonly database: Database;
  readonly academy: string;
  /** The address that SkyPrep counts: who shares it shares the minute. */
  readonly egress: string;
  readonly random: () => string;
  readonly after: (ms: number, then: () => void) => () => void;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Milliseconds that only ever grow; left out: since this process began. */
  readonly gone?: () => number;
}

type TurnsAsked = Pick<TurnsOptions, "callsPerMinute"> & {
  readonly onTrouble: (what: string, error: unknown) => void;
};

/** All that an academy's servers keep, in the database that its replicas share. */
export function databaseState(world: DatabaseStateWorld) {
  const { database, academy, egress, random, after, pause } = world;
  return {
    ...postgresState({ database, academy, random }),
    journal: ({ keepMs }: { readonly keepMs: number }) =>
      createJournalRows({ database, academy, random, keepMs, pause }),
    written: async () => (await headOf(database, { academy, chain: ownChain }))?.seq ?? 0,
    turns({ callsPerMinute, onTrouble }: TurnsAsked) {
      // Of no academy: a name that none can have.
      const pace = sharedText({ database, academy: `egress ${egress}` }, "pace");
      const clock = createDatabaseClock(database, world.gone);
      return createTurns({
        file: pace,
        withLock: (work) =>
          pace.alone(async () => {
            await clock.ask();
            return work();
          }),
        callsPerMinute,
        now: clock.now,
        after,
        onTrouble: (error) => onTrouble("the team's database", error),
        onlyCounted: "The database that counts the team's calls cannot be used now",
      });
    },
  };
}
