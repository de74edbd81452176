import pg from "pg";
import {
  asOurs,
  DatabaseDown,
  DatabaseRefused,
  isAnswer,
  isCollision,
  isLost,
  OutcomeUnknown,
  UnfitDatabase,
} from "./database-errors.ts";
import { createListening, type Heard } from "./listening.ts";
import { migrate, migrations } from "./migrations.ts";
import { clientConfig, prepareSession, type TimeLimits, timeLimits, whyNot } from "./session.ts";
import { createWorkContext } from "./work-context.ts";

export type DatabaseRow = Readonly<Record<string, unknown>>;

export interface Database {
  /**
   * One statement: in the transaction that the caller stands in, else committed by itself. Whole numbers come as numbers,
   * times as epoch milliseconds, bytes as Buffers.
   * @throws DatabaseDown, DatabaseRefused; OutcomeUnknown where it stands in none
   */
  query<R extends DatabaseRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** The same of a statement that changes nothing: asked once more where the connection was lost. @throws DatabaseDown, DatabaseRefused */
  read<R extends DatabaseRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /**
   * Everything that the work asks here holds together, or none of it. A transaction inside of one joins it; where
   * that fails, or any statement, the whole is rolled back, even if somebody caught the error.
   * @throws what the work throws, rolled back; DatabaseDown, DatabaseRefused, rolled back; OutcomeUnknown
   */
  transaction<T>(work: () => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Whether the caller stands in a transaction. */
  isInTransaction(): boolean;
  /** The clock of all replicas, in epoch milliseconds. */
  now(): Promise<number>;
  /** Calls back until told to stop. @param on hears undefined where something may have been missed */
  listen(channel: string, on: Heard): () => void;
  isUp(): boolean;
  /** @throws why it cannot be used: DatabaseDown, UnfitDatabase, NewerSchema */
  check(): Promise<void>;
  /** What runs ends first. */
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** The work changes nothing but the database: it may run again where it was rolled back for what others did. */
  readonly repeatable?: boolean;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host/database?sslmode=verify-full`; never shown. */
  readonly url: string;
  /** At once; those who come then wait. */
  readonly connections?: number;
  readonly limits?: Partial<TimeLimits>;
  /** Whether it makes, or brings up to date, the schema; left out: yes. */
  readonly migrates?: boolean;
  /** While it is gone, it is looked for so often. */
  readonly probeMs?: number;
  /** Undefined: it can be used. Called when that changes. */
  readonly onChange?: (trouble: Error | undefined) => void;
}

interface Transaction {
  readonly client: pg.PoolClient;
  isOpen: boolean;
  /** Why it can only be rolled back. */
  doom: { readonly error: unknown } | undefined;
  last: Promise<unknown>;
  /** A commit was sent. */
  isOver?: boolean;
}

interface Held {
  readonly client: pg.PoolClient;
  /** Another may have taken its place since. */
  readonly of: pg.Pool;
}

const tries = 3;

/** Asks for nothing yet but a first connection, in the background, and migrates the schema by it. @throws UnfitDatabase of an address that is none */
export function openDatabase(options: DatabaseOptions): Database {
  const limits = { ...timeLimits, ...options.limits };
  const config = clientConfig(options.url, limits);
  const { connections = 10, migrates = true, probeMs = 1_000, onChange = () => {} } = options;
  const standing = createWorkContext<Transaction>();
  let pool = createPool();
  let trouble: Error | undefined = new DatabaseDown("it was not reached yet");
  let probing: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listening = createListening(connect, probeMs);

  function createPool() {
    const made = new pg.Pool({
      ...config,
      max: connections,
      // Pool and client count from their own beginning.
      connectionTimeoutMillis: limits.connectMs,
      idleTimeoutMillis: 60_000,
      onConnect: async (client: pg.ClientBase) => {
        // Lost while nobody asks it: the next to ask hears of it.
        client.on("error", () => lost(made));
        if ((await prepareSession(client, limits)) < migrations.length) throw new Error("not migrated yet");
      },
    });
    made.on("error", () => lost(made));
    return made;
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(config);
    client.on("error", () => {});
    try {
      await client.connect();
      const schema = await prepareSession(client, limits);
      if (schema < migrations.length && !migrates) throw olderSchema(schema);
      if (schema < migrations.length) await migrate(client);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  /** After a failover every connection leads to nobody. */
  function lost(of: pg.Pool): void {
    if (isClosed || of !== pool) return;
    pool = createPool();
    void of.end().catch(() => {});
    stands(new DatabaseDown("the connection was lost"));
    void probe();
  }

  function stands(now: Error | undefined): void {
    const told = trouble?.message !== now?.message;
    trouble = now;
    if (told && !isClosed) onChange(now);
  }

  function probe(): Promise<void> {
    clearTimeout(again);
    probing ??= look().finally(() => {
      probing = undefined;
    });
    return probing;
  }

  async function look(): Promise<void> {
    try {
      const client = await connect();
      await client.end().catch(() => {});
      stands(undefined);
    } catch (error) {
      stands(whyNot(error));
      if (!isClosed) again = setTimeout(() => void probe(), probeMs).unref();
    }
  }

  async function ready(): Promise<void> {
    if (isClosed) throw new DatabaseDown("it was closed");
    if (trouble !== undefined) await probing;
    if (trouble !== undefined) throw trouble;
  }

  /** A connection; with `first`, one that answered that. Nothing was asked of it that changes anything. */
  async function take(first?: string): Promise<Held> {
    for (let tried = 1; ; tried++) {
      await ready();
      const of = pool;
      const isFull = of.totalCount >= connections && of.idleCount === 0;
      let client: pg.PoolClient | undefined;
      try {
        client = await of.connect();
        if (first !== undefined) await client.query(first);
        return { client, of };
      } catch (error) {
        client?.release(true);
        // Long waits of others say nothing about the database.
        if (client === undefined && isFull && of === pool)
          throw new DatabaseDown("all connections to it are busy");
        if (!isLost(error)) throw asOurs(error);
        lost(of);
        if (tried === tries) throw whyNot(error);
      }
    }
  }

  async function begun<T>(work: () => Promise<T>): Promise<T> {
    const { client, of } = await take("begin isolation level read committed read write");
    const one: Transaction = { client, isOpen: true, doom: undefined, last: Promise.resolve() };
    let isBroken = false;
    try {
      const result = await standing.run(one, work);
      await ended(one);
      if (one.doom) throw one.doom.error;
      one.isOver = true;
      await commit(client);
      return result;
    } catch (error) {
      await ended(one);
      isBroken = error instanceof OutcomeUnknown || one.doom?.error instanceof DatabaseDown;
      if (!isBroken && !one.isOver)
        await client.query("rollback").catch(() => {
          isBroken = true;
        });
      throw error;
    } finally {
      client.release(isBroken);
      if (isBroken) lost(of);
    }
  }

  async function transaction<T>(
    work: () => Promise<T>,
    { repeatable = false }: TransactionOptions = {},
  ): Promise<T> {
    const outer = standing.get();
    if (outer?.isOpen) {
      try {
        return await work();
      } catch (error) {
        outer.doom ??= { error };
        throw error;
      }
    }
    for (let tried = 1; ; tried++) {
      try {
        return await begun(work);
      } catch (error) {
        const mayRepeat = isCollision(error) || error instanceof DatabaseDown;
        if (!repeatable || !mayRepeat || tried === tries) throw error;
      }
    }
  }

  async function query<R extends DatabaseRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const one = standing.get();
    if (one?.isOpen) return inside(one, text, values);
    return once(await take("select 1"), text, values, () => new OutcomeUnknown());
  }

  async function read<R extends DatabaseRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const one = standing.get();
    if (one?.isOpen) return inside(one, text, values);
    for (let tried = 1; ; tried++) {
      try {
        return await once(await take(), text, values, asOurs);
      } catch (error) {
        if (!(error instanceof DatabaseDown) || tried === tries) throw error;
      }
    }
  }

  async function once<R extends DatabaseRow>(
    { client, of }: Held,
    text: string,
    values: readonly unknown[],
    ofLost: (error: unknown) => unknown,
  ): Promise<R[]> {
    let isBroken = false;
    try {
      return (await client.query(text, [...values])).rows as R[];
    } catch (error) {
      isBroken = isLost(error);
      throw isBroken ? ofLost(error) : asOurs(error);
    } finally {
      client.release(isBroken);
      if (isBroken) lost(of);
    }
  }

  void probe();
  return {
    query,
    read,
    transaction,
    isInTransaction: () => standing.get()?.isOpen === true,
    now: async () => Number((await read("select skyprep.ms(skyprep.clock()) as now"))[0]?.now),
    listen: listening.listen,
    isUp: () => trouble === undefined && !isClosed,
    async check() {
      const asked = probing;
      if (trouble !== undefined) await probe();
      // One that had begun may have seen what was before.
      if (trouble !== undefined && asked !== undefined) await probe();
      await ready();
      await read("select 1");
    },
    async close() {
      isClosed = true;
      clearTimeout(again);
      await listening.close();
      await probing;
      await pool.end();
    },
  };
}

const olderSchema = (found: number): Error =>
  new UnfitDatabase(
    found === 0
      ? "The database has nothing of skyprep-mcp in it yet: its first server makes that."
      : "The database is of an older skyprep-mcp than this one: use the version that its servers have, or update those first.",
  );

/** One after the other: a connection answers one statement at a time. */
function inside<R extends DatabaseRow>(
  one: Transaction,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  const mine = one.last.then(async () => {
    if (one.doom) throw one.doom.error;
    try {
      return (await one.client.query(text, [...values])).rows as R[];
    } catch (error) {
      one.doom = { error: asOurs(error) };
      throw one.doom.error;
    }
  });
  one.last = mine.catch(() => {});
  return mine;
}

/** Whoever still asks from within asks too late. */
async function ended(one: Transaction): Promise<void> {
  one.isOpen = false;
  await one.last;
}

async function commit(client: pg.PoolClient): Promise<void> {
  // A primary that stopped waiting for its standby warns, and says that it committed: a failover would forget it.
  let isWarned = false;
  const warned = ({ code }: { code?: string | undefined }) => {
    if (code?.startsWith("01")) isWarned = true;
  };
  client.on("notice", warned);
  try {
    const { command } = await client.query("commit");
    if (command !== "COMMIT") throw new DatabaseRefused("25P02");
  } catch (error) {
    if (error instanceof DatabaseRefused) throw error;
    // Of these two classes it was rolled back for certain: a constraint, a collision.
    if (isAnswer(error) && /^(?:23|40)/.test(error.code ?? "")) throw asOurs(error);
    throw new OutcomeUnknown();
  } finally {
    client.off("notice", warned);
  }
  if (isWarned) throw new OutcomeUnknown();
}
