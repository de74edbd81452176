import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readTokens, tokenOf } from "../../src/http/token.ts";
import { runToken } from "../../src/http/token-command.ts";
import { writeWhole } from "../../src/state/files/safe-files.ts";
import { createLock } from "../../src/state/files/shared-folder.ts";
import { expectPrivate } from "../support/private-files.ts";
import { temporaryFolder } from "../support/temporary.ts";

const start = Date.parse("2026-11-30T12:00:00Z");

function desk() {
  const team = temporaryFolder("tokens");
  const path = join(team, "tokens.json");
  const run = async (...argv: string[]) => {
    const out: string[] = [];
    const said: string[] = [];
    const stdout = new Writable({
      write(chunk, _, done) {
        out.push(String(chunk));
        done();
      },
    });
    const code = await runToken([...argv, "--team", team], {
      team: undefined,
      stdout,
      say: (line) => void said.push(line),
      now: () => start,
      alone: (folder, work) => createLock(folder, { name: "tokens" })(work),
      write: writeWhole,
    });
    return { code, out: out.join(""), said: said.join("\n") };
  };
  const tokens = () => {
    const read = readTokens(readFileSync(path, "utf8"), "tokens.json");
    if ("wrong" in read) throw new Error(read.wrong.join());
    return read.value;
  };
  return { path, run, tokens };
}

describe("skyprep-mcp token", () => {
  it("shows a token once, and keeps only its digest, for its owner's eyes", async () => {
    const { path, run, tokens } = desk();
    const { code, out } = await run("new", "--person", "mia@example.com");
    const token = out.trim();

    expect(code).toBe(0);
    expect(token).toMatch(/^skp_[\w-]{43}$/);
    expect(readFileSync(path, "utf8")).not.toContain(token.slice(4));
    expectPrivate(path);
    expect(tokenOf(tokens(), token, start)?.person).toBe("mia@example.com");
    expect((await run("list")).out).not.toContain(token.slice(4, 20));
  });

  it("keeps what it may do, and until when", async () => {
    const { run, tokens } = desk();
    const made = await run(
      "new",
      "--person",
      "night",
      "--academy",
      "acme",
      "--scopes",
      "write,approve",
      "--days",
      "30",
    );
    const token = made.out.trim();

    expect(tokenOf(tokens(), token, start)?.grants).toEqual([
      { academy: "acme", scopes: ["write", "approve"] },
    ]);
    expect(tokenOf(tokens(), token, start + 30 * 86_400_000 - 1)).toBeDefined();
    expect(tokenOf(tokens(), token, start + 30 * 86_400_000)).toBeUndefined();
    expect((await run("list")).out).toMatch(
      /night {2}made 2026-11-30 {2}until 2026-12-30 {2}acme \(write, approve\)/,
    );
  });

  it("takes one away by its number, and no other", async () => {
    const { run, tokens } = desk();
    const [mia, rob] = [await run("new", "--person", "mia"), await run("new", "--person", "rob")];
    const id = tokenOf(tokens(), mia.out.trim(), start)?.id ?? "";

    expect((await run("revoke", id)).code).toBe(0);
    expect(tokenOf(tokens(), mia.out.trim(), start)).toBeUndefined();
    expect(tokenOf(tokens(), rob.out.trim(), start)).toBeDefined();
    expect((await run("revoke", id)).code).toBe(1);
  });

  it("loses none where several are made at once", async () => {
    const { run, tokens } = desk();
    await Promise.all(["a", "b", "c", "d", "e"].map((person) => run("new", "--person", person)));

    expect([...tokens().values()].map(({ person }) => person).sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it.each([
    [["new"], /--person takes/],
    [["new", "--person", "two words"], /--person takes/],
    [["new", "--person", "mia", "--days", "0"], /--days takes/],
    [["new", "--person", "mia", "--scopes", "write"], /go with --academy/],
    [["new", "--person", "mia", "--academy", "ACME"], /--academy takes/],
    [["new", "--person", "mia", "--academy", "acme", "--scopes", "admin"], /--scopes takes/],
    [["show"], /not one of its commands/],
    [["new", "--secret", "x"], /--secret/],
  ])("says what is wrong with %j", async (argv, why) => {
    const { run } = desk();
    const { code, said } = await run(...argv);

    expect(code).toBe(2);
    expect(said).toMatch(why);
  });

  it("writes nothing over a file it cannot read", async () => {
    const { path, run } = desk();
    writeFileSync(path, '{"version":1,"tokens":[');
    const { code, said } = await run("new", "--person", "mia");

    expect(code).toBe(1);
    expect(said).toMatch(/not written to its end\. Nothing was changed/);
    expect(readFileSync(path, "utf8")).toBe('{"version":1,"tokens":[');
  });
});
