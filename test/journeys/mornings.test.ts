import { describe, expect, inject, it } from "vitest";
import { isLong } from "../support/long.ts";
import { played } from "./journey.ts";
import { counting, mornings, warmed } from "./mornings.ts";

/** What is kept of training comes in pages, 57 a minute: of 5,000 people it was read before. */
const sizes = isLong ? [302, 5_000, 20_000] : [302];

describe.each(sizes)("in an academy of %d people", (people) => {
  it.each(mornings)(
    "$asks",
    async ({ play, within }) => {
      const asks = "";
      const job = 0;

      await played(
        {
          job,
          asks,
          people,
          async play(desk) {
            await warmed(desk);
            const counter = counting(desk);

            await play(counter);

            const { calls, tokens } = counter.spent();
            expect(calls).toBeLessThanOrEqual(within.calls);
            expect(tokens).toBeLessThanOrEqual((people > 302 && within.ofMany) || within.tokens);
          },
        },
        { strict: inject("strict") },
      );
    },
    600_000,
  );
});
