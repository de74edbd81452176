import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Covered } from "./covering.ts";
import { type Mutant, plain } from "./mutants.ts";
import { run, type Tree } from "./tree.ts";

/** Which tests are run, in which order. */
export interface Order {
  readonly files: readonly string[];
  /** By file, where not all of its tests are. */
  readonly cases?: Readonly<
    Record<string, { readonly only?: readonly string[]; readonly not?: readonly string[] }>
  >;
  /** The folder to note in what each test reaches. */
  readonly reached?: string;
}

export type Verdict =
  /** No such program: it does not type-check. */
  | { readonly is: "void" }
  | { readonly is: "caught"; readonly by: string }
  | { readonly is: "hung"; readonly by: string }
  | { readonly is: "survived"; readonly though?: "no test comes here" | "not all were tried" };

/** Longer than a single test may take, so that it is the test that fails and not the run. */
const silentMs = 100_000;

const checking = ["tsc", "--incremental", "--tsBuildInfoFile", ".mutants.tsbuildinfo"];

/** The files that are no program. */
async function mistaken(tree: Tree): Promise<ReadonlySet<string>> {
  const { code, output } = await run(tree, checking, { silentMs });
  const files = [...output.matchAll(/^(\S+\.ts)\(\d+,\d+\): error/gm)].map(([, file = ""]) => file);
  return new Set(code === 0 ? [] : [...files, ...(files.length === 0 ? [output.slice(0, 500)] : [])]);
}

export const typeChecks = async (tree: Tree): Promise<boolean> => (await mistaken(tree)).size === 0;

/** Those that are programs: many at once, of different files, where their mistakes stay in these. */
export async function programs(tree: Tree, mutants: readonly Mutant[]): Promise<ReadonlySet<Mutant>> {
  const good = new Set<Mutant>();
  let waiting = [...mutants];
  while (waiting.length > 0) {
    const batch = waiting.filter(({ file }, at) => waiting.findIndex((one) => one.file === file) === at);
    const sources = new Map(batch.map(({ file, source }) => [file, source]));
    const wrong = await tree.changed(sources, () => mistaken(tree));
    const apart = [...wrong].some((file) => !sources.has(file));
    for (const mutant of batch) {
      const alone = new Map([[mutant.file, mutant.source]]);
      const is = apart ? await tree.changed(alone, () => typeChecks(tree)) : !wrong.has(mutant.file);
      if (is) good.add(mutant);
    }
    waiting = waiting.filter((one) => !batch.includes(one));
  }
  return good;
}

export interface TestRun {
  readonly code: number | "silent" | "long";
  /** Each "<file> › <test>: <what it says>". */
  readonly failed: readonly string[];
  /** The test file begun last. */
  readonly last: string;
  readonly output: string;
}

export async function runTests(tree: Tree, order: Order, mostMs?: number): Promise<TestRun> {
  const list = join(tree.root, ".mutants.order");
  writeFileSync(list, JSON.stringify(order));
  const { code, output } = await run(tree, ["vitest", "run", "--config", "test/mutants/vitest.config.ts"], {
    env: { MUTANT_ORDER: list, CI: "true" },
    silentMs,
    ...(mostMs !== undefined && { mostMs }),
  });
  const said = output.split("\n");
  const after = (word: string) =>
    said.flatMap((line) => (line.startsWith(word) ? [line.slice(word.length)] : []));
  return { code, failed: after("failed "), last: after("began ").at(-1) ?? "", output };
}

async function tried(tree: Tree, order: Order, mostMs?: number): Promise<Verdict> {
  if (order.files.length === 0) return { is: "survived" };
  const { code, failed, last, output } = await runTests(tree, order, mostMs);
  if (code === "silent") return { is: "hung", by: last };
  if (code === 0) return { is: "survived" };
  if (failed[0] === undefined && code === "long") return { is: "survived", though: "not all were tried" };
  return { is: "caught", by: failed[0] ?? output.slice(-2_000) };
}

export interface Judging {
  /** Undefined: nothing runs it. */
  readonly covered: () => Covered | undefined;
  /** It is red in this part, or as a whole, though nothing is changed. */
  readonly doubt: (test: string) => void;
  readonly seconds: number;
}

/** What was green: where something was changed, too, since then it can be. */
const green = new Set<string>();
const namesIn = ({ files, cases }: Order): string[] =>
  files.flatMap((test) => cases?.[test]?.only?.map((name) => `${test} › ${name}`) ?? []);

/** The likeliest cases first, then all that reach it, for so long; it is known to be a program. */
export async function judge(tree: Tree, { file, source }: Mutant, judging: Judging): Promise<Verdict> {
  const changed = <T>(work: () => Promise<T>) => tree.changed(new Map([[file, source]]), work);
  for (;;) {
    const covered = judging.covered();
    if (covered === undefined) return { is: "survived", though: "no test comes here" };
    let order = covered.likeliest;
    let verdict = await changed(() => tried(tree, order));
    if (verdict.is === "survived") {
      for (const one of namesIn(order)) green.add(one);
      order = covered.others;
      verdict = await changed(() => tried(tree, order, 1_000 * judging.seconds));
    }
    if (verdict.is !== "caught") return verdict;
    // Some tests want others of their file before them, or fail now and then.
    const { test, alone } = aloneOf(verdict.by, order);
    const names = namesIn(alone);
    if (names.length > 0 && names.every((one) => green.has(one))) return verdict;
    if ((await runTests(tree, alone)).code === 0) {
      for (const one of names) green.add(one);
      return verdict;
    }
    judging.doubt(test);
  }
}

/** What is said of a failure is cut a little further on. */
const mostSaid = 250;

/** What caught it, with nothing else around it. */
function aloneOf(by: string, order: Order): { readonly test: string; readonly alone: Order } {
  const test = order.files.find((one) => by.startsWith(`${one} `) || by.startsWith(`${one}:`));
  if (test === undefined) return { test: "", alone: order };
  const part = order.cases?.[test];
  const name = part?.only?.find((one) => by.startsWith(`${test} › ${plain(one)}: `.slice(0, mostSaid)));
  const cases = part?.only ? { only: name === undefined ? [] : [name] } : part;
  return { test, alone: { files: [test], ...(cases && { cases: { [test]: cases } }) } };
}
