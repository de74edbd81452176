import { setImmediate as aTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createWorkContext } from "../../../src/state/postgres/work-context.ts";

it("holds for the work and what it awaits, beside what stands in another, and for nothing after it", async () => {
  const [one, other] = [createWorkContext<string>(), createWorkContext<string>()];
  const seen = async () => {
    await aTurn();
    return [one.get(), other.get()];
  };

  const inside = await one.run("a", async () => {
    const both = await other.run("b", seen);
    const instead = await one.run("c", seen);
    return [both, instead, await seen()];
  });

  expect(inside).toEqual([
    ["a", "b"],
    ["c", undefined],
    ["a", undefined],
  ]);
  expect(await seen()).toEqual([undefined, undefined]);
});

it("keeps apart what runs at the same time", async () => {
  const context = createWorkContext<number>();

  const seen = await Promise.all(
    [1, 2, 3].map((n) =>
      context.run(n, async () => {
        await aTurn();
        return context.get();
      }),
    ),
  );

  expect(seen).toEqual([1, 2, 3]);
});
