import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carryOut, planEntry } from "../../src/cli/init/client-file.ts";
import { type ClientName, clientNames, placesOf } from "../../src/cli/init/clients.ts";
import { entryFor, mask } from "../../src/cli/init/entry.ts";
import { linesFor, quoted } from "../../src/cli/init/printed.ts";

/** With slashes, whatever system this runs on. */
const posix = (path: string) => path.replaceAll("\\", "/");

const placed = (name: ClientName, platform: string, env = {}, packages: Record<string, string[]> = {}) =>
  placesOf(
    [name],
    { platform, env, home: "/home/ann", namesIn: (folder) => packages[posix(folder)] ?? [] },
    (path) =>
      Object.entries(packages).some(([folder, names]) =>
        names.some((n) => posix(path).startsWith(`${folder}/${n}`)),
      ),
  ).map(({ file }) => posix(file));

describe("where assistants keep their settings", () => {
  it.each([
    ["claude-desktop", "darwin", "/home/ann/Library/Application Support/Claude/claude_desktop_config.json"],
    ["claude-desktop", "win32", "/home/ann/AppData/Roaming/Claude/claude_desktop_config.json"],
    ["claude-desktop", "linux", "/home/ann/.config/Claude/claude_desktop_config.json"],
    ["claude-code", "darwin", "/home/ann/.claude.json"],
    ["claude-code", "win32", "/home/ann/.claude.json"],
    ["claude-code", "linux", "/home/ann/.claude.json"],
    ["vscode", "darwin", "/home/ann/Library/Application Support/Code/User/mcp.json"],
    ["vscode", "win32", "/home/ann/AppData/Roaming/Code/User/mcp.json"],
    ["vscode", "linux", "/home/ann/.config/Code/User/mcp.json"],
    ["cursor", "darwin", "/home/ann/.cursor/mcp.json"],
    ["cursor", "win32", "/home/ann/.cursor/mcp.json"],
    ["cursor", "linux", "/home/ann/.cursor/mcp.json"],
  ] as const)("%s on %s", (name, platform, file) => {
    expect(placed(name, platform)).toEqual([file]);
  });

  it("follows the folders that a person moved", () => {
    expect(placed("vscode", "linux", { XDG_CONFIG_HOME: "/x" })).toEqual(["/x/Code/User/mcp.json"]);
    expect(placed("vscode", "win32", { APPDATA: "/r" })).toEqual(["/r/Code/User/mcp.json"]);
    expect(placed("claude-code", "linux", { CLAUDE_CONFIG_DIR: "/c" })).toEqual(["/c/.claude.json"]);
  });

  it("finds a Claude Desktop of the Windows store, which never reads the usual place", () => {
    const local = "/home/ann/AppData/Local";

    expect(
      placed("claude-desktop", "win32", {}, { [`${local}/Packages`]: ["Claude_pzs8", "Other"] }),
    ).toEqual([`${local}/Packages/Claude_pzs8/LocalCache/Roaming/Claude/claude_desktop_config.json`]);
    expect(placed("claude-desktop", "win32", {}, { [`${local}/Claude-Data`]: ["claude_1"] })).toEqual([
      `${local}/Claude-Data/claude_1/claude_desktop_config.json`,
    ]);
  });

  it("knows every assistant by a name of its own", () => {
    expect(
      placesOf(clientNames, { platform: "linux", env: {}, home: "/h", namesIn: () => [] }, () => false),
    ).toHaveLength(4);
  });
});

const wanted = {
  node: "/usr/bin/node",
  program: "/opt/skyprep-mcp.js",
  account: { apiKey: "abcd-efgh-1234", acctKey: "a.example.com" },
  baseUrl: "https://api.skyprep.io/admin/api",
  readOnly: false,
};

describe("an entry", () => {
  it("leaves out what holds anyhow", () => {
    expect(entryFor({}, wanted).env).toEqual({
      SKYPREP_API_KEY: "abcd-efgh-1234",
      SKYPREP_ACCT_KEY: "a.example.com",
    });
  });

  it("is shown with the last four of a key, and with none of a short one", () => {
    expect(mask("SKYPREP_API_KEY", "abcd-efgh-1234")).toBe("••••1234");
    expect(mask("SKYPREP_APPROVAL_PIN", "123456")).toBe("••••");
  });

  it("is quoted for the shell that goes with its path", () => {
    expect(quoted("C:\\Program Files\\node.exe")).toBe('"C:\\Program Files\\node.exe"');
    expect(quoted('/opt/a "b" $c')).toBe('"/opt/a \\"b\\" \\$c"');
  });

  it("is printed for the pretend academy too", () => {
    const [, line] = linesFor("gemini", { ...wanted, account: undefined });
    expect(line).toMatch(/skyprep-mcp\.js -- --sandbox$/);
  });
});

describe("an assistant's file", () => {
  it("keeps everything else, however it is laid out", async () => {
    const folder = await mkdtemp(join(tmpdir(), "skyprep-file-"));
    const file = join(folder, "mcp.json");
    const entry = entryFor({}, wanted);
    const layout = fc.constantFrom(undefined, 1, 2, 4, "\t");
    const names = fc.string().filter((name) => name !== "__proto__");
    const settings = fc.record(
      { mcpServers: fc.dictionary(names, fc.jsonValue()), other: fc.jsonValue(), "": fc.jsonValue() },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(settings, layout, fc.boolean(), async (before, indent, mark) => {
        writeFileSync(file, `${mark ? "\uFEFF" : ""}${JSON.stringify(before, null, indent)}`);

        const { after } = await planEntry(file, "mcpServers", entry);

        expect(JSON.parse(after.replace("\uFEFF", ""))).toEqual(
          JSON.parse(JSON.stringify({ ...before, mcpServers: { ...before.mcpServers, skyprep: entry } })),
        );
        expect(after.startsWith("\uFEFF")).toBe(mark);
      }),
    );
    await rm(folder, { recursive: true });
  });

  it("is not written over what a running assistant wrote meanwhile", async () => {
    const folder = await mkdtemp(join(tmpdir(), "skyprep-file-"));
    const file = join(folder, "mcp.json");
    writeFileSync(file, "{}");
    const plan = await planEntry(file, "mcpServers", entryFor({}, wanted));
    writeFileSync(file, '{"news":1}');

    await expect(carryOut(plan, { secret: true, now: new Date(0) })).rejects.toThrow(/changed meanwhile/);
    await rm(folder, { recursive: true });
  });
});
