import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { verify } from "../../src/journal/verify.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { intent, linesIn, newPlace, openIn } from "./world.ts";

const writer = join(temporaryFolder("writer"), "writer.mjs");
/** Compiled once: eight processes that each compile it for themselves take longer than all that they write. */
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL("writer.ts", import.meta.url))],
    outfile: writer,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});

/** A writing process that waits for `go`; `said` grows as it writes. */
async function start(folder: string, ...more: string[]) {
  const child = spawn(process.execPath, [writer, folder, ...more], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close");
  const said: string[] = [];
  const waiting: { lines: number; then: () => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line);
    for (const one of waiting) if (said.length >= one.lines) one.then();
  });
  const saying = (lines: number) =>
    new Promise<void>((then) => (said.length >= lines ? then() : waiting.push({ lines, then })));
  await saying(1);
  return { go: () => child.stdin.write("go\n"), kill: () => child.kill("SIGKILL"), said, saying, ended };
}

/** A killed process holds its lock for ten seconds more; here as if they were over. */
function bury(folder: string): void {
  const lock = join(folder, "journal.lock");
  if (existsSync(lock)) utimesSync(lock, 0, 0);
}

const numbers = (said: readonly string[]) => said.map(Number).filter(Number.isFinite);

describe("several processes", () => {
  it("write one whole chain together", async () => {
    const folder = join(newPlace(), "journal");
    const writers = await Promise.all([start(folder, "200"), start(folder, "200")]);

    for (const { go } of writers) go();
    await Promise.all(writers.map(({ ended }) => ended));

    expect(await verify(folder)).toEqual({ lines: 400, forgotten: 0, breaks: [] });
    const seqs = writers.flatMap(({ said }) => numbers(said)).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  });

  it("keep a limit together", async () => {
    const folder = join(newPlace(), "journal");
    const writers = await Promise.all([start(folder, "25", "25"), start(folder, "25", "25")]);

    for (const { go } of writers) go();
    await Promise.all(writers.map(({ ended }) => ended));

    const said = writers.flatMap((one) => one.said);
    expect(numbers(said)).toHaveLength(25);
    expect(said.filter((line) => line === "refused")).toHaveLength(25);
    expect(linesIn(folder)).toHaveLength(25);
  });

  it("that are killed while they write leave a chain that holds, with all they said was written", async () => {
    const folder = join(newPlace(), "journal");
    const acknowledged: number[] = [];
    const writers = await Promise.all([1, 2, 3, 4].map(() => start(folder, "100000")));

    for (const [index, { go, kill, said, saying, ended }] of writers.entries()) {
      go();
      await saying(10 * (index + 1));
      kill();
      await ended;
      acknowledged.push(...numbers(said));
      bury(folder);
      const { breaks } = await verify(folder);
      expect(breaks).toEqual([]);
    }

    await openIn(folder).journal.intend(intent());
    const { lines, breaks, torn } = await verify(folder);
    expect({ breaks, torn }).toEqual({ breaks: [], torn: undefined });
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(lines).toBeGreaterThan(Math.max(...acknowledged));
    const written = new Set(linesIn(folder).map(({ seq }) => seq));
    expect(acknowledged.filter((seq) => !written.has(seq))).toEqual([]);
  });
});
