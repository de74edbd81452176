import { describe, expect, inject, it } from "vitest";
import { isLong } from "../support/long.ts";
import { journeys } from "./all.ts";
import { type Journey, played, titleOf } from "./journey.ts";

it("every everyday job of skyprep-api §5 has its journey", () => {
  expect(journeys.map(({ job }) => job)).toEqual(Array.from({ length: 39 }, (_, n) => n + 1));
});

/** What 20,000 people cost to read, `training-status/big.test.ts` holds too; the long form plays it with all of them. */
const sized = (journey: Journey): Journey =>
  isLong || journey.people === undefined ? journey : { ...journey, people: 2_000, of: "2,000 people" };

describe("an administrator says", () => {
  for (const journey of journeys.map(sized)) {
    it(`${journey.job}: ${titleOf(journey)}`, async () => {
      const cost = await played(journey, { strict: inject("strict") });

      const { calls = 12, api = 40, tokens = 12_000 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
      expect(cost.api).toBeLessThanOrEqual(api);
      expect(cost.tokens).toBeLessThanOrEqual(tokens);
    }, 600_000);
  }
});
