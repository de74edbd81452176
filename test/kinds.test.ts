import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { sweeps, systems } from "./kinds.ts";

const named = [...systems, ...sweeps];

it("what is left to test:rest is there, in order, and named once", () => {
  const gone = named.filter((name) => !existsSync(`test/${name.endsWith("/") ? name : `${name}.test.ts`}`));
  const twice = named.filter((name) =>
    named.some((other) => other !== name && other.endsWith("/") && name.startsWith(other)),
  );

  expect(gone).toEqual([]);
  expect(twice).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  for (const names of [systems, sweeps]) expect(names).toEqual([...names].sort());
});
