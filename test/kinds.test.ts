import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { both, sweepFiles, sweeps, sweepsOfBoth, systemFiles, systems } from "./kinds.ts";

const named = [...systems, ...sweeps];

it("what is left to test:rest is there, in order, and named once", () => {
  const gone = named.filter((name) => !existsSync(`test/${name.endsWith("/") ? name : `${name}.test.ts`}`));
  const twice = named.filter((name) =>
    named.some((other) => other !== name && other.endsWith("/") && name.startsWith(other)),
  );

  expect(gone).toEqual([]);
  expect(twice).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  for (const names of [systems, sweeps]) expect(names).toEqual([...names].sort());
});

/** What a glob of ours means. */
const meaning = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/\./g, "\\.")
      .replace(/\{([^}]*)\}/g, (_, all: string) => `(${all.replaceAll(",", "|")})`)
      .replace(/\*\*\//g, "(.+/)?")
      .replace(/(?<!\.)\*/g, "[^/]*")}$`,
  );
const within = (globs: readonly string[]) => {
  const meant = globs.map(meaning);
  return (file: string) => meant.some((one) => one.test(file));
};

it("every file of tests runs, in one part", () => {
  const files = readdirSync("test", { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".test.ts"));
  const [isSystem, isSweep, isBoth, isSweepOfBoth] = [systemFiles, sweepFiles, both, sweepsOfBoth].map(
    within,
  );
  // As vitest.config.ts includes and excludes.
  const parts = (file: string) => ({
    once: !isBoth?.(file) && !isSystem?.(file) && !isSweep?.(file),
    lenient: isBoth?.(file) && !isSweep?.(file),
    systems: isSystem?.(file),
    sweeps: isSweep?.(file) && !isBoth?.(file),
    "sweeps-lenient": isSweepOfBoth?.(file),
  });
  const several = files.filter((file) => Object.values(parts(file)).filter(Boolean).length !== 1);

  expect(files.length).toBeGreaterThan(380);
  expect(several).toEqual([]);
});
