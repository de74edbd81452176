import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "./judge.ts";
import type { Mutant } from "./mutants.ts";

/** What was found under a seed, kept so that a run that was broken off goes on. */
export interface RunRecord {
  readonly path: string;
  /** Caught stays caught; what survived is tried again, since there may be new tests. */
  known(mutant: Mutant): Verdict | undefined;
  keep(mutant: Mutant, verdict: Verdict): void;
  /** How much a test caught of the same file or, less worth, of its folder. */
  caught(file: string): (test: string, name: string) => number;
}

interface Found {
  readonly key: string;
  readonly file: string;
  readonly verdict: Verdict;
}

interface Kept {
  readonly found: readonly Found[];
}

/** Where the runs of all seeds keep what they know. */
export const keeping = join(tmpdir(), "skyprep-mcp-mutants");

export function openRecord(seed: number, { fresh }: { readonly fresh: boolean }): RunRecord {
  mkdirSync(keeping, { recursive: true });
  const path = join(keeping, `${seed}.json`);
  const kept = new Map<string, Found>();
  if (!fresh && existsSync(path)) {
    const before = JSON.parse(readFileSync(path, "utf8")) as Kept;
    for (const one of before.found) kept.set(one.key, one);
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
      const all: Kept = { found: [...kept.values()] };
      writeFileSync(path, JSON.stringify(all, undefined, 1));
    },
    caught(file) {
      const worth = new Map<string, number>();
      for (const { file: other, verdict } of kept.values()) {
        if (verdict.is !== "caught" || folderOf(other) !== folderOf(file)) continue;
        const by = verdict.by.split(": ")[0] ?? "";
        worth.set(by, (worth.get(by) ?? 0) + (other === file ? 100 : 1));
      }
      // A name may have a colon in it, too.
      return (test, name) => worth.get(`${test} › ${name}`.replace(/\s+/g, " ").split(": ")[0] ?? "") ?? 0;
    },
  };
}
