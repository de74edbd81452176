import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveConformance } from "./server.ts";

/**
 * The official suite against our own binding, both protocol eras. What may fail is in a file each, with reasons;
 * anything else that fails, and anything there that passes, fails the run.
 */
const suites = [
  {
    era: "2025-11-25",
    packages: ["@modelcontextprotocol/conformance@0.1.13"],
    options: ["--suite", "all"],
  },
  {
    era: "2026-07-28",
    packages: ["node@24", "@modelcontextprotocol/conformance@0.2.0-alpha.12"],
    options: ["--requirements", "2026-07-28"],
  },
];
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; said: string }> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, said };
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), "skyprep-conformance-"));
const { url, close } = await serveConformance();
try {
  for (const { era, packages, options } of suites) {
    const npx = ["-y", ...packages.flatMap((name) => ["-p", name]), "conformance"];
    const there = await run("npx", [...npx, "--version"], folder);
    if (there.code !== 0) {
      print(`conformance ${era}: NOT RUN, the registry did not give the suite`);
      continue;
    }
    const expected = ["--expected-failures", here(`expected-${era}.yml`)];
    const { code, said } = await run(
      "npx",
      [...npx, "server", "--url", url, ...options, ...expected],
      folder,
    );
    print(said.split("\n").slice(-60).join("\n"));
    print(`conformance ${era}: ${code === 0 ? "as expected" : "FAILED"}`);
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  close();
  rmSync(folder, { recursive: true });
}
