import { describe, expect, it } from "vitest";
import { type AssumptionId, assumptions } from "../../../src/skyprep/assumptions.ts";
import { oneByOne, type Proofs } from "./academy.ts";
import { countedAcademy, errorsAndWrites } from "./errors-and-writes.ts";
import { listsAndAbsence } from "./lists-and-absence.ts";
import { valuesAndShapes } from "./values-and-shapes.ts";

const proofs: Proofs<AssumptionId> = { ...valuesAndShapes, ...listsAndAbsence, ...errorsAndWrites };
const all = oneByOne(proofs);

describe("an academy that is otherwise in one thing", () => {
  it("is tried in each of its variants", () => {
    const named = Object.entries(assumptions).flatMap(([id, { otherwise }]) =>
      Object.keys(otherwise).map((variant) => `${id}=${variant}`),
    );

    expect(all.map(({ name }) => name).sort()).toEqual(named.sort());
  });

  it.each(all)("$name", async ({ dialect, proof }) => {
    expect.hasAssertions();
    await proof(countedAcademy(dialect));
  });

  it.each(all.filter(({ name }) => !/^(address|limit)/.test(name)))(
    "$name is not what the usual academy does",
    async ({ proof }) => {
      await expect(proof(countedAcademy({}))).rejects.toThrow();
    },
  );
});
