import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npx } from "../support/npx.ts";
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

const print = (line: string) => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), "skyprep-conformance-"));
const { url, close } = await serveConformance();
try {
  for (const { era, packages, options } of suites) {
    const there = await npx(packages, ["conformance", "--version"], folder);
    if (there.code !== 0) {
      print(`conformance ${era}: NOT RUN, the registry did not give the suite`);
      continue;
    }
    const expected = ["--expected-failures", here(`expected-${era}.yml`)];
    const { code, out } = await npx(
      packages,
      ["conformance", "server", "--url", url, ...options, ...expected],
      folder,
    );
    print(out.split("\n").slice(-60).join("\n"));
    print(`conformance ${era}: ${code === 0 ? "as expected" : "FAILED"}`);
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  close();
  rmSync(folder, { recursive: true });
}
