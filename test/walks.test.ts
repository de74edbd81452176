import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Walk, walks, walksInWords } from "../scripts/walks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** These numbers may only go down. */
it("lets a newcomer follow a call from the edge to the wire and back in so many files", () => {
  const told = execFileSync(process.execPath, ["--import", "tsx", "scripts/walks.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  const found = JSON.parse(told) as Record<keyof typeof walks, Walk>;

  for (const [tool, { most, inALine: mostInALine }] of Object.entries(walks)) {
    const { read, inALine } = found[tool as keyof typeof walks];
    expect(read.length, tool).toBeGreaterThan(15);
    expect(read.length, `${tool}: ${read.join(" ")}`).toBeLessThanOrEqual(most);
    expect(inALine.length, tool).toBeGreaterThan(5);
    expect(inALine.length, `${tool}: ${inALine.join(" ")}`).toBeLessThanOrEqual(mostInALine);
  }
  // Otherwise: npx tsx scripts/walks.ts write
  expect(readFileSync(`${root}docs/architecture.md`, "utf8")).toContain(walksInWords(found));
}, 120_000);
