import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { concernedBy } from "./concerned.ts";
import { allMutants, mutantsOf, safety, safetyFiles, shuffled } from "./mutants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const every = allMutants(root, /./);

describe("the mutants", () => {
  it("are of every part of the safety code, each a program, each another one, each known by its key", () => {
    const files = safetyFiles(root);

    expect(safety.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
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

  it("are judged by the tests that they are part of, the nearest first, and never by those of the built program", () => {
    const concerned = concernedBy(root);

    expect(concerned("src/state/files/lock.ts")[0]).toBe("test/journal/lock.test.ts");
    expect(concerned("src/guard/batch-approval.ts").slice(0, 8)).toContain("test/guard/steps.test.ts");
    expect(
      concerned("src/guard/batch-approval.ts").filter((test) => test.startsWith("test/program/")),
    ).toEqual([]);
  });
});
