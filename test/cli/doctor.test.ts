import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { answer, listen } from "../support/loopback.ts";
import { windows } from "../support/system.ts";
import { academy, domain, key, newHome } from "./home.ts";

let served: Awaited<ReturnType<typeof academy>>;
let at: ReturnType<typeof newHome>;
beforeAll(async () => {
  served = await academy();
});
afterAll(() => served.close());
beforeEach(() => {
  at = newHome(served.port);
});
afterEach(() => at.end());

const wrongs = (lines: readonly string[]) => lines.filter((line) => line.startsWith("✗"));

describe("skyprep-mcp doctor", () => {
  it("finds everything in order, and says of each setting where it came from", async () => {
    const { code, lines } = await at.doctor();

    expect(code).toBe(0);
    expect(wrongs(lines)).toEqual([]);
    expect(lines).toContain("ok  Node 20.19.0");
    expect(lines.join("\n")).toMatch(/ok {2}assistants may speak MCP 2024-.*2025-11-25 or 2026-07-28: /);
    expect(lines).toContain("ok  SKYPREP_API_KEY is ••••-key, from the environment");
    expect(lines).toContain(`ok  the account is Example Training Portal (${domain}), 10 people`);
    expect(lines).toContain("ok  the journal: nothing in it yet");
    expect(lines).toContain("ok  no call in the last minute, of 100");
    expect(lines.join("\n")).toMatch(
      /ok {2}127\.0\.0\.1:\d+ answers, in \d+ ms\nok {2}this computer's clock is right/,
    );
    expect(lines.join("\n")).not.toContain(key);
  });

  it("says of a PIN that one is set, and nothing else", async () => {
    for (const pin of ["zqjxvk", "qqq-xxj-vvw-kkz", "\u{1F984}\u{1F984}\u{1F984}\u{1F984}"]) {
      const { lines, out } = await at.doctor([], { env: { ...at.live, SKYPREP_APPROVAL_PIN: pin } });

      expect(lines).toContain("ok  SKYPREP_APPROVAL_PIN is set, from the environment");
      for (let from = 0; from + 3 <= pin.length; from++) expect(out).not.toContain(pin.slice(from, from + 3));
    }
  });

  it.runIf(process.getuid)("says that a state folder of another user takes no change", async () => {
    mkdirSync(at.stateFolder, { recursive: true });
    const own = process.getuid?.() ?? 0;
    if (own === 0) chownSync(at.stateFolder, 4711, 4711);
    else vi.spyOn(process, "getuid").mockReturnValue(own + 1);

    const { code, lines } = await at.doctor();
    vi.restoreAllMocks();

    expect(code).toBe(1);
    expect(wrongs(lines).join("\n")).toMatch(/belongs to another user.*SKYPREP_STATE_DIR/);
  });

  it.each(['{"message":"Not authorized"}', '"Not authorized"', "7", '{"status":"pending"}', "[]", "{}"])(
    "takes %s on a good status for no account",
    async (body) => {
      const other = await listen(answer(body));
      const env = { ...at.live, SKYPREP_BASE_URL: other.baseUrl };
      const { code, out } = await at.doctor([], { env });
      await other.close();

      expect(code).toBe(1);
      expect(out).not.toContain("ok  the account is");
    },
  );

  it("counts the calls of the last minute", async () => {
    await at.doctor();

    expect((await at.doctor()).lines).toContain("ok  2 of 100 calls used in the last minute");
  });

  it("takes the settings of an assistant's entry where the environment has none, or where it is named", async () => {
    await at.init(["--client", "cursor", "--read-only"]);

    const alone = await at.doctor([], { env: {} });
    const named = await at.doctor(["--client", "cursor"]);

    for (const { code, lines } of [alone, named]) {
      expect(code).toBe(0);
      expect(lines).toContain("ok  SKYPREP_API_KEY is ••••-key, from Cursor's entry");
      expect(lines).toContain("ok  SKYPREP_READ_ONLY is true, from Cursor's entry");
      expect(lines).toContain(`ok  Cursor has an entry: ${join(at.home, ".cursor/mcp.json")}`);
    }
  });

  it("calls nobody for the pretend academy", async () => {
    const { code, out } = await at.doctor([], { env: { SKYPREP_SANDBOX: "true" } });

    expect(code).toBe(0);
    expect(out).toContain("SkyPrep is not called");
  });

  it("changes nothing where there is no state folder yet, but for the count of its own calls", async () => {
    await at.doctor([], { env: { SKYPREP_SANDBOX: "true" } });

    expect(at.files()).toEqual([]);
    expect((await at.doctor([], { env: { SKYPREP_SANDBOX: "true" } })).out).toContain(
      "made when first needed",
    );
  });
});

