import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../scripts/bundle.ts";
import { academy, domain, key } from "../cli/home.ts";
import { drive, type Entry } from "./raw.ts";

const folder = mkdtempSync(join(tmpdir(), "skyprep-mcpb-"));
const packed = join(folder, "skyprep-mcp.mcpb");
const unpacked = join(folder, "unpacked");
const mcpb = (...args: string[]) =>
  // By Node: what stands in node_modules/.bin is another thing on Windows.
  execFileSync(
    process.execPath,
    [
      fileURLToPath(new URL("../../node_modules/@anthropic-ai/mcpb/dist/cli/cli.js", import.meta.url)),
      ...args,
    ],
    {
      encoding: "utf8",
      stdio: "pipe",
    },
  );
let served: Awaited<ReturnType<typeof academy>>;

beforeAll(async () => {
  await bundle(packed);
  mcpb("unpack", packed, unpacked);
  served = await academy();
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What Claude Desktop starts for these answers of its form, by the library it uses itself. */
async function started(userConfig: Record<string, string | number | boolean>): Promise<Entry> {
  const config = await getMcpConfigForManifest({
    manifest: JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8")),
    extensionPath: unpacked,
    systemDirs: {},
    userConfig,
    pathSeparator: "/",
  });
  if (!config?.args) throw new Error("the host would not start it");
  const live = { SKYPREP_BASE_URL: `http://127.0.0.1:${served.port}/admin/api` };
  return { command: process.execPath, args: config.args, env: { ...config.env, ...live } };
}
const filled = { api_key: key, account: domain };

describe("the bundle for Claude Desktop", () => {
  it("is what mcpb validate takes", () => {
    expect(mcpb("validate", unpacked)).toMatch(/validation passes/);
    expect(mcpb("info", packed)).toMatch(/skyprep-mcp/);
  });

  it("holds the program in two files, and nothing to install", () => {
    const files = readdirSync(unpacked, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(unpacked, path)).isFile())
      .map((path) => path.replaceAll("\\", "/"))
      .sort();

    expect(files).toEqual([
      "LICENSE",
      "assets/icon.png",
      "dist/THIRD-PARTY-NOTICES",
      "dist/app.js",
      "dist/package.json",
      "dist/skyprep-mcp.js",
      "manifest.json",
    ]);
    expect(statSync(packed).size).toBeLessThan(2_000_000);
  });

  it("answers from the academy, and begins read-only", async () => {
    const { tools, reply, isError } = await drive(await started(filled), folder);

    expect(isError).toBe(false);
    expect(reply).toContain("Example Training Portal");
    expect(tools).toContain("get_user");
    expect(tools).not.toContain("create_user");
  });

  it.each([
    ["a switch that is off", { read_only: false }],
    ["a switch that is off, as a text", { read_only: "false" }],
    ["a switch that is off, as a number in a text", { read_only: "0" }],
    ["empty fields", { read_only: "", confirm: "", sections: "" }],
    [
      "fields that the host did not fill in",
      { read_only: false, confirm: "${user_config.confirm}", sections: "${user_config.sections}" },
    ],
  ])("takes %s for what it means", async (_, answers) => {
    const { tools, isError, stderr } = await drive(await started({ ...filled, ...answers }), folder);

    expect(isError).toBe(false);
    expect(tools).toContain("create_user");
    expect(tools).toContain("get_payments");
    expect(stderr).toBe("");
  });

  it.each([
    ["true, as a text", { read_only: "true" }, { has: "get_user", lacks: "create_user" }],
    ["1, as a text", { read_only: "1" }, { has: "get_user", lacks: "create_user" }],
    [
      "some sections",
      { read_only: false, sections: "account, users" },
      { has: "create_user", lacks: "get_payments" },
    ],
  ])("takes %s for what it means", async (_, answers, { has, lacks }) => {
    const { tools } = await drive(await started({ ...filled, ...answers }), folder);

    expect(tools).toContain(has);
    expect(tools).not.toContain(lacks);
  });

  it("says what is missing where the host started it with nothing filled in", async () => {
    const { args, command, env = {} } = await started(filled);
    const placeholders = { SKYPREP_API_KEY: "${user_config.api_key}", SKYPREP_ACCT_KEY: "" };

    const { isError, reply } = await drive({ command, args, env: { ...env, ...placeholders } }, folder);

    expect(isError).toBe(true);
    expect(reply).toMatch(/SKYPREP_API_KEY[\s\S]*SKYPREP_ACCT_KEY/);
  });

  it("is not started by the host without a key", async () => {
    await expect(started({ account: domain })).rejects.toThrow(/would not start/);
  });
});
