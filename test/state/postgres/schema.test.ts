import { inspect } from "node:util";
import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { NewerSchema, UnfitDatabase } from "../../../src/state/postgres/database-errors.ts";
import { migrate, migrations } from "../../../src/state/postgres/migrations.ts";
import { describeWithPostgres, type FreshDatabase, freshDatabase } from "../../support/postgres.ts";

describeWithPostgres("the schema", () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase({ migrated: false });
  });
  const steps = async () =>
    (await fresh.admin("select name from skyprep.migrations order by number")).map(({ name }) => name);
  const connected = async () => {
    const client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
    return client;
  };

  it("is made once by many who open an empty database at the same time", async () => {
    const all = Array.from({ length: 5 }, () => fresh.open());

    await Promise.all(all.map((database) => database.check()));

    expect(await steps()).toEqual(migrations.map(({ name }) => name));
  });

  it("has the academy in every table of its own", async () => {
    const without = await fresh.admin(
      `select table_name from information_schema.tables t where table_schema = 'skyprep' and table_name <> 'migrations'
       and not exists (select from information_schema.columns c where c.table_schema = 'skyprep'
         and c.table_name = t.table_name and c.column_name = 'academy')`,
    );

    expect(without).toEqual([]);
  });

  it("needs no right to make anything where it is there", async () => {
    await fresh.admin("revoke create on schema skyprep from skyprep; alter schema skyprep owner to postgres");
    await fresh.admin("grant usage on schema skyprep to skyprep");

    await fresh.open().check();
  });

  it("is changed whole or not at all", async () => {
    const client = await connected();
    const broken = [...migrations, { name: "half", sql: "create table public.half (n integer); select 1/0" }];

    await expect(migrate(client, broken)).rejects.toThrow();

    await client.end();
    expect(await steps()).toHaveLength(migrations.length);
    expect(await fresh.admin("select to_regclass('public.half') as half")).toEqual([{ half: null }]);
  });

  it("of a newer program is refused with a sentence, and by connections that come later, too", async () => {
    const open = fresh.open({ connections: 1 });
    await open.check();
    await fresh.admin("insert into skyprep.migrations (number, name) values ($1, 'later')", [
      migrations.length + 1,
    ]);

    const refused = fresh.open();
    await expect(refused.check()).rejects.toThrow(NewerSchema);
    await expect(refused.check()).rejects.toThrow(
      `(its schema is ${migrations.length + 1}, this program knows ${migrations.length}). Update skyprep-mcp`,
    );
    await expect(refused.query("select 1")).rejects.toThrow(NewerSchema);
    expect(refused.isUp()).toBe(false);
    await fresh.admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'skyprep' and datname = current_database()",
    );
    await expect(open.transaction(() => open.query("select 1"))).rejects.toThrow(NewerSchema);

    await fresh.admin("delete from skyprep.migrations where name = 'later'");
    await refused.check();
  });

  it("of an older program is left as it is by whoever only looks", async () => {
    const older = await freshDatabase({ migrated: false });
    const client = new pg.Client({ connectionString: older.url });
    await client.connect();
    await migrate(client, migrations.slice(0, 1));
    await client.end();

    await expect(older.open({ migrates: false }).check()).rejects.toThrow("is of an older skyprep-mcp");
    expect(await older.admin("select name from skyprep.migrations")).toHaveLength(1);
  });

  it("of a program that went another way is refused", async () => {
    await fresh.admin("update skyprep.migrations set name = 'another' where number = 1");
    const client = await connected();

    await expect(migrate(client)).rejects.toThrow(UnfitDatabase);

    await client.end();
    await fresh.admin("update skyprep.migrations set name = $1 where number = 1", [migrations[0]?.name]);
  });

  it("shows its password in no error: of a wrong one, a wrong name, an address that is none", async () => {
    const told: string[] = [];
    const wrong = [
      fresh.url.replace(fresh.password, "canary-wrong"),
      fresh.url.replace(/\/t_\w+$/, "/canary-none"),
      fresh.url.replace(/:\d+\//, ":1/"),
      `${fresh.url}?sslmode=verify-full`,
      `postgres://skyprep:canary-a@host:notaport/x`,
      `postgres://skyprep:canary-%zz@127.0.0.1/x`,
      `${fresh.url}?sslrootcert=/nowhere/canary-none.pem`,
      "canary-no-address",
    ];
    for (const url of wrong) {
      try {
        await fresh.open({ url, onChange: (trouble) => told.push(inspect(trouble)) }).check();
        told.push("was let in");
      } catch (error) {
        told.push(inspect(error, { depth: 9, showHidden: true }), String((error as Error).message));
      }
    }

    expect(told.filter((one) => one.includes("canary"))).toEqual([]);
    expect(told.filter((one) => one === "was let in")).toEqual([]);
    expect(told.length).toBeGreaterThanOrEqual(2 * wrong.length);
    expect(inspect(fresh.open(), { depth: 9, showHidden: true })).not.toContain("canary");
  });

  it("keeps what the database says of a row out of its errors", async () => {
    const database = fresh.open();
    const put = () =>
      database.query(
        "insert into skyprep.texts values ('canary-academy', 'pins', '', 'canary-name', '', skyprep.clock())",
      );
    await put();

    const error = await put().catch((one) => one);

    expect(error).toMatchObject({ code: "23505", constraint: "texts_pkey" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
  });
});
