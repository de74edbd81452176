import { randomBytes } from "node:crypto";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ownChain, verifyRows } from "../../../src/journal/database/chains.ts";
import { createJournalRows } from "../../../src/journal/database/journal-rows.ts";
import { CannotWrite, type Intended, type Journal } from "../../../src/journal/line.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../../support/postgres.ts";
import { day, intent, start } from "../world.ts";

const random = () => randomBytes(9).toString("hex");

/** A connection to the database, cut when the answer to a commit comes back: it is kept, and nobody hears of it. */
async function cutAtCommit(url: string) {
  const at = new URL(url);
  const port = Number(at.port);
  const open = new Set<Socket>();
  let cuts = 0;
  const server: Server = createServer((near) => {
    const far = dial(port, at.hostname);
    let isCommitting = false;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const one of [near, far]) {
      open.add(one);
      one.on("error", end).on("close", end);
    }
    near.on("data", (bytes: Buffer) => {
      if (cuts > 0 && bytes.includes("commit\0")) isCommitting = true;
      far.write(bytes);
    });
    far.on("data", (bytes: Buffer) => {
      if (!isCommitting) return void near.write(bytes);
      cuts -= 1;
      end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  at.port = String((server.address() as { port: number }).port);
  return {
    url: at.href,
    cutNext(times: number) {
      cuts = times;
    },
    close() {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}

describe.skipIf(!hasPostgres)("a journal in PostgreSQL whose connection ends", () => {
  let fresh: FreshDatabase;
  let database: Database;
  let academy: string;
  let journal: Journal;
  let uses: number;
  const journalOf = (of: Database, pause = async () => {}) =>
    createJournalRows({ database: of, academy, random, keepMs: 30 * day, pause });
  const use = async () => {
    uses += 1;
    await database.query(
      `insert into skyprep.texts (academy, place, folder, name, content, changed_at)
       values ($1, 'x', '', 'used', '', skyprep.clock())`,
      [academy],
    );
    return true;
  };
  const kept = async () => ({
    marks: (await database.read("select 1 from skyprep.texts where academy = $1", [academy])).length,
    lines: (await journal.changes("sandbox")).length,
    images: (await database.read("select 1 from skyprep.journal_images where academy = $1", [academy]))
      .length,
    breaks: (await verifyRows(database, { academy, chain: ownChain })).breaks.length,
  });

  beforeAll(async () => {
    fresh = await freshDatabase();
    await fresh.setClock(start);
    database = fresh.open();
    await fresh.admin(`
      create table skyprep.cut_at (academy text, place text);
      grant select on skyprep.cut_at to skyprep;
      create function skyprep.cut() returns trigger language plpgsql security definer as $$
      begin
        if exists (select 1 from skyprep.cut_at where academy = new.academy and place = tg_argv[0]) then
          perform pg_terminate_backend(pg_backend_pid());
          perform pg_sleep(0.01);
        end if;
        return new;
      end $$;
      create trigger cut_image after insert on skyprep.journal_images for each row execute function skyprep.cut('image');
      create trigger cut_line before insert on skyprep.journal_lines for each row execute function skyprep.cut('line');
      create trigger cut_head after update on skyprep.journal_heads for each row execute function skyprep.cut('head');
      create constraint trigger cut_commit after insert on skyprep.journal_lines deferrable initially deferred
        for each row execute function skyprep.cut('commit')`);
  });
  beforeEach(() => {
    academy = random();
    journal = journalOf(database);
    uses = 0;
  });
  const cutAt = (place: string) =>
    fresh.admin("insert into skyprep.cut_at values ($1, $2)", [academy, place]);
  const cutNothing = () => fresh.admin("delete from skyprep.cut_at");

  it.each(["image", "line", "head", "commit"])(
    "at its %s keeps nothing, sends nothing, and goes on with the next",
    async (place) => {
      await cutAt(place);
      const failed = await journal.intend(intent(), { use, image: { city: "Rome" } }).catch((error) => error);
      expect(failed).toBeInstanceOf(CannotWrite);
      await cutNothing();
      expect(uses).toBe(1);
      expect(await kept()).toEqual({ marks: 0, lines: 0, images: 0, breaks: 0 });
      expect(await journal.intend(intent(), { use, image: { city: "Rome" } })).toEqual({ seq: 1 });
      expect(await kept()).toEqual({ marks: 1, lines: 1, images: 1, breaks: 0 });
    },
  );

  it("says that it does not know where only the answer to the commit was lost: the yes is used, nothing may be sent", async () => {
    const line = await cutAtCommit(fresh.url);
    afterAll(line.close);
    const far = fresh.open({ url: line.url });
    await far.check();
    line.cutNext(1);
    const failed = await journalOf(far)
      .intend(intent(), { use: async () => true })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CannotWrite);
    expect((failed as Error).message).toContain("it did not say whether it kept the line");
    expect(await kept()).toMatchObject({ lines: 1, breaks: 0 });
    const [change] = await journal.changes("sandbox");
    expect(change?.outcome).toBeUndefined();
    expect(await journal.intend(intent())).toEqual({ seq: 2 });
  });

  it("writes what became of a write as soon as it can again, and once more rather than not at all", async () => {
    const line = await cutAtCommit(fresh.url);
    afterAll(line.close);
    const far = fresh.open({ url: line.url });
    const ended = journalOf(far, async () => far.check());
    await ended.intend(intent());
    line.cutNext(2);
    await ended.finish(1, { is: "done", made: 7 }, 5);
    const [change] = await journal.changes("sandbox");
    expect(change).toMatchObject({ outcome: { is: "done", made: 7 }, ms: 5 });
    expect(await kept()).toMatchObject({ lines: 1, breaks: 0 });
  });

  it("says where what became of it could not be written, after trying for seconds and no longer", async () => {
    const gone = fresh.open({ url: "postgres://u:canary-secret@127.0.0.1:1/x" });
    let waited = 0;
    const ended = createJournalRows({
      database: gone,
      academy,
      random,
      keepMs: day,
      pause: async (ms) => {
        waited += ms;
      },
    });
    const failed = await ended.finish(1, { is: "done" }, 5).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CannotWrite);
    expect(String((failed as Error).message)).not.toContain("canary");
    expect(waited).toBeGreaterThan(5_000);
    expect(waited).toBeLessThan(15_000);
  });

  it("never lets three replicas past a budget, and gives no number twice", async () => {
    const replicas = [database, fresh.open(), fresh.open()].map((one) => journalOf(one));
    const budget = 20;
    const allow = (recent: readonly { readonly intent: { readonly pairs?: number } }[]) =>
      recent.reduce((sum, { intent: { pairs = 0 } }) => sum + pairs, 0) + 3 > budget ? "used up" : undefined;
    const all: Intended[] = await Promise.all(
      Array.from({ length: 45 }, (_, n) =>
        (replicas[n % 3] as Journal).intend(intent({ pairs: 3 }), { allow, use: async () => true }),
      ),
    );
    const numbers = all.flatMap((one) => ("seq" in one ? one.seq : []));
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.filter((one) => "refused" in one && one.refused === "used up")).toHaveLength(39);
    expect(await kept()).toMatchObject({ lines: 6, breaks: 0 });
  });
});
