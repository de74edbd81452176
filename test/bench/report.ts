import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { perCall } from "./calls.ts";
import { asText, partsIn } from "./figures.ts";
import { journeyCosts } from "./journeys.ts";
import { title as mornings } from "./mornings.ts";
import { listCost, packed } from "./size.ts";
import { startUp } from "./start.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Measures this server beside a minimal one and bare undici, in one run, and writes docs/benchmarks.md; the parts of another run stay in it. */
export async function report(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-bench-"));
  try {
    execFileSync(process.execPath, ["build.mjs"], { cwd: root });
    const bundled = async (name: string) => {
      const outfile = join(folder, `${name}.cjs`);
      await build({
        entryPoints: [join(root, `test/bench/${name}.ts`)],
        outfile,
        bundle: true,
        minify: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        logLevel: "warning",
      });
      return outfile;
    };
    const [minimal, unpaced] = [await bundled("minimal"), await bundled("unpaced")];
    const programs = { ours: join(root, "dist/skyprep-mcp.js"), minimal, unpaced };
    const parts = [
      await startUp(programs),
      await perCall(programs),
      await journeyCosts(),
      listCost(),
      packed(root),
    ];
    const [{ model = "unknown" } = {}] = cpus();
    const head = [
      "# Benchmarks",
      "",
      "Written by `npm run bench` (test/bench/), which measures all of this in one run, in turns; the team's server by",
      "`npm run bench:team`, mornings by `npm run bench:mornings`. Only the ratios mean something on another machine.",
      "",
      `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${model}.`,
      "",
    ].join("\n");
    const file = join(root, "docs/benchmarks.md");
    const ofOthers = partsIn(readFileSync(file, "utf8")).filter(
      (one) => one.startsWith("## One server for a team") || one.startsWith(`## ${mornings}\n`),
    );
    const text = `${head}\n${[...parts.map(asText), ...ofOthers].join("\n")}`;
    writeFileSync(file, text);
    return text;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
