import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blockAt, blocksOf, instrumented } from "./blocks.ts";
import type { Repository } from "./concerned.ts";
import { type Order, runTests } from "./judge.ts";
import { filesOf, type Mutant } from "./mutants.ts";
import type { Reached } from "./setup.ts";
import type { Tree } from "./tree.ts";

interface Case {
  readonly name: string;
  readonly ms: number;
  /** By their places among the keys. */
  readonly blocks: readonly number[];
}

interface TestFile {
  /** Of all that it is made of, below test. */
  readonly hash: string;
  /** While it was loaded: only the first file of a process loads a source. */
  readonly loading: readonly number[];
  /** Outside of its tests. */
  readonly around: readonly number[];
  readonly cases: readonly Case[];
}

/** Which blocks each test runs. */
export interface CoverageMap {
  /** Of the sources that it was made over. */
  readonly code: string;
  readonly keys: readonly string[];
  readonly files: Readonly<Record<string, TestFile>>;
}

/** The tests that a mutant is judged by. */
export interface Covered {
  readonly likeliest: Order;
  readonly others: Order;
}

/** In the first look, of a file and in all. */
const mostOfAFile = 4;
const mostCases = 60;
const mostMs = 15_000;

const hashOf = (root: string, files: readonly string[]): string => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
};

interface Making {
  readonly tree: Tree;
  readonly repository: Repository;
  readonly path: string;
  /** Made anew whatever there is. */
  readonly anew: boolean;
  /** The tests are taken to be green as the code is, though it changed since. */
  readonly trust: boolean;
  readonly say: (line: string) => void;
}

/** The map kept there, brought up to date: whatever changed is run, and must be green as it is. */
export async function openMap({ tree, repository, path, anew, trust, say }: Making): Promise<CoverageMap> {
  const { root } = tree;
  const before: CoverageMap | undefined =
    !anew && existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  const sources = filesOf(root, "src");
  const code = hashOf(root, [...sources, ...filesOf(root, "tools")]);
  const hashes = new Map(
    repository.tests.map((test) => {
      const parts = [...repository.reach(test)].filter((file) => file.startsWith("test/"));
      return [test, hashOf(root, parts.sort())] as const;
    }),
  );
  const stands = before !== undefined && (before.code === code || trust);
  const kept = stands
    ? Object.entries(before.files).filter(([test, { hash }]) => hashes.get(test) === hash)
    : [];
  const files: Record<string, TestFile> = Object.fromEntries(kept);
  const due = repository.tests.filter((test) => files[test] === undefined);
  if (due.length === 0 && before !== undefined) return { ...before, files };

  const numbers = new Map((stands ? before.keys : []).map((key, index) => [key, index] as const));
  const numberOf = (key: string) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  const all = sources.map((file) => {
    const source = readFileSync(join(root, file), "utf8");
    const blocks = blocksOf(file, source);
    return [file, instrumented(source, blocks, ({ key }) => numberOf(key))] as const;
  });
  say(`which blocks each test runs: ${due.length} test files, as the code is`);
  const reached = mkdtempSync(join(root, ".mutants-reached-"));
  const first = await tree.changed(new Map(all), () => runTests(tree, { files: due, reached }));
  // What is red once may be so because the machine is busy.
  const doubtful = [...new Set(first.failed.map((one) => /^\S+\.test\.ts/.exec(one)?.[0] ?? ""))].filter(
    Boolean,
  );
  const again = doubtful.length === 0 ? first : await runTests(tree, { files: doubtful });
  const red = again.code === 0 ? [] : doubtful;
  for (const [test, one] of fileRows(reached))
    if (!red.includes(test)) files[test] = { ...one, hash: hashes.get(test) ?? "" };
  const map: CoverageMap = { code, keys: [...numbers.keys()], files };
  writeFileSync(path, JSON.stringify(map));
  if (again.code !== 0)
    throw new Error(`red as it is: ${again.failed.join("\n") || again.output.slice(-2_000) || again.code}`);
  return map;
}

function fileRows(folder: string): Map<string, Omit<TestFile, "hash">> {
  const rows = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line): Reached => JSON.parse(line)),
  );
  const byFile = new Map<string, Reached[]>();
  for (const row of rows) byFile.set(row.file, [...(byFile.get(row.file) ?? []), row]);
  return new Map(
    [...byFile].map(([file, own]) => {
      const of = (when: Reached["when"]) => [
        ...new Set(own.flatMap((row) => (row.when === when ? row.blocks : []))),
      ];
      const cases = own.flatMap(({ name, ms = 0, blocks }) =>
        name === undefined ? [] : [{ name, ms, blocks }],
      );
      return [file, { loading: of("loading"), around: of("around"), cases }] as const;
    }),
  );
}

interface Ranked extends Case {
  readonly file: string;
}

export interface Covering {
  /** A test file is red as the code is, in part or whole: what becomes of it. */
  doubt(test: string): "run as a whole from now on" | "left out from now on";
  /** Undefined: nothing runs it. */
  of(
    mutant: Pick<Mutant, "file" | "at">,
    source: string,
    caught: (file: string, name: string) => number,
  ): Covered | undefined;
}

