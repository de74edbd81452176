import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { blockAt, blocksOf, instrumented } from "./blocks.ts";
import { type Repository, readRepository } from "./concerned.ts";
import { type CoverageMap, createCovering } from "./covering.ts";
import { allMutants, filesOf, mutantsOf, namesIt, safety, safetyFiles, shuffled } from "./mutants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const every = allMutants(root, /./);

describe("the mutants", () => {
  it("are of every part of the safety code, each a program, each another one, each known by its key", () => {
    const files = safetyFiles(root);

    expect(safety.filter((name) => !files.some((file) => namesIt(name, file)))).toEqual([]);
    expect(every.length).toBeGreaterThan(3_000);
    expect(new Set(every.map(({ key }) => key)).size).toBe(every.length);
    for (const { source, was, now } of every.filter((_, index) => index % 40 === 0)) {
      expect(() => parseAst(source, { lang: "ts" })).not.toThrow();
      expect(now).not.toBe(was);
    }
  });

  it("change one thing each", () => {
    const source = [
      'import type { A } from "./a.ts";',
      "export const most = 25;",
      'type Kind = "a" | "b";',
      "export function f(a: number, list: readonly number[]): boolean {",
      '  if (a < most && kind(a) !== "a") send(a - 1);',
      "  return list.filter((one) => one > 0)[0] === a;",
      "}",
    ].join("\n");

    const made = mutantsOf("src/x.ts", source).map(({ kind, line, now }) => `${line} ${kind}: ${now}`);

    expect(made).toEqual([
      "2 one more: export const most = 26;",
      "5 condition true: if (true) send(a - 1);",
      "5 condition false: if (false) send(a - 1);",
      '5 && to ||: if ((a < most || kind(a) !== "a")) send(a - 1);',
      '5 < to <=: if ((a <= most) && kind(a) !== "a") send(a - 1);',
      '5 < to >=: if ((a >= most) && kind(a) !== "a") send(a - 1);',
      '5 !== to ===: if (a < most && (kind(a) === "a")) send(a - 1);',
      '5 string emptied: if (a < most && kind(a) !== "") send(a - 1);',
      '5 statement removed: if (a < most && kind(a) !== "a") ;',
      '5 - to +: if (a < most && kind(a) !== "a") send((a + 1));',
      '5 one more: if (a < most && kind(a) !== "a") send(a - 2);',
      "6 nothing returned: return undefined;",
      "6 === to !==: return (list.filter((one) => one > 0)[0] !== a);",
      "6 filter left out: return list[0] === a;",
      "6 > to >=: return list.filter((one) => (one >= 0))[0] === a;",
      "6 > to <=: return list.filter((one) => (one <= 0))[0] === a;",
      "6 one more: return list.filter((one) => one > 1)[0] === a;",
    ]);
  });

  it("keep what stands in parentheses together", () => {
    const source = "export const f = (a: number) => !(a || b) && ((a & 7) !== 0 || (b ?? c).some(d));";

    const made = mutantsOf("src/x.ts", source).map(({ now }) => now.slice(32));

    expect(made).toEqual([
      "(!(a || b) || ((a & 7) !== 0 || (b ?? c).some(d)));",
      "(a || b) && ((a & 7) !== 0 || (b ?? c).some(d));",
      "!((a && b)) && ((a & 7) !== 0 || (b ?? c).some(d));",
      "!(a || b) && (((a & 7) !== 0 && (b ?? c).some(d)));",
      "!(a || b) && (((a & 7) === 0) || (b ?? c).some(d));",
      "!(a || b) && ((a & 8) !== 0 || (b ?? c).some(d));",
      "!(a || b) && ((a & 7) !== 1 || (b ?? c).some(d));",
      "!(a || b) && ((a & 7) !== 0 || (b ?? c).every(d));",
      "!(a || b) && ((a & 7) !== 0 || (b).some(d));",
      "!(a || b) && ((a & 7) !== 0 || (c).some(d));",
    ]);
  });

  it("come in the order of the seed, which other code does not shuffle", () => {
    const [some, fewer] = [every.slice(0, 300), every.slice(0, 300).filter((_, index) => index % 7 !== 0)];
    const order = (mutants: typeof every, seed: number) => shuffled(mutants, seed).map(({ key }) => key);
    const left = new Set(fewer.map(({ key }) => key));

    expect(order(some, 1)).toEqual(order([...some].reverse(), 1));
    expect(order(some, 1)).not.toEqual(order(some, 2));
    expect(order(fewer, 1)).toEqual(order(some, 1).filter((key) => left.has(key)));
  });
});

