import { beforeAll, expect, it } from "vitest";
import type { Database } from "../../../src/state/postgres/database.ts";
import {
  DatabaseDown,
  DatabaseRefused,
  OutcomeUnknown,
} from "../../../src/state/postgres/database-errors.ts";
import { describeWithPostgres, type FreshDatabase, freshDatabase } from "../../support/postgres.ts";

describeWithPostgres("the database", () => {
  let fresh: FreshDatabase;
  let [one, other]: Database[] = [];
  beforeAll(async () => {
    fresh = await freshDatabase();
    [one, other] = [fresh.open(), fresh.open()];
    await fresh.admin("create table public.t (n integer primary key); grant all on public.t to skyprep");
  });
  const db = () => one as Database;
  const all = async () =>
    (await (other as Database).read<{ n: number }>("select n from public.t order by n")).map(({ n }) => n);

  it("gives whole numbers as numbers, times as epoch milliseconds, bytes as bytes", async () => {
    const rows = await db().read(
      "select 9007199254740991::bigint as n, skyprep.at(1234567890123) as at, '\\x00ff'::bytea as b",
    );

    expect(rows).toEqual([{ n: 9007199254740991, at: 1234567890123, b: Buffer.from([0, 255]) }]);
  });

  it("keeps what a transaction did, or none of it", async () => {
    await db().transaction(async () => {
      await db().query("insert into public.t values (1)");
      await db().query("insert into public.t values (2)");
    });
    const failed = db().transaction(async () => {
      await db().query("insert into public.t values (3)");
      throw new Error("changed its mind");
    });

    await expect(failed).rejects.toThrow("changed its mind");
    expect(await all()).toEqual([1, 2]);
  });

  it("joins the transaction that a call stands in", async () => {
    await db().transaction(async () => {
      await db().transaction(() => db().query("insert into public.t values (11)"));
      expect(db().isInTransaction()).toBe(true);
      expect(await all()).not.toContain(11);
    });

    expect(db().isInTransaction()).toBe(false);
    expect(await all()).toContain(11);
  });

  it("rolls all of it back where a part failed, whoever caught that", async () => {
    const caught = db().transaction(async () => {
      await db().query("insert into public.t values (21)");
      await db()
        .transaction(async () => {
          await db().query("insert into public.t values (22)");
          throw new Error("only the part");
        })
        .catch(() => {});
      return "done";
    });
    await expect(caught).rejects.toThrow("only the part");
    const refused = db().transaction(async () => {
      await db().query("insert into public.t values (24)");
      await db()
        .query("insert into public.t values (1)")
        .catch(() => {});
      return "done";
    });
    await expect(refused).rejects.toThrow(DatabaseRefused);
    for (const n of [21, 22, 24]) expect(await all()).not.toContain(n);
  });

  it("asks one after the other what a transaction asks at once", async () => {
    const asked = await db().transaction(() =>
      Promise.all(
        [1, 2, 3, 4].map(async (n) => (await db().query<{ n: number }>("select $1::int as n", [n]))[0]?.n),
      ),
    );

    expect(asked).toEqual([1, 2, 3, 4]);
  });

  it("lets nothing in that comes after the transaction: it stands by itself", async () => {
    let late: (() => void) | undefined;
    let done: Promise<unknown> = Promise.resolve();
    await db().transaction(async () => {
      done = new Promise<void>((resolve) => {
        late = resolve;
      }).then(() => db().query("insert into public.t values (31)"));
    });
    late?.();
    await done;

    expect(await all()).toContain(31);
  });

  it("goes on by itself after its connection was cut off between two statements, with nothing kept", async () => {
    const cut = db().transaction(async () => {
      await db().query("insert into public.t values (41)");
      const [mine] = await db().query<{ pid: number }>("select pg_backend_pid() as pid");
      await fresh.admin("select pg_terminate_backend($1)", [mine?.pid]);
      await db().query("insert into public.t values (42)");
    });

    await expect(cut).rejects.toThrow(DatabaseDown);
    expect(await all()).not.toContain(41);
    await db().query("insert into public.t values (43)");
    expect(await all()).toContain(43);
  });

  it("runs work again only where it may, and was rolled back for certain", async () => {
    const runs = { repeatable: 0, other: 0 };
    const work = (name: keyof typeof runs) => async () => {
      runs[name] += 1;
      const [mine] = await db().query<{ pid: number }>("select pg_backend_pid() as pid");
      if (runs[name] === 1) await fresh.admin("select pg_terminate_backend($1)", [mine?.pid]);
      await db().query("insert into public.t values ($1)", [name === "other" ? 51 : 52]);
    };

    await expect(db().transaction(work("other"))).rejects.toThrow(DatabaseDown);
    await db().transaction(work("repeatable"), { repeatable: true });

    expect(runs).toEqual({ repeatable: 2, other: 1 });
    expect(await all()).toContain(52);
  });

  it("says that it does not know of a statement by itself that was cut off", async () => {
    const slow = expect(db().query("insert into public.t select 61 from pg_sleep(30)")).rejects.toThrow(
      OutcomeUnknown,
    );
    const pid = async () =>
      (
        await fresh.admin(
          "select pid from pg_stat_activity where query like '%select 61 from%' and pid <> pg_backend_pid()",
        )
      )[0]?.pid;
    let found: unknown;
    while (found === undefined) found = await pid();
    await fresh.admin("select pg_terminate_backend($1)", [found]);

    await slow;
  });

  it("takes its time from a function that tests replace", async () => {
    await fresh.setClock(1_800_000_000_123);
    expect(await db().now()).toBe(1_800_000_000_123);
    await fresh.passTime(61_000);
    expect(await (other as Database).now()).toBe(1_800_000_061_123);
  });

  it("hears what another says, once it was committed", async () => {
    const heard: (string | undefined)[] = [];
    const stop = db().listen("told", (payload) => heard.push(payload));
    while (heard.length === 0) await db().read("select 1");
    await (other as Database).transaction(() => (other as Database).query("select pg_notify('told', 'you')"));
    while (heard.length === 1) await db().read("select 1");
    stop();

    expect(heard).toEqual([undefined, "you"]);
  });
});
