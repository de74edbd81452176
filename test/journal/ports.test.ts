import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asPrincipal } from "../../src/access/principal.ts";
import { createSharedClock } from "../../src/app/shared-clock.ts";
import { ownChain, verifyRows } from "../../src/journal/database/chains.ts";
import { createJournalRows } from "../../src/journal/database/journal-rows.ts";
import { CannotWrite, type Journal } from "../../src/journal/line.ts";
import { verify } from "../../src/journal/verify.ts";
import type { Database } from "../../src/state/postgres/database.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { day, fileOf, intent, minute, opened, start, textIn } from "./world.ts";

interface World {
  readonly journal: Journal;
  /** The same, as another process sees it. */
  readonly other: Journal;
  readonly pass: (ms: number) => Promise<void>;
  readonly breaks: () => Promise<readonly unknown[]>;
  /** By whoever may do all. */
  readonly edit: (from: string, to: string) => Promise<unknown>;
}

let fresh: FreshDatabase;
let databases: Database[];
const hour = 60 * minute;
const random = () => randomBytes(9).toString("hex");
const rows = (database: Database, academy: string, keepMs = 30 * day) =>
  createJournalRows({ database, academy, random, keepMs, pause: async () => {} });

function promises(world: () => World): void {
  it("numbers lines one after the other, in a chain that is whole", async () => {
    const { journal, other, breaks } = world();
    const first = await journal.intend(intent());
    const second = await other.intend(intent({ tool: "destroy_course" }));
    await journal.finish(1, { is: "done" }, 5);
    expect([first, second]).toEqual([{ seq: 1 }, { seq: 2 }]);
    const [newest, oldest] = await other.changes("sandbox");
    expect(newest).toMatchObject({ seq: 2, intent: { tool: "destroy_course" } });
    expect(oldest).toMatchObject({ seq: 1, outcome: { is: "done" }, ms: 5 });
    expect(newest?.outcome).toBeUndefined();
    expect(await breaks()).toEqual([]);
  });

  it("uses the yes, then asks what is allowed, then writes; a yes that is over writes nothing", async () => {
    const { journal } = world();
    const order: string[] = [];
    const use = async () => order.push("use") > 0;
    const allow = () => void order.push("allow");
    await journal.intend(intent(), { use, allow });
    expect(order).toEqual(["use", "allow"]);
    expect(await journal.intend(intent(), { use: async () => false, allow })).toHaveProperty("refused");
    expect(order).toEqual(["use", "allow"]);
    expect(await journal.intend(intent(), { allow: () => "too many" })).toEqual({ refused: "too many" });
    expect(await journal.changes("sandbox")).toHaveLength(1);
  });

  it("shows what is allowed this account's changes of the last hour, and of longer where it asks", async () => {
    const { journal, pass } = world();
    await journal.intend(intent({ tool: "old" }));
    await pass(61 * minute);
    await journal.intend(intent({ tool: "new" }));
    await journal.intend(intent({ tool: "theirs", account: "another" }));
    const seen: string[][] = [];
    await journal.intend(intent(), {
      allow: async (recent, since) => {
        seen.push(recent.map((one) => one.intent.tool));
        seen.push((await since(start - day)).map((one) => one.intent.tool));
        return undefined;
      },
    });
    expect(seen).toEqual([["new"], ["old", "new"]]);
  });

  it("keeps what was there before until its time is over", async () => {
    const { journal, other, pass } = world();
    await journal.intend(intent(), { image: { name: "Avery\u0000", of: [1, null] } });
    expect(await other.image(1)).toEqual({ name: "Avery\u0000", of: [1, null] });
    expect((await journal.changes("sandbox"))[0]?.intent.before).toBe(true);
    await pass(30 * day - 1);
    expect(await other.image(1)).toBeDefined();
    await pass(1);
    expect(await other.image(1)).toBeUndefined();
  });

  it("knows which questions are over", async () => {
    const { journal, other } = world();
    const asked = { question: "q1", account: "sandbox", tool: "destroy_user", kind: "many" } as const;
    await journal.note({ ...asked, said: "asked" });
    await journal.note({ ...asked, said: "yes", by: "form" });
    expect(await other.isOver("q1", start - minute)).toBe(false);
    await journal.intend(intent({ question: "q1" }));
    await journal.note({ ...asked, question: "q2", said: "no", by: "form" });
    expect(await other.isOver("q1", start - minute)).toBe(true);
    expect(await other.isOver("q2", start - minute)).toBe(true);
    expect(await other.isOver("q3", start - minute)).toBe(false);
  });

  it("gives the changes of a run, and what undid them", async () => {
    const { journal, other } = world();
    await journal.intend(intent({ run: "night" }));
    await journal.intend(intent());
    await journal.finish(1, { is: "unknown", why: "No answer came in time." }, 1);
    await journal.finish(1, { is: "done" }, 2);
    await journal.intend(intent({ undoes: 1 }));
    await journal.finish(5, { is: "done" }, 1);
    expect(await other.ofRun("night")).toMatchObject([{ seq: 1, outcome: { is: "done" }, undoneBy: 5 }]);
  });

  it("says who, on which replica and in which trace; of a call on one desk nothing of it", async () => {
    const { journal, breaks } = world();
    const who = { person: "ana@example.com", scopes: [], replica: "r1", trace: "0".repeat(32) };
    await asPrincipal(who, () => journal.intend(intent()));
    await journal.intend(intent());
    const [desk, team] = await journal.changes("sandbox");
    expect(team?.intent).toMatchObject({ person: "ana@example.com", replica: "r1", trace: "0".repeat(32) });
    expect(desk?.intent).not.toHaveProperty("person");
    expect(await breaks()).toEqual([]);
  });

  it("says by which client of the identity provider, of what is done and of what is asked", async () => {
    const { journal, other, breaks } = world();
    const asked = { question: "q1", account: "sandbox", tool: "destroy_user", kind: "many" } as const;
    await asPrincipal({ person: "ana", scopes: [], replica: "r1", client: "desktop" }, async () => {
      await journal.note({ ...asked, said: "asked" });
      await journal.intend(intent({ client: "Claude" }));
    });
    await asPrincipal({ person: "ben", scopes: [], replica: "r1" }, () => journal.intend(intent()));
    const [ben, ana] = await other.changes("sandbox");
    expect(ana?.intent).toMatchObject({ person: "ana", client: "Claude", client_id: "desktop" });
    expect(ben?.intent).not.toHaveProperty("client_id");
    expect(await breaks()).toEqual([]);
  });

  it.each([
    ["person", "ana@example.com", "ben@example.com"],
    ["client", "night-job", "desktop-1"],
  ])("sees a %s that was put in another's place", async (_, from, to) => {
    const { journal, breaks, edit } = world();
    await asPrincipal({ person: "ana@example.com", scopes: [], replica: "r1", client: "night-job" }, () =>
      journal.intend(intent()),
    );
    await edit(from, to);
    expect(await breaks()).toMatchObject([{ seq: 1 }]);
  });

  it("writes no line that would not read back as what it is", async () => {
    const { journal } = world();
    expect(await journal.intend(intent({ pairs: Number.NaN }))).toHaveProperty("refused");
    await expect(journal.finish(1, { is: "done" }, Number.NaN)).rejects.toBeInstanceOf(CannotWrite);
    expect(await journal.changes("sandbox")).toEqual([]);
  });

  it("never lets two that come at once past a budget that has room for one", async () => {
    const { journal, other, breaks } = world();
    const oneAnHour = { allow: (recent: readonly unknown[]) => (recent.length > 0 ? "used up" : undefined) };
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? journal : other).intend(intent(), oneAnHour)),
    );
    expect(all.filter((one) => "seq" in one)).toEqual([{ seq: 1 }]);
    expect(await breaks()).toEqual([]);
  });
}

