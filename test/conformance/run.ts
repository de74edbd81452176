import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npx } from "../support/npx.ts";
import { serveConformance } from "./server.ts";
import { serveTeamConformance } from "./team.ts";

/**
 * The official suite, both protocol eras, against our own binding behind the SDK's handler, and against a team's
 * server as it is. What may fail is in a file each, with reasons; anything else that fails, and anything there that
 * passes, fails the run.
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
const servers = [
  { name: "binding", expected: "expected", serve: serveConformance },
  { name: "serve --http", expected: "expected-http", serve: serveTeamConformance },
];
const wanted = process.argv[2];
try {
  for (const { name, expected, serve } of servers.filter((one) => !wanted || one.expected === wanted)) {
    const { url, close } = await serve();
    for (const { era, packages, options } of suites) {
      const there = await npx(packages, ["conformance", "--version"], folder);
      if (there.code !== 0) {
        print(`conformance ${era}: NOT RUN, the registry did not give the suite`);
        continue;
      }
      const failures = ["--expected-failures", here(`${expected}-${era}.yml`)];
      const asked = ["conformance", "server", "--url", url, ...options, ...failures];
      const { code, out } = await npx(packages, asked, folder);
      print(out.split("\n").slice(-60).join("\n"));
      print(`conformance ${era}, ${name}: ${code === 0 ? "as expected" : "FAILED"}`);
      if (code !== 0) process.exitCode = 1;
    }
    close();
  }
} finally {
  rmSync(folder, { recursive: true });
}