describe("Claude Code's entries for single folders", () => {
  const entryOf = (env: Record<string, string>) => ({
    skyprep: { command: process.execPath, args: [at.program], env },
  });
  const project = () => join(at.home, "project");

  it("of this person and of the project are read, with what they take from the environment", async () => {
    at.put(
      ".claude.json",
      JSON.stringify({
        mcpServers: entryOf({ SKYPREP_SANDBOX: "true" }),
        projects: { [project()]: { mcpServers: entryOf({ SKYPREP_SANDBOX: "true" }) }, "/else": {} },
      }),
    );
    at.put(
      "project/.mcp.json",
      JSON.stringify({
        mcpServers: entryOf({ SKYPREP_API_KEY: "${OUR_KEY}", SKYPREP_SANDBOX: "${NO:-true}" }),
      }),
    );

    const { out } = await at.doctor(["--client", "claude-code"], { env: { OUR_KEY: "local-key-1234" } });

    expect(out).toContain(`Claude Code, in ${project()} (local scope) has an entry`);
    expect(out).toContain(`Claude Code, in ${project()} (project scope) has an entry`);
    expect(out).toMatch(/Claude Code has an entry/);
    expect(out).toMatch(/SKYPREP_SANDBOX is true, from Claude Code, in .*project \(local scope\)'s entry/);
  });

  it("of the project alone are the settings that are looked at", async () => {
    at.put(".claude.json", "{}");
    at.put(
      "project/.mcp.json",
      JSON.stringify({
        mcpServers: entryOf({ SKYPREP_API_KEY: "${OUR_KEY}", SKYPREP_SANDBOX: "${NO:-true}" }),
      }),
    );

    const { out } = await at.doctor([], { env: { OUR_KEY: "local-key-1234" } });

    expect(out).toMatch(
      /SKYPREP_API_KEY is ••••1234, from Claude Code, in .*project \(project scope\)'s entry/,
    );
    expect(out).toContain("SkyPrep is not called");
  });

  it("are named by init, because they win there", async () => {
    at.put("project/.mcp.json", JSON.stringify({ mcpServers: entryOf({}) }));

    const { out } = await at.init(["--sandbox", "--client", "claude-code"]);

    expect(out).toMatch(/in .*project it uses another entry instead \(project scope, .*\.mcp\.json\)/);
    expect(out).toContain("claude mcp remove skyprep --scope project");
  });
});

describe("skyprep-mcp doctor says what to do", () => {
  const hour = 3_600_000;

  it.each([
    ["an old Node", { nodeVersion: "20.18.3" }, /^✗ {3}Node 20\.18\.3 is too old: install 20\.19 or newer$/],
    [
      "a clock that is ahead",
      { now: () => Date.now() + 3 * hour },
      /^✗ {3}this computer's clock is 3 hours ahead/,
    ],
    [
      "a clock that is behind",
      { now: () => Date.now() - hour / 2 },
      /^✗ {3}this computer's clock is 30 minutes behind/,
    ],
  ])("about %s", async (_, world, says) => {
    const { code, lines } = await at.doctor([], world);

    expect(code).toBe(1);
    expect(wrongs(lines)).toEqual([expect.stringMatching(says)]);
    expect(lines.at(-1)).toBe("Mend what is marked ✗, then run this again.");
  });

  it.each([
    [
      "a wrong key",
      { SKYPREP_API_KEY: "wrong-key-1234" },
      /the account did not open: .*SKYPREP_API_KEY and SKYPREP_ACCT_KEY/,
    ],
    ["no way to SkyPrep", { SKYPREP_BASE_URL: "http://127.0.0.1:9/api" }, /127\.0\.0\.1:9 cannot be reached/],
    ["a setting that is wrong", { SKYPREP_TIMEOUT: "soon" }, /SKYPREP_TIMEOUT: set it to a whole number/],
    ["a key that is missing", { SKYPREP_API_KEY: "" }, /SKYPREP_API_KEY: set it/],
  ])("about %s", async (_, settings, says) => {
    const { code, lines } = await at.doctor([], { env: { ...at.live, ...settings } });

    expect(code).toBe(1);
    expect(wrongs(lines)).toEqual([expect.stringMatching(says)]);
  });

  const spoilt: [string, () => void, RegExp][] = [
    ["a state folder that is a file", () => void at.put("state"), /is a file: move it/],
    [
      "a count of calls that cannot be read",
      () => {
        mkdirSync(at.stateFolder, { mode: 0o700 });
        writeFileSync(join(at.stateFolder, "pace.json"), "{");
      },
      /pace\.json in .* cannot be read: delete it/,
    ],
    [
      "a journal that was edited",
      () => {
        mkdirSync(join(at.stateFolder, "journal"), { recursive: true, mode: 0o700 });
        chmodSync(at.stateFolder, 0o700);
        writeFileSync(join(at.stateFolder, "journal", "journal.jsonl"), "edited\n{}\n");
        writeFileSync(join(at.stateFolder, "journal", "journal.head"), '{"seq":2,"hash":"x","bytes":9}');
      },
      /the journal is not whole/,
    ],
    [
      "an entry whose program is gone",
      () =>
        void at.put(
          ".cursor/mcp.json",
          '{"mcpServers":{"skyprep":{"command":"node","args":["/gone/skyprep-mcp.js"]}}}',
        ),
      /Cursor's entry starts \/gone\/skyprep-mcp\.js, which is not there: skyprep-mcp init --client cursor --yes/,
    ],
  ];
  it.each(spoilt)("about %s", async (_, spoil, says) => {
    spoil();

    const { code, lines } = await at.doctor();

    expect(code).toBe(1);
    expect(wrongs(lines)).toContainEqual(expect.stringMatching(says));
  });

  it.skipIf(windows)(
    "about a state folder that others can read (skipped on Windows: no such rights)",
    async () => {
      mkdirSync(at.stateFolder, { mode: 0o755 });
      chmodSync(at.stateFolder, 0o755);

      const { code, lines } = await at.doctor();

      expect(code).toBe(1);
      expect(wrongs(lines)).toContainEqual(
        expect.stringMatching(/others on this computer can read .*chmod -R go-rwx/),
      );
    },
  );

  it("about its own arguments", async () => {
    expect(await at.doctor(["--nonsense"])).toMatchObject({ code: 2 });
    expect(await at.doctor(["--client", "cursor"])).toMatchObject({ code: 2 });
  });
});
