import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { walks } from "../scripts/walks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** `most` may only go down; what is wanted in the end is 35, 22 and 40 files. */
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
}, 120_000);
