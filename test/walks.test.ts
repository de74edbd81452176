import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { walks, walksInWords } from "../scripts/walks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** `most` may only go down; 35, 22 and 40 files are aimed at. */
it("lets a newcomer follow a call from the edge to the wire and back in so many files", () => {
  const told = execFileSync(process.execPath, ["--import", "tsx", "scripts/walks.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  const found = JSON.parse(told) as Record<keyof typeof walks, string[]>;

  for (const [tool, { most }] of Object.entries(walks)) {
    const files = found[tool as keyof typeof walks];
    expect(files.length, tool).toBeGreaterThan(15);
    expect(files.length, `${tool}: ${files.join(" ")}`).toBeLessThanOrEqual(most);
  }
  // Otherwise: npx tsx scripts/walks.ts write
  expect(readFileSync(`${root}docs/architecture.md`, "utf8")).toContain(walksInWords(found));
}, 120_000);
