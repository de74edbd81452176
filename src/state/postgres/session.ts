import pg from "pg";
import { DatabaseDown, NewerSchema, reasonOf, UnfitDatabase } from "./database-errors.ts";
import { migrations, schemaOf } from "./migrations.ts";

/** All in milliseconds. */
export interface TimeLimits {
  readonly connectMs: number;
  readonly statementMs: number;
  /** For somebody else's lock. */
  readonly lockMs: number;
  /** Between two statements of a transaction; the database then ends it. */
  readonly idleMs: number;
}

export const timeLimits: TimeLimits = {
  connectMs: 5_000,
  statementMs: 15_000,
  lockMs: 10_000,
  idleMs: 30_000,
};

const int8 = 20;
const timestamptz = 1184;
/** Numbers for what the driver would give as a text; a time in epoch milliseconds. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === int8) return wholeNumber;
    if (oid === timestamptz) return (text: string) => new Date(text).getTime();
    return format === "binary" ? pg.types.getTypeParser(oid, format) : pg.types.getTypeParser(oid);
  },
} as pg.CustomTypesConfig;

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError("a whole number beyond what JavaScript holds");
  return number;
}

/** @throws UnfitDatabase where the address is none; what it says is not repeated: it has the password in it */
export function clientConfig(url: string, limits: TimeLimits): pg.ClientConfig {
  const config: pg.ClientConfig = {
    connectionString: url,
    types,
    fallback_application_name: "skyprep-mcp",
    connectionTimeoutMillis: limits.connectMs,
    // Where nothing arrives any more the database cannot say that its own limit is over.
    query_timeout: limits.statementMs + limits.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new UnfitDatabase("The database's address must have the form postgres://user@host:5432/database.");
  try {
    new pg.Client(config);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw new UnfitDatabase(
      syscall === "open"
        ? `A certificate that the database's address names cannot be read (${code}).`
        : "The database's address cannot be read: it must have the form postgres://user@host:5432/database, with other characters in its parts written as %XX.",
    );
  }
  return config;
}

const oldest = 130_000;

/**
 * Makes a fresh connection one of ours: its limits, and that what is committed is on disk.
 * @returns the number of the schema that is there; 0: none yet
 * @throws UnfitDatabase, NewerSchema, or what the driver says
 */
export async function prepareSession(client: pg.ClientBase, limits: TimeLimits): Promise<number> {
  const { rows } = await client.query(
    `select pg_is_in_recovery() as standby,
            current_setting('server_encoding') as encoding,
            current_setting('server_version_num')::int as version,
            set_config('search_path', 'pg_catalog, pg_temp', false),
            set_config('TimeZone', 'UTC', false),
            set_config('DateStyle', 'ISO', false),
            set_config('default_transaction_isolation', 'read committed', false),
            set_config('statement_timeout', $1, false),
            set_config('lock_timeout', $2, false),
            set_config('idle_in_transaction_session_timeout', $3, false),
            -- Whoever asked for more than the disk keeps it.
            set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local')
              then 'on' else current_setting('synchronous_commit') end, false)`,
    [limits.statementMs, limits.lockMs, limits.idleMs].map(String),
  );
  const { standby, encoding, version } = rows[0] as { standby: boolean; encoding: string; version: number };
  if (standby)
    throw new UnfitDatabase("The database is a read-only standby: give the address of the primary.");
  if (version < oldest)
    throw new UnfitDatabase(`The database is PostgreSQL ${Math.trunc(version / 10_000)}: 13 is needed.`);
  if (encoding !== "UTF8")
    throw new UnfitDatabase(`The database keeps texts in ${encoding}: one with UTF8 is needed.`);
  const schema = await schemaOf(client);
  if (schema > migrations.length) throw new NewerSchema(schema, migrations.length);
  return schema;
}

/** For people: whatever kept a connection from being one. */
export const whyNot = (error: unknown): Error =>
  error instanceof UnfitDatabase || error instanceof NewerSchema ? error : new DatabaseDown(reasonOf(error));
