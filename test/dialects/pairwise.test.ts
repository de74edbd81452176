import { expect, it } from "vitest";
import { assumptions } from "../../src/skyprep/assumptions.ts";
import { covering, singles, switches } from "./dialects.ts";
import { coveringRows, pairsIn, pairsOf } from "./pairwise.ts";

it("every pair of variants of two assumptions stands in one of the rows", () => {
  const held = new Set(covering.flatMap(({ dialect }) => pairsIn(dialect as Record<string, string>)));

  expect([...pairsOf(switches)].filter((pair) => !held.has(pair))).toEqual([]);
  // 24 assumptions, 61 variants: none is paired with another of its own.
  const sizes = Object.values(switches).map((variants) => variants.length);
  const all = sizes.reduce((sum, n) => sum + n, 0);
  expect(pairsOf(switches).size).toBe((all ** 2 - sizes.reduce((sum, n) => sum + n ** 2, 0)) / 2);
});

it("a row switches no assumption twice, nor more of them than it may, and says the same again", () => {
  const at = { seed: 5, most: 3 };
  const rows = coveringRows({ a: ["1", "2"], b: ["1"], c: ["1", "2", "3"], d: ["1"] }, at);

  for (const row of rows) expect(Object.keys(row).length).toBeLessThanOrEqual(3);
  expect(coveringRows({ a: ["1", "2"], b: ["1"], c: ["1", "2", "3"], d: ["1"] }, at)).toEqual(rows);
  expect(rows.flatMap(pairsIn)).toEqual(expect.arrayContaining(["a=1 c=3", "a=2 b=1", "b=1 d=1"]));
});

it("every variant of every assumption is a switch of its own", () => {
  expect(singles).toHaveLength(
    Object.values(assumptions).reduce((sum, { otherwise }) => sum + Object.keys(otherwise).length, 0),
  );
});
