import { performance } from "node:perf_hooks";
import type { Database } from "./database.ts";

/** The database's clock for those who cannot wait for it: as it was last asked, and what has gone by since. */
export interface DatabaseClock {
  /** Epoch milliseconds; behind by no more than its last answer took to come. */
  readonly now: () => number;
  readonly ask: () => Promise<void>;
}

/** @param gone milliseconds that only ever grow; this computer's own time may be minutes off, and is not asked */
export function createDatabaseClock(
  database: Pick<Database, "now">,
  gone: () => number = () => performance.now(),
): DatabaseClock {
  let ahead = Date.now() - gone();
  return {
    now: () => Math.floor(gone() + ahead),
    async ask() {
      ahead = (await database.now()) - gone();
    },
  };
}
