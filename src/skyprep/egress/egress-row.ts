import { AsyncResource } from "node:async_hooks";
import type { Database } from "../../state/postgres/database.ts";
import { OutcomeUnknown, unkept } from "../../state/postgres/database-errors.ts";
import { createEgress, type Egress, type EgressRow, type EgressWorld } from "./egress-turns.ts";

/** The addresses that this replica calls from, by their names: each one for all its academies. */
export function createEgresses(
  database: Database,
  world: Omit<EgressWorld, "row">,
): (name: string) => Egress {
  const egresses = new Map<string, Egress>();
  // Made at somebody's first call, and not a part of it.
  const apart = new AsyncResource("Egresses");
  const make = (name: string) => createEgress({ ...world, row: egressRow(database, name, world) });
  return (name) => {
    const one = egresses.get(name) ?? apart.runInAsyncScope(make, undefined, name);
    egresses.set(name, one);
    return one;
  };
}

/** The window in the team's database: one short transaction for each ask. */
export function egressRow(
  database: Database,
  egress: string,
  { now, gone }: Pick<EgressWorld, "now" | "gone">,
): EgressRow {
  /** The clock is read when the row is ours, however long that took. */
  const hold = () =>
    database.query<{ content: unknown; clock: number }>(
      `with held as materialized (select content from skyprep.egresses where egress = $1 for update)
       select content, skyprep.ms(skyprep.clock()) as clock from held`,
      [egress],
    );

  const change: EgressRow["change"] = (work) =>
    database.transaction(
      async () => {
        let seen = { now: now(), gone: gone() };
        let [row] = await hold();
        if (row === undefined) {
          await database.query(
            "insert into skyprep.egresses (egress, changed_at) values ($1, skyprep.clock()) on conflict do nothing",
            [egress],
          );
          seen = { now: now(), gone: gone() };
          [row] = await hold();
        }
        if (row === undefined) throw new Error("the row of an egress was removed while it was made");
        const { kept, result } = work(row.content ?? undefined, row.clock, seen);
        await database.query(
          "update skyprep.egresses set content = $2, changed_at = skyprep.clock() where egress = $1",
          [egress, JSON.stringify(kept)],
        );
        return { result };
      },
      { repeatable: true },
    );

  return {
    async change(work) {
      try {
        // Turns that were given and never came to anybody count as used.
        return await change(work).catch((error: unknown) => {
          if (error instanceof OutcomeUnknown) return change(work);
          throw error;
        });
      } catch (error) {
        if (unkept(error) === undefined) throw error;
        return undefined;
      }
    },
  };
}
