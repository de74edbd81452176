import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, describe } from "vitest";
import { type Database, type DatabaseOptions, openDatabase } from "../../src/state/postgres/database.ts";
import { migrate } from "../../src/state/postgres/migrations.ts";
import { type Cluster, here, readCluster, startCluster } from "./postgres-cluster.ts";

/** Whether PostgreSQL's programs are on this computer. */
export const hasPostgres = here !== undefined;

/** Skipped, by one line that says so, where there is no PostgreSQL. */
export const describeWithPostgres = describe.skipIf(!hasPostgres);

export interface FreshDatabase {
  /** With a password in it that must show nowhere. */
  readonly url: string;
  readonly password: string;
  /** Closed when the file ends. */
  open(options?: Partial<DatabaseOptions>): Database;
  /** The superuser's, in this database. */
  admin(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** From here on `skyprep.clock()` stands at this moment, for everybody who uses this database. */
  setClock(ms: number): Promise<void>;
  passTime(ms: number): Promise<void>;
}

const template = "skyprep_template";

/** The one cluster of this run, made by whoever first asks; a database in it of the file's own. Call in `beforeAll`. */
export async function freshDatabase({ migrated = true } = {}): Promise<FreshDatabase> {
  const cluster = await sharedCluster();
  const name = `t_${randomBytes(6).toString("hex")}`;
  await asAdmin(
    cluster,
    "postgres",
    `create database ${name} owner skyprep${migrated ? ` template ${template}` : ""}`,
  );
  const opened: Database[] = [];
  let clock: number | undefined;
  const admin: FreshDatabase["admin"] = (text, values) => asAdmin(cluster, name, text, values);
  const fresh: FreshDatabase = {
    url: urlOf(cluster, name),
    password: cluster.password,
    open(options) {
      const made = openDatabase({ url: fresh.url, probeMs: 20, ...options });
      opened.push(made);
      return made;
    },
    admin,
    async setClock(ms) {
      if (clock === undefined)
        await admin(`
          create table skyprep.test_clock (ms bigint not null);
          insert into skyprep.test_clock values (0);
          grant select on skyprep.test_clock to skyprep;
          create or replace function skyprep.clock() returns timestamptz language sql volatile
            as 'select skyprep.at(ms) from skyprep.test_clock'`);
      clock = ms;
      await admin("update skyprep.test_clock set ms = $1", [ms]);
    },
    async passTime(ms) {
      if (clock === undefined) throw new Error("the clock was not set");
      await fresh.setClock(clock + ms);
    },
  };
  afterAll(async () => {
    for (const one of opened) await one.close();
    await asAdmin(cluster, "postgres", `drop database if exists ${name} with (force)`);
  });
  return fresh;
}

export const urlOf = ({ port, password }: Cluster, database: string): string =>
  `postgres://skyprep:${password}@127.0.0.1:${port}/${database}`;

export async function asAdmin(
  { port, password }: Cluster,
  database: string,
  text: string,
  values?: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database });
  await client.connect();
  try {
    // Together these two would be sent as a prepared statement, which is one.
    return (values ? await client.query(text, [...values]) : await client.query(text)).rows ?? [];
  } finally {
    await client.end();
  }
}

/** Whoever makes the folder starts it; the others wait for it to be ready. vitest.config.ts says where. */
async function sharedCluster(): Promise<Cluster> {
  const folder = process.env.SKYPREP_TEST_POSTGRES;
  if (folder === undefined) throw new Error("vitest.config.ts names no folder for PostgreSQL");
  const failed = join(folder, "failed");
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch {
    for (let waited = 0; waited < 60_000; waited += 20) {
      const cluster = readCluster(folder);
      if (cluster) return cluster;
      if (existsSync(failed)) throw new Error("PostgreSQL could not be started: another test file says why");
      await pause(20);
    }
    throw new Error(`PostgreSQL did not get ready in ${folder}`);
  }
  try {
    return await startCluster(folder, { endsWith: Number(process.env.SKYPREP_TEST_RUN), prepare });
  } catch (error) {
    writeFileSync(failed, String(error));
    throw error;
  }
}

/** A database as every file gets one, with the schema of now. */
export async function prepare(cluster: Cluster): Promise<void> {
  await asAdmin(
    cluster,
    "postgres",
    `create role skyprep login nosuperuser nocreatedb nocreaterole password '${cluster.password}'`,
  );
  await asAdmin(cluster, "postgres", `create database ${template} owner skyprep`);
  const client = new pg.Client({ connectionString: urlOf(cluster, template) });
  await client.connect();
  await migrate(client);
  await client.end();
  // Copying it waits for nobody who is still on their way out.
  for (let left = 1; left > 0; await pause(5)) {
    const [row] = await asAdmin(
      cluster,
      "postgres",
      "select count(*)::int as left from pg_stat_activity where datname = $1",
      [template],
    );
    left = Number(row?.left);
  }
}
