import { describe, expect, inject, it } from "vitest";
import { journeys } from "./all.ts";
import { played } from "./journey.ts";

it("every everyday job of skyprep-api §5 has its journey", () => {
  expect(journeys.map(({ job }) => job)).toEqual(Array.from({ length: 39 }, (_, n) => n + 1));
});

/** Reads 60,000 records, and by the very same calls either way: its strict half runs with `npm run faults`. */
const longest = 10;
const itOf = (job: number) => (job === longest && inject("strict") && !process.env.LONG ? it.skip : it);

describe("an administrator says", () => {
  for (const journey of journeys) {
    itOf(journey.job)(
      `${journey.job}: ${journey.asks}`,
      async () => {
        const cost = await played(journey, inject("strict"));

        const { calls = 12, api = 40, tokens = 12_000 } = journey.within ?? {};
        expect(cost.calls).toBeLessThanOrEqual(calls);
        expect(cost.api).toBeLessThanOrEqual(api);
        expect(cost.tokens).toBeLessThanOrEqual(tokens);
      },
      60_000,
    );
  }
});
