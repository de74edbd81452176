import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { academy, domain, key } from "../cli/home.ts";
import { windows } from "../support/system.ts";
import { drive } from "./raw.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "skyprep-init-"));
let served: Awaited<ReturnType<typeof academy>>;
/** Where programs keep their settings on this system. */
const settings = windows
  ? "AppData/Roaming"
  : process.platform === "darwin"
    ? "Library/Application Support"
    : ".config";

beforeAll(async () => {
  served = await academy();
  for (const one of [`${settings}/Claude`, ".claude", `${settings}/Code/User`, ".cursor"])
    mkdirSync(join(home, one), { recursive: true });
});
afterAll(async () => {
  await served.close();
  rmSync(home, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string }> {
  const live = { SKYPREP_BASE_URL: `http://127.0.0.1:${served.port}/admin/api` };
  const bare = { PATH: process.env.PATH ?? "", HOME: home, USERPROFILE: home };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { ...bare, ...live, ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
    child.stdin?.end();
  });
}

describe("the built program, in an empty home folder", () => {
  it("sets up every assistant it finds, with entries that work", async () => {
    const { code, out } = await run(["init"], { SKYPREP_API_KEY: key, SKYPREP_ACCT_KEY: domain });

    expect(code).toBe(0);
    expect(out).not.toContain(key);
    for (const [file, under] of [
      [`${settings}/Claude/claude_desktop_config.json`, "mcpServers"],
      [".claude.json", "mcpServers"],
      [`${settings}/Code/User/mcp.json`, "servers"],
      [".cursor/mcp.json", "mcpServers"],
    ] as const) {
      const entry = JSON.parse(readFileSync(join(home, file), "utf8"))[under].skyprep;

      const { isError, reply } = await drive(entry, home);

      expect(isError).toBe(false);
      expect(reply).toContain("Example Training Portal");
    }
  });

  it("says with doctor that all is well, from an entry alone", async () => {
    const { code, out } = await run(["doctor", "--client", "claude-desktop"]);

    expect(out).toMatch(/ok {2}the account is Example Training Portal/);
    expect(code).toBe(0);
  });

  it("says without a terminal what to set", async () => {
    const { code, out } = await run(["init", "--client", "cursor"]);

    expect(code).toBe(2);
    expect(out).toContain("SKYPREP_API_KEY");
  });
});
