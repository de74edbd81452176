import { mkdtempSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plainReason } from "../../src/node/file-errors.ts";
import { linux } from "../support/system.ts";

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

it("says what the file system refused as a person would", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-"));
  writeFileSync(join(folder, "file"), "");

  expect(plainReason(await caught(open(join(folder, "file", "in-it"), "w")))).toBe(
    "a file stands in its place",
  );
  expect(plainReason(await caught(open(join(folder, "file"), "wx")))).toBe("a file stands in its place");
});

it.skipIf(!linux)("says that a full disk is full (skipped but on Linux: no /dev/full)", async () => {
  const handle = await open("/dev/full", "w");
  const error = await caught(handle.writeFile("more than there is room for"));
  await handle.close();

  expect(plainReason(error)).toBe("the disk is full");
});

it("names a newer program's file by its name alone, and what it has no words for as the system does", () => {
  const error = (code: string, path?: string) => Object.assign(new Error(code), { code, path });

  expect(plainReason(error("ENEWER", "/home/ada/state/pace.json"))).toBe(
    "a newer skyprep-mcp wrote pace.json",
  );
  expect(plainReason(error("EXDEV"))).toBe("EXDEV");
  expect(plainReason(new Error("odd"))).toBe("odd");
});
