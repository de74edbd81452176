import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { FreshDatabase } from "../../support/postgres.ts";

/** A statement that takes what others want to change. */
export interface Held {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Nobody else may add a line to the academy's chain. */
export const chainHead = (academy: string): Held => ({
  text: "select 1 from skyprep.journal_heads where academy = $1 for update",
  values: [academy],
});
/** Nobody else may keep, answer or use up a question, of any academy; all may be read. */
export const questions: Held = { text: "lock table skyprep.stamped in share row exclusive mode" };

/** Takes it until `free` is called. `waits` resolves when somebody wants it, or when nobody will, for it is over. */
export async function hold(database: FreshDatabase, { text, values = [] }: Held, isOver: () => boolean) {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query("begin");
  await holder.query(text, [...values]);
  const { rows } = await holder.query("select pg_backend_pid() as pid");
  const waiting = async () => {
    for (;;) {
      const found = await database.admin(
        "select 1 from pg_stat_activity where $1::int = any(pg_blocking_pids(pid)) limit 1",
        [rows[0].pid],
      );
      if (found.length > 0 || isOver()) return;
      await sleep(2);
    }
  };
  return {
    waits: waiting(),
    free: async () => {
      await holder.query("rollback");
      await holder.end();
    },
  };
}