describe("the journal in files", () => {
  let world: World;
  beforeEach(() => {
    const { journal, clock, folder } = opened();
    world = {
      journal,
      other: journal,
      pass: async (ms) => {
        clock.now += ms;
      },
      breaks: async () => (await verify(folder)).breaks,
      edit: async (from, to) => writeFileSync(fileOf(folder), textIn(folder).replace(from, to)),
    };
  });
  promises(() => world);
});

describe.skipIf(!hasPostgres)("the journal in PostgreSQL", () => {
  let world: World;
  let academy: string;
  beforeAll(async () => {
    fresh = await freshDatabase();
    databases = [fresh.open(), fresh.open(), fresh.open()];
  });
  beforeEach(async () => {
    await fresh.setClock(start);
    academy = random();
    const [one, two] = databases as [Database, Database];
    world = {
      journal: rows(one, academy),
      other: rows(two, academy),
      pass: fresh.passTime,
      breaks: async () => (await verifyRows(one, { academy, chain: ownChain })).breaks,
      edit: (from, to) =>
        fresh.admin(`
          set skyprep.forgetting = 'on';
          update skyprep.journal_lines set content = replace(content, '${from}', '${to}') where academy = '${academy}'`),
    };
  });
  promises(() => world);

  it("three replicas write one chain, each number once", async () => {
    const journals = databases.map((database) => rows(database, academy));
    const all = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const journal = journals[n % 3] as Journal;
        const intended = await journal.intend(intent());
        if ("seq" in intended) await journal.finish(intended.seq, { is: "done" }, 1);
        return "seq" in intended ? intended.seq : 0;
      }),
    );
    expect(new Set(all).size).toBe(60);
    const { lines, breaks } = await verifyRows(databases[0] as Database, { academy, chain: ownChain });
    expect({ lines, breaks }).toEqual({ lines: 120, breaks: [] });
  });

  it("sees a line that was edited, or cut out, by whoever may do all", async () => {
    for (let n = 0; n < 3; n++) await world.journal.intend(intent());
    await expect(
      fresh.admin("update skyprep.journal_lines set content = '' where academy = $1", [academy]),
    ).rejects.toThrow("added, never changed");
    await expect(
      fresh.admin("delete from skyprep.journal_lines where academy = $1", [academy]),
    ).rejects.toThrow();
    await expect(fresh.admin("truncate skyprep.journal_lines")).rejects.toThrow();
    await fresh.admin(`
      set skyprep.forgetting = 'on';
      delete from skyprep.journal_lines where academy = '${academy}' and seq = 2`);
    expect(await world.breaks()).toHaveLength(1);
    await fresh.admin(`
      set skyprep.forgetting = 'on';
      delete from skyprep.journal_lines where academy = '${academy}' and seq = 3`);
    expect(await world.breaks()).not.toEqual([]);
  });

  const cut = () =>
    fresh.admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'skyprep' and state like 'idle in transaction%'",
    );

  it("of a connection that is cut within it nothing is kept: no line, no used yes, and the next goes on", async () => {
    const [database] = databases as [Database];
    const marks = async () =>
      (await database.read("select 1 from skyprep.texts where academy = $1", [academy])).length;
    const use = async () => {
      await database.query(
        "insert into skyprep.texts (academy, place, folder, name, content, changed_at) values ($1, 'x', '', 'used', '', skyprep.clock())",
        [academy],
      );
      return true;
    };
    const points = [
      { use: async () => (await use()) && (await cut()).length > 0 },
      { use, allow: async () => void (await cut()) },
    ];
    for (const more of points) {
      await expect(world.journal.intend(intent(), more)).rejects.toBeInstanceOf(CannotWrite);
      expect(await marks()).toBe(0);
      expect(await world.other.changes("sandbox")).toEqual([]);
    }
    expect(await world.journal.intend(intent(), { use })).toEqual({ seq: 1 });
    expect(await marks()).toBe(1);
    expect(await world.breaks()).toEqual([]);
  });

  it("a yes that was used stays used where the rest refuses", async () => {
    const [database] = databases as [Database];
    const use = async () => {
      await database.query(
        "insert into skyprep.texts (academy, place, folder, name, content, changed_at) values ($1, 'x', '', 'used', '', skyprep.clock())",
        [academy],
      );
      return true;
    };
    expect(await world.journal.intend(intent(), { use, allow: () => "used up" })).toEqual({
      refused: "used up",
    });
    expect(await database.read("select 1 from skyprep.texts where academy = $1", [academy])).toHaveLength(1);
  });

  it.each([-6, 6])("counts by the database's clock, where a replica's own is %i hours off", async (hours) => {
    const [database] = databases as [Database];
    const askedAt = start + day;
    await world.pass(4 * minute);
    await world.journal.intend(intent({ tool: "first", question: "q1" }));
    await fresh.setClock(askedAt);
    const { now, set } = createSharedClock(
      () => database.now(),
      () => askedAt + hours * hour,
    );
    await set();
    const skewed = rows(database, academy, day);
    await skewed.intend(intent({ tool: "second" }));
    const seen: number[] = [];
    await skewed.intend(intent(), {
      allow: async (recent, since) => {
        seen.push(recent.length, (await since(now() - day)).length, (await since(now() - 20 * hour)).length);
        return "no";
      },
    });
    expect(seen).toEqual([1, 2, 1]);
    expect(await skewed.since("sandbox", now() - day)).toHaveLength(2);
    expect(await skewed.since("sandbox", now() - 20 * hour)).toHaveLength(1);
    expect(await skewed.isOver("q1", now() - day)).toBe(true);
    expect(await skewed.isOver("q1", now() - 20 * hour)).toBe(false);
  });

  it("says in plain words that it cannot be written, and names neither address nor password", async () => {
    const gone = rows(fresh.open({ url: "postgres://u:canary-secret@127.0.0.1:1/x" }), academy);
    const error = await gone.intend(intent()).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(CannotWrite);
    expect((error as Error).message).toMatch(
      /^The journal in the team's database cannot be written: .*Try again later/,
    );
    expect(String((error as Error).message)).not.toContain("canary");
  });
});
