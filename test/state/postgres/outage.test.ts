import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../../src/state/postgres/database.ts";
import { DatabaseDown, OutcomeUnknown, UnfitDatabase } from "../../../src/state/postgres/database-errors.ts";
import { postgresState } from "../../../src/state/postgres/postgres-state.ts";
import { movingAddress } from "../../support/moving-address.ts";
import { asAdmin, describeWithPostgres, prepare, urlOf } from "../../support/postgres.ts";
import {
  type Cluster,
  copyOf,
  halt,
  promote,
  remove,
  resume,
  startCluster,
} from "../../support/postgres-cluster.ts";
import { temporaryFolder } from "../../support/temporary.ts";

describeWithPostgres("a database that goes", () => {
  let cluster: Cluster;
  let standby: Cluster;
  let address: Awaited<ReturnType<typeof movingAddress>>;
  let database: Database;
  const changes: (Error | undefined)[] = [];
  const open = () =>
    openDatabase({
      url: urlOf({ ...cluster, port: address.port }, "skyprep_template"),
      probeMs: 20,
      onChange: (trouble) => changes.push(trouble),
    });
  const up = async () => {
    while (!database.isUp()) await new Promise((resolve) => setImmediate(resolve));
  };
  const texts = () => postgresState({ database, academy: "acme", random: () => "" });

  beforeAll(async () => {
    const folder = temporaryFolder("cluster");
    cluster = await startCluster(folder, {
      endsWith: process.pid,
      prepare,
      settings: ["wal_level = replica", "max_wal_senders = 4"],
    });
    address = await movingAddress(cluster.port);
    database = open();
    await database.check();
  }, 60_000);
  beforeEach(() => {
    changes.length = 0;
    address.whenSent(() => {});
  });
  afterAll(async () => {
    await database?.close();
    address?.close();
    if (cluster) remove(cluster.folder);
    if (standby) remove(standby.folder);
  });

  it("refuses at once while it is gone, and is used again by itself when it is back, with all it kept", async () => {
    await texts().text("pins").write("before");

    halt(cluster, "immediate");
    await expect(texts().text("pins").write("lost")).rejects.toThrow(/The database/);
    await expect(texts().text("pins").read()).rejects.toThrow(DatabaseDown);
    await expect(database.transaction(async () => "never begun")).rejects.toThrow(DatabaseDown);
    expect([database.isUp(), texts().isWritable()]).toEqual([false, false]);
    resume(cluster);
    await up();

    expect(await texts().text("pins").read()).toBe("before");
    expect(changes.at(0)).toBeInstanceOf(DatabaseDown);
    expect(changes.at(-1)).toBeUndefined();
  });

  it("keeps nothing of a transaction in whose middle it went", async () => {
    const cut = database.transaction(async () => {
      await texts().text("pins").write("half");
      halt(cluster, "immediate");
      await texts().text("state").write("other half");
    });

    await expect(cut).rejects.toThrow(DatabaseDown);
    resume(cluster);
    await up();
    expect(await texts().text("pins").read()).toBe("before");
    expect(await texts().text("state").read()).toBeUndefined();
  });

  it("is found by a program that began while it was gone", async () => {
    halt(cluster, "fast");
    const late = open();
    await expect(late.check()).rejects.toThrow(DatabaseDown);
    resume(cluster);
    while (!late.isUp()) await new Promise((resolve) => setImmediate(resolve));

    expect(await late.read("select 1 as n")).toEqual([{ n: 1 }]);
    await late.close();
    await up();
  });

  it("says that it does not know, and runs nothing again, where the connection went with the commit on its way", async () => {
    let runs = 0;
    address.whenSent((bytes, cut) => {
      if (bytes.includes("commit\0")) cut();
    });
    const unknown = database.transaction(
      async () => {
        runs += 1;
        await texts().text("pins").write("perhaps");
      },
      { repeatable: true },
    );

    await expect(unknown).rejects.toThrow(OutcomeUnknown);
    address.whenSent(() => {});
    expect(runs).toBe(1);
    expect(["before", "perhaps"]).toContain(await texts().text("pins").read());
  });

  it("hears again what it listens to after the connection was gone, and that it may have missed something", async () => {
    const heard: (string | undefined)[] = [];
    const stop = database.listen("told", (payload) => heard.push(payload));
    while (heard.length < 1) await new Promise((resolve) => setImmediate(resolve));
    halt(cluster, "immediate");
    resume(cluster);
    while (heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await database.query("select pg_notify('told', 'again')");
    while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    stop();

    expect(heard).toEqual([undefined, undefined, "again"]);
  });

  it("goes on at the standby that took its place, and refuses that one while it only reads", async () => {
    const folder = temporaryFolder("standby");
    standby = await copyOf(cluster, folder, { endsWith: process.pid });
    await asAdmin(cluster, "postgres", "alter system set synchronous_standby_names = '*'");
    await asAdmin(cluster, "postgres", "select pg_reload_conf()");
    await texts().text("pins").write("replicated");

    address.moveTo(standby.port);
    await expect(database.check()).rejects.toThrow(UnfitDatabase);
    await expect(texts().text("pins").write("nowhere")).rejects.toThrow("read-only standby");
    expect(database.isUp()).toBe(false);
    halt(cluster, "immediate");
    promote(standby);
    await up();

    expect(await texts().text("pins").read()).toBe("replicated");
    await texts().text("pins").write("at the new one");
    const client = new pg.Client({ connectionString: urlOf(standby, "skyprep_template") });
    await client.connect();
    const kept = await client.query("select convert_from(content, 'UTF8') as text from skyprep.texts");
    await client.end();
    expect(kept.rows).toEqual([{ text: "at the new one" }]);
  });

  it("is never taken at its word where the primary stopped waiting for its standby", async () => {
    await asAdmin(standby, "postgres", "alter system set synchronous_standby_names = 'nobody'");
    await asAdmin(standby, "postgres", "select pg_reload_conf()");
    const pins = texts().text("pins");
    const write = async () => {
      // The server takes its new settings when it comes to it: until then nothing waits.
      for (;;) await pins.alone(() => pins.write("x"));
    };
    let isOver = false;
    const unsure = expect(write())
      .rejects.toThrow(OutcomeUnknown)
      .finally(() => {
        isOver = true;
      });
    const waiting = "from pg_stat_activity where wait_event = 'SyncRep' and usename = 'skyprep'";
    while (!isOver) await asAdmin(standby, "postgres", `select pg_cancel_backend(pid) ${waiting}`);

    await unsure;
    // So it would look to whoever believed it.
    expect(await pins.read()).toBe("x");
  });
});
