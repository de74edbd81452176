import { randomBytes } from "node:crypto";
import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asPrincipal } from "../../src/access/principal.ts";
import { runJournal } from "../../src/cli/journal.ts";
import { forgetRows } from "../../src/journal/database/forget-rows.ts";
import { createJournalRows } from "../../src/journal/database/journal-rows.ts";
import { withTeamJournal } from "../../src/journal/database/team-journal.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import type { Journal } from "../../src/journal/line.ts";
import type { Database } from "../../src/state/postgres/database.ts";
import { postgresState } from "../../src/state/postgres/postgres-state.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { avery, day, fileOf, intent, linesIn, minute, newPlace, openIn, start } from "./world.ts";

const random = () => randomBytes(9).toString("hex");
const jordan = { kind: "person", id: 102, login: "jordan@example.com", name: "Jordan Manager" } as const;
const by = (person: string) => ({ person, scopes: [], replica: "r1" });

describe.skipIf(!hasPostgres)("skyprep-mcp journal of a team's database", () => {
  let fresh: FreshDatabase;
  let database: Database;
  let academy: string;
  let journal: Journal;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = fresh.open();
  });
  beforeEach(async () => {
    await fresh.setClock(start);
    academy = `a-${random()}`;
    journal = createJournalRows({ database, academy, random, keepMs: 30 * day, pause: async () => {} });
  });

  const runAs = async (argv: readonly string[], databaseUrl: string | undefined) => {
    const [out, said]: [string[], string[]] = [[], []];
    const stdout = new Writable({
      write(chunk: Buffer, _, done) {
        out.push(chunk.toString());
        done();
      },
    });
    const code = await runJournal(argv, {
      stdout,
      say: (line) => void said.push(line),
      stateFolder: newPlace(),
      databaseUrl,
      withTeam: async () => withTeamJournal,
    });
    return { code, out: out.join(""), said: said.join("\n") };
  };
  const run = (...argv: string[]) => runAs([...argv, "--academy", academy], fresh.url);

  function desk() {
    const state = newPlace();
    return { state, ...openIn(journalFolder(state)) };
  }

  it("shows who did what, newest last, and only what came since", async () => {
    await asPrincipal(by("ana@example.com"), () => journal.intend(intent({ agreed: "form" })));
    await journal.finish(1, { is: "done" }, 5);
    await fresh.passTime(26 * 60 * minute);
    await asPrincipal(by("ben"), () =>
      journal.note({ question: "q", account: "sandbox", tool: "destroy_user", kind: "many", said: "no" }),
    );

    expect(await run("show")).toEqual({
      code: 0,
      out: [
        '2026-11-23 10:00:00Z  #1  destroy_user on person avery@example.com "Avery Learner" 101; by ana@example.com; agreed to in the client; done',
        "2026-11-24 12:00:00Z  #3  destroy_user by ben: answered no: q",
        "",
      ].join("\n"),
      said: "",
    });
    expect((await run("show", "--since", "2026-11-24")).out).not.toContain("#1");
    expect((await run("show", "--since", "2026-11-24T12:00:01Z")).out).toBe(
      `There is nothing in the journal of ${academy} since then.\n`,
    );
  });

  it("shows by which client something was done, and that of a client that acts for nobody once", async () => {
    await asPrincipal({ ...by("ana"), client: "desktop" }, () => journal.intend(intent()));
    await asPrincipal({ ...by("client:night-job"), client: "night-job" }, () =>
      journal.note({ question: "q", account: "sandbox", tool: "destroy_user", kind: "many", said: "asked" }),
    );
    await asPrincipal({ ...by("ben"), client: "desktop\u001b[2J" }, () =>
      journal.note({ question: "q", account: "sandbox", tool: "destroy_user", kind: "many", said: "asked" }),
    );

    const { out } = await run("show");
    expect(out).toContain("; by ana through desktop; agreed to in the client; ");
    expect(out).toContain("destroy_user by client:night-job: asked");
    expect(out).toContain("destroy_user by ben through desktop");
    expect(out).not.toContain("\u001b");
  });

  it("says that a chain is whole, and where it is not", async () => {
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());

    expect(await run("verify")).toEqual({
      code: 0,
      out: `The journal of ${academy} is whole: 3 lines.\nThis finds accidents and partial edits. Whoever owns the database can rewrite all of it.\n`,
      said: "",
    });
    await fresh.admin(`
      set skyprep.forgetting = 'on';
      delete from skyprep.journal_lines where academy = '${academy}' and seq = 3`);
    const { code, out } = await run("verify");
    expect(code).toBe(1);
    expect(out).toContain("Line 2: the line after it, the last, is missing.");
  });

  it("exports lines as they stand, which another database can take in", async () => {
    await journal.intend(intent());
    await fresh.passTime(day);
    await journal.finish(1, { is: "done" }, 5);

    const { out } = await run("export");
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).line)).toEqual(["intent", "outcome"]);
    expect((await run("export", "--since", "2026-11-24")).out).toBe(`${lines[1]}\n`);
    const file = join(newPlace(), "acme.jsonl");
    writeFileSync(file, out);
    academy = `b-${random()}`;
    expect((await run("import", file, "--desk", "old")).out).toContain("Taken in: 2 lines.");
    expect((await run("export", "--desk", "old")).out).toBe(out);
  });

  it("takes in a desk's journal as a chain of its own, that counts for nothing", async () => {
    const { state, journal: own } = desk();
    await own.intend(intent({ question: "q1", run: "night" }), { image: { city: "Rome" } });
    await own.finish(1, { is: "done" }, 5);
    await journal.intend(intent({ tool: "create_user" }));

    expect(await run("import", state, "--desk", "mia-laptop")).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        `Taken in: 2 lines.\nThe journal of ${academy} from mia-laptop is whole: 2 lines.`,
      ),
    });

    expect((await journal.changes("sandbox")).map(({ intent: { tool } }) => tool)).toEqual(["create_user"]);
    expect(await journal.since("sandbox", 0)).toHaveLength(1);
    expect(await journal.isOver("q1", 0)).toBe(false);
    expect(await journal.ofRun("night")).toEqual([]);
    expect(await journal.intend(intent(), { allow: (recent) => `${recent.length}` })).toEqual({
      refused: "1",
    });
    expect(await journal.intend(intent())).toEqual({ seq: 2 });
    const shown = await run("show", "--desk", "mia-laptop");
    expect(shown.out).toContain("#1  destroy_user on person avery@example.com");
    expect(shown.out).toContain("It was taken in from a desk");
    expect((await run("show")).out).toContain("shown with --desk: mia-laptop.");
    expect((await run("verify")).out).toContain("from mia-laptop is whole");
  });

  it("takes in what came since a second time, and nothing of another desk under the same name", async () => {
    const { state, folder, journal: own } = desk();
    await own.intend(intent());
    await run("import", state, "--desk", "mia");
    await own.finish(1, { is: "done" }, 5);
    appendFileSync(fileOf(folder), '{"seq":3');

    const again = await run("import", state, "--desk", "mia");

    expect(again.out).toContain("Taken in: 1 line; 1 were there already.\nThe last line was not finished");
    const other = desk();
    for (let n = 0; n < 4; n += 1) await other.journal.intend(intent());
    expect(await run("import", other.state, "--desk", "mia")).toMatchObject({
      code: 1,
      out: "",
      said: expect.stringContaining("another journal"),
    });
    expect((await run("export", "--desk", "mia")).out.trimEnd().split("\n")).toHaveLength(2);
  });

  it("takes in nothing that leaves out the line where it ended before", async () => {
    const { folder, journal: own } = desk();
    for (let n = 0; n < 3; n += 1) await own.intend(intent());
    const [one, two, three] = linesIn(folder).map((line) => `${JSON.stringify(line)}\n`);
    const file = join(newPlace(), "lines.jsonl");
    writeFileSync(file, `${one}${two}`);
    await run("import", file, "--desk", "mia");
    writeFileSync(file, `${one}${three}`);

    expect(await run("import", file, "--desk", "mia")).toMatchObject({ code: 1, out: "" });
    writeFileSync(file, `${one}`);
    expect((await run("import", file, "--desk", "mia")).said).toContain("more of this one (to line 2)");
    expect((await run("export", "--desk", "mia")).out).toBe(`${one}${two}`);
  });

  it("lets nobody change a line after a person was forgotten, on whichever connection", async () => {
    const one = fresh.open({ connections: 1 });
    await journal.intend(intent());
    await forgetRows(one, academy, avery.login);

    await expect(
      one.query("update skyprep.journal_lines set content = '' where academy = $1", [academy]),
    ).rejects.toThrow("23514");
  });

  it("takes in nothing of a desk's journal in which lines cannot be read, and says of a cut tail that it is missing", async () => {
    const { state, folder, journal: own } = desk();
    await own.intend(intent());
    const one = linesIn(folder).length;
    const size = Buffer.byteLength(`${JSON.stringify(linesIn(folder)[0])}\n`);
    await own.finish(1, { is: "done" }, 5);
    truncateSync(fileOf(folder), size);
    expect(one).toBe(1);

    const cut = await run("import", state, "--desk", "cut");
    expect(cut.code).toBe(1);
    expect(cut.out).toContain("Line 1: the line after it, the last, is missing.");

    writeFileSync(fileOf(folder), `garbage\n${JSON.stringify(linesIn(folder)[0])}\n`);
    expect(await run("import", state, "--desk", "broken")).toMatchObject({
      code: 1,
      out: "",
      said: expect.stringMatching(/What follows line 0 cannot be read\. Nothing was taken in\./),
    });
    expect((await run("show", "--desk", "broken")).said).toContain("no journal was taken in from broken");
  });

  it("forgets a person in lines, images, plans, reports and questions, and in what came from desks; all chains stay whole", async () => {
    const { state, journal: own } = desk();
    // The same number, of another line, that is about somebody else.
    await own.intend(intent({ targets: [jordan], arguments: { city: "Lima" } }));
    await own.intend(intent({ question: "Delete Avery Learner?" }));
    await run("import", state, "--desk", "mia");
    await journal.intend(intent({ question: "q1" }), { image: { phone: "555-1234" } });
    await journal.finish(1, { is: "failed", why: `There is no ${avery.login}.` }, 3);
    await asPrincipal(by(avery.login), () =>
      journal.intend(intent({ targets: [jordan], arguments: { user_id: 102 } })),
    );
    await journal.intend(intent({ targets: [jordan], arguments: { user_id: 102 } }), {
      image: { login: jordan.login },
    });
    const rows = postgresState({ database, academy, random });
    const kept = (person: string) =>
      asPrincipal(by(person), async () => {
        const plans = rows.plans("p");
        const names = [
          await plans.keep({ people: ["Learner, Avery"] }, {}),
          await plans.keep({ people: ["Jordan"] }, {}),
        ];
        await rows
          .exports("p")
          .keep({ name: "people", extension: "csv", bytes: Buffer.from("Avery Learner\n") });
        await rows.exports("p").keep({ name: "others", extension: "csv", bytes: Buffer.from("Jordan\n") });
        return names;
      });
    await kept("ana");
    await kept(avery.login);
    const questions = rows.stamped("approvals", "sandbox");
    const zero = "0".repeat(32);
    for (const kind of ["", ".form", ".agreed", `.${zero}.${zero}.page`])
      for (const end of [".json", ".seal.json"]) await questions.put(`${zero}${kind}${end}`, "{}");
    await questions.put(`${zero}.no.json`, "{}");
    await questions.put("q1.used.json", "{}");
    await rows.text("sightings", "sandbox").write(`{"of":"${avery.login}"}`);

    const done = await run("forget", avery.login);

    expect(done).toMatchObject({
      code: 0,
      out: expect.stringContaining("Forgotten: 4 lines masked, 1 image and 7 other rows erased.\n"),
    });
    expect(done.out).toContain("Backups, standbys");
    const all = JSON.stringify(
      await Promise.all(
        ["journal_lines", "journal_images", "plans", "exports", "texts", "stamped"].map((table) =>
          fresh.admin(
            `select replace(t::text, '\\x', '') as row, ${table === "plans" ? "convert_from(plan, 'UTF8')" : /exports|texts|stamped/.test(table) ? "convert_from(content, 'UTF8')" : "''"} as said
             from skyprep.${table} t where academy = $1`,
            [academy],
          ),
        ),
      ),
    );
    expect(all).not.toMatch(/avery|learner|555-1234/i);
    expect(all).toMatch(/jordan@example\.com/);
    expect(all).toMatch(/Lima/);
    expect(await questions.names()).toEqual([`${zero}.no.json`, "q1.used.json"]);
    expect(await journal.image(4)).toEqual({ login: jordan.login });
    const { code, out } = await run("verify");
    expect(out).toContain("3 lines of forgotten persons");
    expect(out).toContain("1 line of forgotten persons");
    expect(code).toBe(0);
    expect(await run("forget", avery.login)).toMatchObject({ code: 1 });
    await expect(
      fresh.admin("update skyprep.journal_lines set content = '' where academy = $1", [academy]),
    ).rejects.toThrow("added, never changed");
  });

  it("forgets while replicas write: no line is lost, and the chain stays whole", async () => {
    const replicas = [database, fresh.open()].map((one) =>
      createJournalRows({ database: one, academy, random, keepMs: day, pause: async () => {} }),
    );
    for (let n = 0; n < 5; n += 1) await journal.intend(intent());
    const writing = replicas.flatMap((one) =>
      Array.from({ length: 12 }, () => one.intend(intent({ targets: [jordan], arguments: {} }))),
    );
    const forgetting = run("forget", avery.login);

    expect((await Promise.all(writing)).every((one) => "seq" in one)).toBe(true);
    expect((await forgetting).out).toContain("Forgotten: 5 lines masked");
    expect((await run("verify")).out).toContain("is whole: 29 lines.\n5 lines of forgotten persons");
  });

  it("leaves another academy alone", async () => {
    await journal.intend(intent());
    const mine = academy;
    academy = `b-${random()}`;
    expect(await run("forget", avery.login)).toMatchObject({ code: 1 });
    expect((await run("show")).out).toBe(`There is nothing in the journal of ${academy} yet.\n`);
    academy = mine;
    expect((await run("show")).out).toContain(avery.login);
  });

  it("reads the database's address from a file", async () => {
    await journal.intend(intent());
    const file = join(newPlace(), "url");
    writeFileSync(file, `${fresh.url}\n`);
    const { out } = await runAs(["verify", "--academy", academy, "--database", file], undefined);
    expect(out).toContain("is whole: 1 line.");
  });

  it.each([
    [["verify"], "say --academy for a journal there, or --state-dir for a desk's"],
    [["import", "x"], "--academy says whose journal"],
    [["verify", "--desk", "mia"], "--academy says whose journal"],
    [["import", "x", "--academy", "acme"], "--desk says under which name"],
    [["import", "--academy", "acme", "--desk", "mia"], "import takes one folder or file."],
    [["verify", "--academy", "../acme"], "--academy takes a name"],
    [["verify", "--academy", "acme", "--desk", "M"], "--desk takes small letters"],
    [["verify", "--academy", "acme", "--state-dir", "x"], "are two journals"],
    [["verify", "--academy", "acme", "--database", "/nowhere"], "the file of --database cannot be read"],
    [["show", "--academy", "acme", "--since", "yesterday"], "--since takes a day"],
  ])("refuses %j, and says how it is used", async (argv, why) => {
    const { code, said, out } = await runAs(argv, fresh.url);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(said).toContain(why);
    expect(said).toContain("skyprep-mcp journal import <folder>");
  });

  it("says in plain words what keeps it from the database, and never its address", async () => {
    const gone = await runAs(["show", "--academy", "acme"], "postgres://u:canary-secret@127.0.0.1:1/x");
    expect(gone).toMatchObject({ code: 1, out: "" });
    expect(gone.said).toContain("nothing listens at its address");
    const none = await runAs(["show", "--academy", "acme"], "canary-secret");
    expect(none).toMatchObject({ code: 1, said: expect.stringContaining("must have the form postgres://") });
    expect((await runAs(["show", "--academy", "acme"], "")).said).toContain("set SKYPREP_DATABASE_URL");
    expect(gone.said + none.said).not.toContain("canary");
    const empty = await freshDatabase({ migrated: false });
    const looked = await runAs(["show", "--academy", "acme"], empty.url);
    expect(looked.said).toContain("has nothing of skyprep-mcp in it yet");
    expect(await empty.admin("select 1 from pg_namespace where nspname = 'skyprep'")).toEqual([]);
  });
});
