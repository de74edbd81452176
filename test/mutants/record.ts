import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Took, Verdict } from "./judge.ts";
import type { Mutant } from "./mutants.ts";

/** What was found under a seed, kept so that a run that was broken off goes on. */
export interface RunRecord {
  readonly path: string;
  /** Caught stays caught; what survived is tried again, since there may be new tests. */
  known(mutant: Mutant): Verdict | undefined;
  keep(mutant: Mutant, verdict: Verdict): void;
  readonly took: Took;
  /** The tests that caught others of the same file first, then those of the same folder; the quick before the slow. */
  likeliest(file: string, tests: readonly string[]): string[];
}

interface Found {
  readonly key: string;
  readonly file: string;
  readonly verdict: Verdict;
}

interface Kept {
  readonly found: readonly Found[];
  /** Milliseconds by test file. */
  readonly took: Readonly<{ [test: string]: number }>;
}

/** Who is so much slower stands so much further behind. */
const aPlaceMs = 1_000;

export function openRecord(seed: number, { fresh }: { readonly fresh: boolean }): RunRecord {
  const folder = join(tmpdir(), "skyprep-mcp-mutants");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${seed}.json`);
  const took = new Map<string, number>();
  const kept = new Map<string, Found>();
  if (!fresh && existsSync(path)) {
    const before = JSON.parse(readFileSync(path, "utf8")) as Kept;
    for (const one of before.found) kept.set(one.key, one);
    for (const [test, ms] of Object.entries(before.took)) took.set(test, ms);
  }
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/"));
  return {
    path,
    known: ({ key }) => {
      const verdict = kept.get(key)?.verdict;
      return verdict?.is === "survived" ? undefined : verdict;
    },
    keep({ key, file }, verdict) {
      kept.set(key, { key, file, verdict });
      const all: Kept = { found: [...kept.values()], took: Object.fromEntries(took) };
      writeFileSync(path, JSON.stringify(all, undefined, 1));
    },
    took: (test, ms) => void took.set(test, ms),
    likeliest(file, tests) {
      const worth = new Map<string, number>();
      for (const { file: other, verdict } of kept.values()) {
        if (verdict.is !== "caught" || folderOf(other) !== folderOf(file)) continue;
        const test = /^\S+\.test\.ts/.exec(verdict.by)?.[0] ?? "";
        worth.set(test, (worth.get(test) ?? 0) + (other === file ? 100 : 1));
      }
      const place = new Map(tests.map((test, at) => [test, at + (took.get(test) ?? 0) / aPlaceMs]));
      const rank = (test: string) => (place.get(test) ?? 0) - (worth.get(test) ?? 0);
      return [...tests].sort((a, b) => rank(a) - rank(b));
    },
  };
}
