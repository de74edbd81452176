import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { runJournal } from "../../src/cli/journal.ts";
import { withTeamJournal } from "../../src/journal/database/team-journal.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import { avery, fileOf, intent, linesIn, minute, newPlace, openIn, textIn } from "./world.ts";

function opened() {
  const stateFolder = newPlace();
  const said: string[] = [];
  const out: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      out.push(chunk.toString());
      done();
    },
  });
  const run = async (...argv: string[]) => {
    out.length = 0;
    said.length = 0;
    const code = await runJournal(argv, {
      stdout,
      say: (line) => void said.push(line),
      stateFolder,
      withTeam: async () => withTeamJournal,
    });
    return { code, out: out.join(""), said: said.join("\n") };
  };
  return { ...openIn(journalFolder(stateFolder)), stateFolder, run };
}

describe("skyprep-mcp journal verify", () => {
  it("says that a journal is whole, and what that does not promise", async () => {
    const { journal, folder, run } = opened();
    await journal.intend(intent());

    expect(await run("verify")).toEqual({
      code: 0,
      out: `The journal in ${folder} is whole: 1 line.\nThis finds accidents and partial edits. Whoever owns the files can rewrite all of them.\n`,
      said: "",
    });
  });

  it("says where the chain breaks, and exits with 1", async () => {
    const { journal, folder, run } = opened();
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());
    writeFileSync(fileOf(folder), textIn(folder).replace("destroy_user", "get_user"));

    const { code, out } = await run("verify");

    expect(code).toBe(1);
    expect(out).toContain("is not whole: 1 break in 3 lines.\nLine 1: it was edited.\n");
  });

  it("says so where there is none", async () => {
    const { run } = opened();

    expect(await run("verify")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^There is no journal/),
    });
  });

  it("says what stands in the way, and exits with 1", async () => {
    const { stateFolder, folder, run } = opened();
    writeFileSync(join(stateFolder, "journal"), "");

    const { code, said } = await run("verify");

    expect(code).toBe(1);
    expect(said).toContain(folder);
  });
});

describe("skyprep-mcp journal show", () => {
  it("tells when, by which tool, on whom, who agreed, and how it ended, newest last", async () => {
    const { journal, clock, run } = opened();
    const question = `Delete ${avery.name}?`;
    const asked = { question, account: "sandbox", tool: "destroy_user", kind: "irreversible" } as const;
    await journal.note({ ...asked, said: "asked" });
    await journal.note({ ...asked, said: "yes", by: "page" });
    await journal.intend(intent({ agreed: "page", question }));
    await journal.finish(3, { is: "done" }, 20);
    clock.now += minute;
    await journal.intend(intent({ tool: "create_user", agreed: "nobody", targets: [], undoes: 3 }));
    await journal.finish(5, { is: "unknown", why: "The connection was lost." }, 20);

    expect(await run("show")).toEqual({
      code: 0,
      out: [
        "2026-11-23 10:00:00Z  #1  destroy_user: asked: Delete Avery Learner?",
        "2026-11-23 10:00:00Z  #2  destroy_user: answered yes: Delete Avery Learner?",
        '2026-11-23 10:00:00Z  #3  destroy_user on person avery@example.com "Avery Learner" 101; agreed to on the approval page; done; undone by #5',
        "2026-11-23 10:01:00Z  #5  create_user; nobody was asked; undoes #3; outcome unknown: The connection was lost.",
        "",
      ].join("\n"),
      said: "",
    });
  });

  it("cuts at a limit, and says how many came before", async () => {
    const { journal, run } = opened();
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());

    const { out } = await run("show", "--limit", "1");

    expect(out.split("\n")[0]).toBe("(2 before these: --limit 3)");
    expect(out.split("\n")).toHaveLength(3);
  });

  it("passes no terminal escapes on that somebody hid in a name", async () => {
    const { journal, run } = opened();
    await journal.intend(intent({ targets: [{ ...avery, name: "A\u001b[2J\nB\u202e" }] }));

    expect((await run("show")).out).toContain('"A [2J B " 101');
  });

  it("shows a gap", async () => {
    const { journal, folder, run } = opened();
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());
    writeFileSync(fileOf(folder), `${textIn(folder).split("\n")[0]}\n`);
    await journal.intend(intent());

    expect((await run("show")).out).toContain("#4  2 lines missing here");
  });
});

describe("skyprep-mcp journal forget", () => {
  it("says what it did; a second time, that there is nothing", async () => {
    const { journal, folder, run } = opened();
    await journal.intend(intent(), { image: { email: avery.login } });

    const { code, out } = await run("forget", avery.login);

    expect(code).toBe(0);
    expect(out).toContain("Forgotten: 1 line masked, 1 image erased.\n");
    expect(linesIn(folder)[0]?.forgotten).toBe(true);
    expect((await run("verify")).out).toContain(
      "1 line of forgotten persons: what stood in them can no longer be checked.",
    );
    expect(await run("forget", avery.login)).toMatchObject({ code: 1 });
  });

  it("does not say that a name or a number alone is enough", async () => {
    const { journal, run } = opened();
    await journal.intend(intent(), { image: { email: avery.login, room: "107" } });

    expect((await run("forget", "107")).out).toContain("107 was taken for a login.");
    expect((await run("forget", avery.login)).out).not.toContain("was taken for a login");
  });

  it.each(["verify", "show"])("is what %s understands too", async (command) => {
    const { journal, run } = opened();
    await journal.intend(intent());
    await run("forget", avery.login);

    const { code, out } = await run(command);

    expect(code).toBe(0);
    expect(out).not.toContain("avery");
  });
});

describe("skyprep-mcp journal", () => {
  it("takes another state folder as a flag", async () => {
    const { run } = opened();
    const other = opened();
    await other.journal.intend(intent());

    expect((await run("verify", "--state-dir", other.stateFolder)).out).toContain("is whole: 1 line");
  });

  it.each([
    [[], "say what to do."],
    [["burn"], "that is not one of its commands."],
    [["verify", "it"], "that is not one of its commands."],
    [["show", "--limit", "0"], "--limit takes a number from 1."],
    [["forget"], "forget takes one login."],
    [["forget", " "], "forget takes one login."],
    [["forget", "a", "b"], "forget takes one login."],
    [["show", "--newest"], "Unknown option '--newest'"],
  ])("refuses %j, and says how it is used", async (argv, why) => {
    const { run } = opened();

    const { code, said, out } = await run(...argv);

    expect(code).toBe(2);
    expect(said).toContain(why);
    expect(said).toContain("skyprep-mcp journal verify");
    expect(out).toBe("");
  });
});
