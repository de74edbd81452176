import { randomUUID } from "node:crypto";
import { createEgresses } from "../../src/skyprep/egress/egress-row.ts";
import type { Egress } from "../../src/skyprep/egress/egress-turns.ts";
import type { Database } from "../../src/state/postgres/database.ts";

/** One replica's turns at an address, on real time unless `now` says otherwise. */
export const egressAt = (database: Database, name: string, now: () => number = Date.now): Egress =>
  createEgresses(database, {
    now,
    gone: () => performance.now(),
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    random: randomUUID,
  })(name);