export function createCovering(map: CoverageMap, repository: Repository): Covering {
  const numbers = new Map(map.keys.map((key, index) => [key, index] as const));
  const cases = Object.entries(map.files).flatMap(([file, one]) =>
    one.cases.map((own): Ranked => ({ ...own, file })),
  );
  const running = new Map<number, Ranked[]>();
  for (const one of cases)
    for (const block of one.blocks) {
      const there = running.get(block);
      if (there) there.push(one);
      else running.set(block, [one]);
    }
  const loaded = new Set(Object.values(map.files).flatMap(({ loading }) => loading));
  const outside = new Map(
    Object.entries(map.files).map(([file, one]) => [file, new Set([...one.loading, ...one.around])] as const),
  );
  const inFile = (file: string) =>
    map.keys.flatMap((key, index) => (key.startsWith(`${file}: `) ? [index] : []));

  const doubted = new Map<string, "in part" | "whole">();
  const tests = () => repository.tests.filter((test) => doubted.get(test) !== "whole");
  const inParts = ({ file }: Ranked) => !doubted.has(file);

  return {
    doubt(test) {
      doubted.set(test, doubted.has(test) || test === "" ? "whole" : "in part");
      return doubted.get(test) === "whole" ? "left out from now on" : "run as a whole from now on";
    },
    of({ file, at }, source, caught) {
      const block = blockAt(blocksOf(file, source), at);
      const own = block === undefined ? undefined : numbers.get(block.key);
      // What runs only when the file is loaded, or is not known, shows wherever the file is used.
      const wide = own === undefined || (loaded.has(own) && !running.has(own));
      const blocks = [
        ...(own === undefined ? [] : [own]),
        ...(wide ? [file, ...repository.importers(file)].flatMap(inFile) : []),
      ];
      const worth = (one: Ranked) => caught(one.file, one.name);
      const ranked = blocks.map((number) =>
        (running.get(number) ?? [])
          .filter(inParts)
          .toSorted((a, b) => worth(b) - worth(a) || a.blocks.length - b.blocks.length || a.ms - b.ms),
      );
      const chosen = likeliest(ranked);
      const rest = new Set(ranked.flat().filter((one) => !chosen.includes(one)));
      // In these it runs around the tests, or in a process of their own, where nobody sees it.
      const whole = tests().filter(
        (test) =>
          blocks.some((number) => outside.get(test)?.has(number)) ||
          (doubted.has(test) &&
            blocks.some((number) => running.get(number)?.some((one) => one.file === test))) ||
          (repository.starts(test) && repository.reach(test).has(file)),
      );
      if (chosen.length === 0 && rest.size === 0 && whole.length === 0 && !wide) return undefined;
      const far = wide ? tests().filter((test) => repository.reach(test).has(file)) : [];
      return { likeliest: orderOf(chosen), others: others([...rest], chosen, whole, far, map) };
    },
  };
}

/** One for each block in turn, so that many blocks share the places. */
function likeliest(ranked: readonly (readonly Ranked[])[]): Ranked[] {
  const chosen = new Set<Ranked>();
  const ofFile = new Map<string, number>();
  let ms = 0;
  const most = Math.max(0, ...ranked.map((list) => list.length));
  for (let place = 0; place < most && chosen.size < mostCases; place++)
    for (const list of ranked) {
      const one = list[place];
      const count = one === undefined ? mostOfAFile : (ofFile.get(one.file) ?? 0);
      if (one === undefined || chosen.has(one) || count >= mostOfAFile) continue;
      if (ms + one.ms > mostMs || chosen.size >= mostCases) continue;
      chosen.add(one);
      ofFile.set(one.file, count + 1);
      ms += one.ms;
    }
  return [...chosen];
}

const orderOf = (cases: readonly Ranked[]): Order => {
  const files = [...new Set(cases.map(({ file }) => file))];
  const namesIn = (file: string) => cases.flatMap((one) => (one.file === file ? [one.name] : []));
  return { files, cases: Object.fromEntries(files.map((file) => [file, { only: namesIn(file) }])) };
};

/** All that run it, the quick files before the slow; then the files that are made of it. */
function others(
  rest: readonly Ranked[],
  chosen: readonly Ranked[],
  whole: readonly string[],
  far: readonly string[],
  map: CoverageMap,
): Order {
  const parts = orderOf(rest);
  const msOf = (file: string, of?: readonly string[]) =>
    (map.files[file]?.cases ?? []).reduce(
      (ms, one) => ms + (of?.includes(one.name) === false ? 0 : one.ms),
      0,
    );
  const near = [...new Set([...parts.files, ...whole])].map((file) => {
    const only = whole.includes(file) ? undefined : parts.cases?.[file]?.only;
    return { file, only, ms: msOf(file, only) };
  });
  const further = far
    .filter((file) => !near.some((one) => one.file === file))
    .map((file) => ({ file, only: undefined, ms: msOf(file) }));
  const files = [near, further].flatMap((list) => list.toSorted((a, b) => a.ms - b.ms));
  const tried = orderOf(chosen);
  return {
    files: files.map(({ file }) => file),
    cases: Object.fromEntries(
      files.map(({ file, only }) => [file, only ? { only } : { not: tried.cases?.[file]?.only ?? [] }]),
    ),
  };
}
