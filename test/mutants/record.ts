import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "./judge.ts";
import type { Mutant } from "./mutants.ts";

/** What was found under a seed, kept so that a run that was broken off goes on. */
export interface Record {
  readonly path: string;
  /** Caught stays caught; what survived is tried again, since there may be new tests. */
  known(mutant: Mutant): Verdict | undefined;
  keep(mutant: Mutant, verdict: Verdict): void;
  /** The tests that caught others of the same file first, then those of the same folder. */
  likeliest(file: string, tests: readonly string[]): string[];
}

interface Kept {
  readonly key: string;
  readonly file: string;
  readonly verdict: Verdict;
}

export function openRecord(seed: number, { fresh }: { readonly fresh: boolean }): Record {
  const folder = join(tmpdir(), "skyprep-mcp-mutants");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${seed}.json`);
  const kept = new Map<string, Kept>();
  if (!fresh && existsSync(path)) {
    const before = JSON.parse(readFileSync(path, "utf8")) as readonly Kept[];
    for (const one of before) kept.set(one.key, one);
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
      writeFileSync(path, JSON.stringify([...kept.values()], undefined, 1));
    },
    likeliest(file, tests) {
      const worth = new Map<string, number>();
      for (const { file: other, verdict } of kept.values()) {
        if (verdict.is !== "caught" || folderOf(other) !== folderOf(file)) continue;
        const test = /^\S+\.test\.ts/.exec(verdict.by)?.[0] ?? "";
        worth.set(test, (worth.get(test) ?? 0) + (other === file ? 100 : 1));
      }
      return [...tests].sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
    },
  };
}
