import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lock, LockTaken } from "../ports.ts";
import type { Database } from "./database.ts";
import { isLockTaken } from "./database-errors.ts";
import { createWorkContext } from "./work-context.ts";

export interface Locked {
  readonly database: Database;
  readonly academy: string;
  /** Locks of different names do not meet. */
  readonly name: string;
}

/** The work is one transaction, or part of the one it stands in, and holds the lock until that ends. For work that waits for nobody else. */
export function transactionLock({ database, academy, name }: Locked): Lock {
  const inOrder = createQueue();
  const locked = <T>(work: () => Promise<T>) =>
    database.transaction(async () => {
      await database.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
        JSON.stringify([academy, name]),
      ]);
      return work();
    });
  return async (work) => {
    try {
      // Who holds locks already must not stand in a line that the database knows nothing of.
      return await (database.isInTransaction() ? locked(work) : inOrder(() => locked(work)));
    } catch (error) {
      throw isLockTaken(error) ? new LockTaken(name) : error;
    }
  };
}

/** So long a holder who does not renew it is taken for dead. */
const leaseMs = 10_000;
const renewMs = 3_000;
const patienceMs = 20_000;

export interface Lease {
  readonly alone: Lock;
  /** Within a transaction, of work that runs alone: that it still does. @throws LockTaken */
  check(): Promise<void>;
}

/** For work that waits for the network: holds no connection, and what it writes is kept as it is written. */
export function createLease({ database, academy, name }: Locked): Lease {
  const inOrder = createQueue();
  const holding = createWorkContext<string>();

  async function acquire(holder: string): Promise<void> {
    for (let waited = 0, pause = 5; ; pause = Math.min(pause * 1.6, 250)) {
      const got = await database.query(
        `insert into skyprep.leases as lease (academy, name, holder, until)
         values ($1, $2, $3, skyprep.clock() + $4 * interval '1 millisecond')
         on conflict (academy, name) do update set holder = excluded.holder, until = excluded.until
         where lease.until <= skyprep.clock() or lease.holder = excluded.holder
         returning holder`,
        [academy, name, holder, leaseMs],
      );
      if (got.length > 0) return;
      if (waited >= patienceMs) throw new LockTaken(name);
      await sleep(pause);
      waited += pause;
    }
  }

  async function held<T>(work: () => Promise<T>): Promise<T> {
    const holder = randomUUID();
    await acquire(holder);
    const renewing = setInterval(() => {
      database
        .query(
          `update skyprep.leases set until = skyprep.clock() + $4 * interval '1 millisecond'
           where academy = $1 and name = $2 and holder = $3`,
          [academy, name, holder, leaseMs],
        )
        .catch(() => {});
    }, renewMs).unref();
    try {
      return await holding.run(holder, work);
    } finally {
      clearInterval(renewing);
      // Else it runs out by itself.
      await database
        .query("delete from skyprep.leases where academy = $1 and name = $2 and holder = $3", [
          academy,
          name,
          holder,
        ])
        .catch(() => {});
    }
  }

  return {
    alone: async (work) => {
      // Others would see it only when the transaction has ended.
      if (database.isInTransaction()) throw new TypeError("a lease cannot be taken within a transaction");
      return inOrder(() => held(work));
    },
    async check() {
      const holder = holding.get();
      if (holder === undefined) return;
      const still = await database.query(
        "select 1 from skyprep.leases where academy = $1 and name = $2 and holder = $3 for share",
        [academy, name, holder],
      );
      if (still.length === 0) throw new LockTaken(name);
    },
  };
}

/** First come, first served, without a connection for each who waits. */
function createQueue(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
