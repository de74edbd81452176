import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npx } from "../support/npx.ts";

/** The official inspector on the built server: it reads the list and names what a client may not take. */
const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
// It wants a newer Node than the server, which runs on this one.
const packages = ["node@24", "@modelcontextprotocol/inspector@latest"];
const print = (line: string) => void process.stdout.write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), "skyprep-inspect-"));
const settings = ["SKYPREP_SANDBOX=true", `SKYPREP_STATE_DIR=${folder}`];
try {
  const there = await npx(packages, ["mcp-inspector", "--cli", "--help"], folder);
  if (there.code !== 0) print("inspector: NOT RUN, the registry did not give it");
  for (const sections of there.code === 0 ? ["all", "essentials"] : []) {
    const env = [...settings, `SKYPREP_SECTIONS=${sections}`].flatMap((one) => ["-e", one]);
    const list = ["--method", "tools/list", "--strict", "--", process.execPath, program];
    const { code, out, err } = await npx(packages, ["mcp-inspector", "--cli", ...env, ...list], folder);
    const complaints = err.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("npm "));
    const tools = code === 0 ? (JSON.parse(out) as { tools: unknown[] }).tools.length : 0;
    const well = code === 0 && tools > 10 && complaints.length === 0;
    print(
      `inspector, ${sections}: ${well ? `${tools} tools, no complaint` : `exit ${code}, ${tools} tools`}`,
    );
    for (const line of complaints) print(`  ${line}`);
    if (!well) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
