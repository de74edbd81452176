import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { expectPrivate } from "./private-files.ts";
import { windows } from "./system.ts";
import { temporaryFolder } from "./temporary.ts";

const tests = fileURLToPath(new URL("..", import.meta.url));
/** The rights of what stands on disk, taken out of all that a file system says of it. */
const looksAtRights = /\.mode\s*&\s*0o/;

describe("the rights of files", () => {
  it("are looked at by expectPrivate alone: elsewhere a test would fail on Windows, which has none", () => {
    const files = readdirSync(tests, { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      // Mutants are texts, among them of our own program's lines.
      .filter((name) => name.endsWith(".ts") && !name.startsWith("mutants/"));
    const looking = files.filter((name) => looksAtRights.test(readFileSync(join(tests, name), "utf8")));

    expect(files.length).toBeGreaterThan(100);
    expect(looking).toEqual([]);
    expect(["lstatSync(path).mode", "0o077"].join(" & ")).toMatch(looksAtRights);
  });

  it.skipIf(windows)("are too wide where anybody else has any (skipped on Windows: no such rights)", () => {
    const folder = temporaryFolder("rights");
    const [own, file, link] = ["own", "file", "link"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(own, { mode: 0o700 });
    writeFileSync(file, "", { mode: 0o600 });
    symlinkSync(file, link);

    expectPrivate(folder, own, file);
    expect(() => expectPrivate(link)).toThrow();
    expect(() => expectPrivate()).toThrow();
    for (const [path, mode] of [
      [own, 0o750],
      [file, 0o604],
      [file, 0o700],
    ] as const) {
      chmodSync(path, mode);
      expect(() => expectPrivate(own, file)).toThrow();
    }
  });
});
