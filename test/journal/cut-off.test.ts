import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cutOff } from "../../src/journal/safe-file.ts";
import { temporaryFolder } from "../support/temporary.ts";

const lines = "first\nsecond\ntorn";

/** A file that was looked at, and what somebody who took the lock meanwhile does to it. */
async function looked(meanwhile: (path: string) => void) {
  const path = join(temporaryFolder("cut-off"), "journal.jsonl");
  writeFileSync(path, lines);
  const file = await open(path, "a+");
  meanwhile(path);
  const cut = cutOff(path, "first\nsecond\n".length, { of: file, size: lines.length });
  return { path, cut: cut.finally(() => file.close()) };
}

it("cuts off what was left unfinished", async () => {
  const { path, cut } = await looked(() => {});
  await cut;

  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
});

it.each([
  [
    "another file, as forgetting somebody puts there",
    (path: string) => {
      writeFileSync(`${path}.part`, "other\nlines\nhere");
      renameSync(`${path}.part`, path);
    },
  ],
  ["more lines than were looked at", (path: string) => writeFileSync(path, `${lines}\nthird\n`)],
])("cuts nothing off where there is %s", async (_, meanwhile) => {
  const { path, cut } = await looked(meanwhile);
  const before = readFileSync(path, "utf8");

  await expect(cut).rejects.toThrow();

  expect(readFileSync(path, "utf8")).toBe(before);
});
