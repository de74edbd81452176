import { describe, expect, inject, it } from "vitest";
import { journeys } from "./all.ts";
import { played } from "./journey.ts";

it("every everyday job of skyprep-api §5 has its journey", () => {
  expect(journeys.map(({ job }) => job)).toEqual(Array.from({ length: 39 }, (_, n) => n + 1));
});

describe("an administrator says", () => {
  for (const journey of journeys) {
    it(`${journey.job}: ${journey.asks}`, async () => {
      const cost = await played(journey, inject("strict"));

      const { calls = 12, api = 40, tokens = 12_000 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
      expect(cost.api).toBeLessThanOrEqual(api);
      expect(cost.tokens).toBeLessThanOrEqual(tokens);
    }, 60_000);
  }
});
