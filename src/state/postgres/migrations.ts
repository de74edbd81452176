import type pg from "pg";
import { DatabaseRefused, UnfitDatabase } from "./database-errors.ts";
import { clockMigration } from "./migrations/clock.ts";
import { egressMigration } from "./migrations/egress.ts";
import { journalMigration } from "./migrations/journal.ts";
import { stateMigration } from "./migrations/state.ts";

/** A step from one schema to the next. What was shipped is never changed again. */
export interface Migration {
  /** What the database calls it, e.g. `state`. */
  readonly name: string;
  readonly sql: string;
}

/** In their order: the place in the list is the schema's number. Every table has `academy`. */
export const migrations: readonly Migration[] = [
  clockMigration,
  stateMigration,
  journalMigration,
  egressMigration,
];

/** Nobody else's advisory lock in this database, as far as a number can say so. */
const migrating = 7_377_921_904;

/** The number of the schema that is there; 0: none. */
export async function schemaOf(client: pg.ClientBase): Promise<number> {
  // Not by to_regclass: that answers from what this connection remembers, which may be from before the lock.
  const { rows } = await client.query(
    "select exists (select from pg_tables where schemaname = 'skyprep' and tablename = 'migrations') as known",
  );
  if (rows[0]?.known !== true) return 0;
  const found = await client.query("select coalesce(max(number), 0) as number from skyprep.migrations");
  return Number(found.rows[0]?.number);
}

/**
 * All that are missing, or none of them; whoever comes at the same time waits. Asks for no right to make anything
 * where nothing is missing.
 * @throws UnfitDatabase, or what the driver says
 */
export async function migrate(client: pg.ClientBase, list: readonly Migration[] = migrations): Promise<void> {
  await client.query("begin");
  try {
    await client.query("set local statement_timeout = '10min'; set local lock_timeout = '1min'");
    await client.query("select pg_advisory_xact_lock($1)", [migrating]);
    const before = await schemaOf(client);
    if (before === 0) await prepareSchema(client);
    await checkNames(client, list);
    for (const [index, { name, sql }] of list.entries()) {
      if (index < before) continue;
      await client.query(sql);
      await client.query("insert into skyprep.migrations (number, name) values ($1, $2)", [index + 1, name]);
    }
    const { command } = await client.query("commit");
    if (command !== "COMMIT") throw new DatabaseRefused("25P02");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function prepareSchema(client: pg.ClientBase): Promise<void> {
  // One that is there may be made by somebody who lets this user make nothing else.
  const { rows } = await client.query(
    "select exists (select from pg_namespace where nspname = 'skyprep') as known",
  );
  if (rows[0]?.known !== true) await client.query("create schema skyprep");
  await client.query(`create table skyprep.migrations (
    number integer primary key, name text not null, applied_at timestamptz not null default clock_timestamp())`);
}

/** Of a program that went another way there is no way on from here. */
async function checkNames(client: pg.ClientBase, list: readonly Migration[]): Promise<void> {
  const { rows } = await client.query("select number, name from skyprep.migrations order by number");
  for (const { number, name } of rows as { number: number; name: string }[])
    if (list[number - 1]?.name !== name)
      throw new UnfitDatabase(
        `The database's schema is not this program's: its step ${number} has another name. Give skyprep-mcp a database of its own.`,
      );
}