describe("the tests that a mutant is judged by", () => {
  const noted = (source: string): [value: unknown, ran: (string | undefined)[]] => {
    const blocks = blocksOf("src/x.ts", source);
    const ran: (string | undefined)[] = [];
    const context = { __hit: (block: number) => ran.push(blocks[block]?.key.slice("src/x.ts: ".length)) };
    const value = runInNewContext(
      instrumented(source, blocks, (block) => blocks.indexOf(block)),
      context,
    );
    return [value, ran];
  };

  it("are known by the blocks that they run, of a program that does the same", () => {
    const source = [
      "const half = (n) => n / 2;",
      "function steps(n) {",
      "  let count = 0;",
      "  while (n > 1) {",
      "    if (n % 2 === 0) n = half(n);",
      "    else n = 3 * n + 1;",
      "    count++;",
      "  }",
      "  try {",
      "    switch (count) {",
      "      case 0:",
      "        throw new Error();",
      "      default:",
      "        return (() => ({ count }))();",
      "    }",
      "  } catch {",
      "    return undefined;",
      "  } finally {",
      "    count = 0;",
      "  }",
      "}",
      "JSON.stringify(steps(4));",
    ].join("\n");

    expect(noted(source)).toEqual([
      '{"count":2}',
      [
        "function steps(n)",
        "function steps(n) › while (n > 1)",
        "while (n > 1) › if (n % 2 === 0)",
        "const half = (n) =>",
        "function steps(n) › while (n > 1)",
        "while (n > 1) › if (n % 2 === 0)",
        "const half = (n) =>",
        "function steps(n) › try",
        "try › default:",
        "default: › return (() => (",
        "function steps(n) › finally",
      ],
    ]);
    expect(noted(source.replace("steps(4)", "steps(1)"))).toEqual([
      undefined,
      [
        "function steps(n)",
        "function steps(n) › try",
        "try › case 0:",
        "function steps(n) › } catch",
        "function steps(n) › finally",
      ],
    ]);
  });

  it("are known of whatever source, which stays a program", () => {
    const keys = new Set<string>();
    let blocks = 0;
    for (const file of filesOf(root, "src").filter((_, index) => index % 4 === 0)) {
      const source = readFileSync(join(root, file), "utf8");
      const own = blocksOf(file, source);
      expect(
        () =>
          parseAst(
            instrumented(source, own, () => 7),
            { lang: "ts" },
          ),
        file,
      ).not.toThrow();
      for (const { key } of own) keys.add(key);
      blocks += own.length;
    }
    expect(keys.size).toBe(blocks);
  });

  it("are found by the innermost block that is changed, also after other code moved", () => {
    const source =
      "const one = (a) => a + 1;\nfunction two(b) {\n  if (b) return b + 2;\n  return one(b);\n}\n";
    const moved = `const zero = () => 0;\n// moved\n${source}`;
    const keyAt = (text: string, what: string) =>
      blockAt(blocksOf("src/x.ts", text), text.indexOf(what))?.key;

    for (const text of [source, moved]) {
      expect(keyAt(text, "a + 1")).toBe("src/x.ts: const one = (a) =>");
      expect(keyAt(text, "b + 2")).toBe("src/x.ts: function two(b) › if (b)");
      expect(keyAt(text, "one(b)")).toBe("src/x.ts: function two(b)");
      expect(keyAt(text, "const one")).toBeUndefined();
    }
  });

  it("are those that run the changed block, the most particular first, and none where nothing runs it", () => {
    const source =
      "export const one = (a) => a + 1;\nexport const two = (b) => b + 2;\nconst three = () => 3;\n";
    const map: CoverageMap = {
      code: "",
      keys: blocksOf("src/x.ts", source).map(({ key }) => key),
      files: {
        "test/wide.test.ts": file([{ name: "both", ms: 1, blocks: [0, 1] }]),
        "test/near.test.ts": file([
          { name: "slow", ms: 900, blocks: [0] },
          { name: "quick", ms: 1, blocks: [0] },
          { name: "other", ms: 1, blocks: [1] },
          { name: "very slow", ms: 60_000, blocks: [0] },
        ]),
      },
    };
    const repository: Repository = {
      tests: Object.keys(map.files),
      reach: () => new Set(["src/x.ts"]),
      importers: () => [],
      starts: () => false,
    };
    const [one, two, three] = ["a + 1", "b + 2", "3;"].map((what) =>
      createCovering(map, repository).of({ file: "src/x.ts", at: source.indexOf(what) }, source, (_, name) =>
        name === "other" ? 1 : 0,
      ),
    );

    expect(one?.likeliest).toEqual({
      files: ["test/near.test.ts", "test/wide.test.ts"],
      cases: { "test/near.test.ts": { only: ["quick", "slow"] }, "test/wide.test.ts": { only: ["both"] } },
    });
    expect(one?.others).toEqual({
      files: ["test/near.test.ts"],
      cases: { "test/near.test.ts": { only: ["very slow"] } },
    });
    expect(two?.likeliest.cases).toEqual({
      "test/near.test.ts": { only: ["other"] },
      "test/wide.test.ts": { only: ["both"] },
    });
    expect(three).toBeUndefined();
  });

  it("are never those of the built program", () => {
    const { tests, reach } = readRepository(root);

    expect(tests.filter((test) => test.startsWith("test/program/"))).toEqual([]);
    expect(reach("test/journal/lock.test.ts").has("src/state/files/shared-folder.ts")).toBe(true);
  });
});

const file = (cases: CoverageMap["files"][string]["cases"]) => ({ hash: "", loading: [], around: [], cases });
