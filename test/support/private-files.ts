import { lstatSync } from "node:fs";
import { expect } from "vitest";
import { windows } from "./system.ts";

/**
 * Expects that these files and folders can be read and written by their owner alone: 0600 and 0700. Windows has no such
 * rights, and Node says 0666 of whatever can be written there; who may read a file hangs on the folder that it stands
 * in, a person's own. So nothing is expected on Windows, and no test looks at rights by itself (private-files.test.ts).
 */
export function expectPrivate(...paths: readonly string[]): void {
  if (windows) return;
  const rights = paths.map((path) => {
    const found = lstatSync(path);
    return { path, is: octal(found.mode), wanted: found.isDirectory() ? "700" : "600" };
  });

  expect(rights.length).toBeGreaterThan(0);
  expect(rights.map(({ path, is }) => [path, is])).toEqual(rights.map(({ path, wanted }) => [path, wanted]));
}

const octal = (mode: number) => (mode & 0o777).toString(8);
