import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";
import { run, type Tree } from "./tree.ts";

export type Verdict =
  /** No such program: it does not type-check. */
  | { readonly is: "void" }
  | { readonly is: "caught"; readonly by: string }
  | { readonly is: "hung"; readonly by: string }
  | { readonly is: "survived" };

/** A single test may be silent for a minute. */
const silentMs = 150_000;

const checking = ["tsc", "--incremental", "--tsBuildInfoFile", ".mutants.tsbuildinfo"];

export async function typeChecks(tree: Tree): Promise<boolean> {
  return (await run(tree, checking, { silentMs })).code === 0;
}

/** Told what each test file took that was green. */
export type Took = (test: string, ms: number) => void;

export async function runTests(tree: Tree, tests: readonly string[], took: Took): Promise<Verdict> {
  if (tests.length === 0) return { is: "survived" };
  const list = join(tree.root, ".mutants.tests");
  writeFileSync(list, tests.join("\n"));
  const args = ["vitest", "run", "--config", "test/mutants/vitest.config.ts"];
  const { code, output } = await run(tree, args, { env: { MUTANT_TESTS: list, CI: "true" }, silentMs });
  const said = output.split("\n");
  for (const line of said) {
    const [, ms, test] = /^took (\d+) (\S+)$/.exec(line) ?? [];
    if (test !== undefined) took(test, Number(ms));
  }
  // What a test says of itself names its file first.
  const last = said.findLast((line) => line.startsWith("began ")) ?? "";
  if (code === undefined) return { is: "hung", by: last.slice("began ".length) };
  if (code === 0) return { is: "survived" };
  const failed = said.find((line) => line.startsWith("failed "))?.slice("failed ".length);
  return { is: "caught", by: failed ?? output.slice(-2_000) };
}

export const judge = (
  tree: Tree,
  { file, source }: Mutant,
  { tests, took }: { readonly tests: readonly string[]; readonly took: Took },
): Promise<Verdict> =>
  tree.changed(file, source, async () => {
    if (!(await typeChecks(tree))) return { is: "void" };
    return runTests(tree, tests, took);
  });
