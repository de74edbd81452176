import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { noon } from "../support/academy.ts";
import { findCosts } from "./find.ts";
import { guardCosts } from "./guard.ts";
import { pageCosts } from "./pages.ts";
import { report } from "./report.ts";
import { costs } from "./tokens.ts";

const print = (text = "") => void process.stdout.write(`${text}\n`);
const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

print("Tokens (o200k_base) of everyday questions on the sandbox");
print(["text", "structured", "raw API", "question"].map((head) => head.padStart(10)).join("  "));
for (const { question, text, structured, raw } of await costs()) {
  print(`${[text, structured, raw].map((n) => String(n).padStart(10)).join("  ")}  ${question}`);
}

print();
print("The guard, on calls that nobody is asked about, beside the same calls without it (asked: within 2%)");
for (const { call, ratio, micros } of await guardCosts()) {
  print(`  ${call.padEnd(14)} ${ratio.toFixed(3)} x   (${micros.toFixed(0)} µs here)`);
}

const known = await findCosts();
print();
print(
  `Finding people among ${known.people}, ${known.queries} queries with typos, initials, names swapped; medians, in turns`,
);
print(
  `  find                                 ${known.find.toFixed(2)} ms here, somebody for ${known.found.find}`,
);
print(
  `  includes over the same list          ${(known.scan / known.find).toFixed(1)} x as long, somebody for ${known.found.scan}   (asked: find is faster)`,
);
print(
  `  each word without accents (search)   ${(known.words / known.find).toFixed(1)} x as long, somebody for ${known.found.words}`,
);
print(
  `  the index, once per kept list: ${known.buildMs.toFixed(0)} ms here${known.kept === undefined ? "" : `, ${known.kept.toFixed(0)} MiB`}`,
);

const folder = mkdtempSync(join(tmpdir(), "skyprep-bench-"));
try {
  const { send } = createSandbox({
    now: () => noon,
    people: 20_000,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const headers = { "X-SkyPrep-API-Key": "sandbox-key", "X-SkyPrep-Acct-Key": "example.skyprepapp.com" };
  const { body } = await send({ route: "get_users", headers, body: "" }, new AbortController().signal);
  const file = join(folder, "people.json");
  writeFileSync(file, body);
  const child = fileURLToPath(new URL("shaping.ts", import.meta.url));
  const once = (mode: string) =>
    JSON.parse(
      execFileSync(process.execPath, ["--import", "tsx", child, mode, file], { encoding: "utf8" }),
    ) as {
      seen: number;
      ms: number;
      peak: number;
    };
  const pairs = Array.from({ length: 11 }, () => ({ parse: once("parse"), shape: once("shape") }));
  print();
  print(
    `Shaping ${pairs[0]?.shape.seen} people (${(body.length / 1e6).toFixed(0)} MB), beside JSON.parse alone; medians of ${pairs.length} pairs`,
  );
  const ratios = (of: (pair: (typeof pairs)[number]) => number) => median(pairs.map(of)).toFixed(2);
  print(
    `  time   ${ratios(({ parse, shape }) => shape.ms / parse.ms)} x   (asked: at most 1.3; parse ${median(pairs.map(({ parse }) => parse.ms)).toFixed(0)} ms here)`,
  );
  print(
    `  memory ${ratios(({ parse, shape }) => shape.peak / parse.peak)} x   (asked: at most 1.5; parse ${median(pairs.map(({ parse }) => parse.peak)).toFixed(0)} MiB here)`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

const page = await pageCosts();
print();
if (page === undefined) print("No browser here: what a key costs in a page was not measured");
else {
  const most = (values: readonly number[]) => Math.max(...values).toFixed(0);
  const middle = (values: readonly number[]) => median([...values]).toFixed(0);
  print(
    `A page of ${page.rows} people (${page.megabytes.toFixed(1)} MB, written in ${page.writeMs.toFixed(0)} ms here), searched in Chromium`,
  );
  print(
    `  a keystroke   ${middle(page.keyMs)} ms, at most ${most(page.keyMs)} ms; in a page of 50: ${middle(page.fewMs)} ms; sorting by name ${page.sortMs.toFixed(0)} ms`,
  );
}

print();
print(await report());
