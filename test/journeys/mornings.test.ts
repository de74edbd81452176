import { describe, expect, inject, it } from "vitest";
import { isLong } from "../support/long.ts";
import { mornings, spentOn } from "./mornings.ts";

/** What is kept of training comes in pages, 57 a minute: of 5,000 people it was read before. */
const sizes = isLong ? [302, 5_000, 20_000] : [302];

describe.each(sizes)("in an academy of %d people", (people) => {
  it.each(mornings)(
    "$asks",
    async (morning) => {
      const [spent] = await spentOn([morning], { people, strict: inject("strict") });

      const { calls, tokens, questions } = morning.within;
      expect(spent?.calls).toBeLessThanOrEqual(calls);
      expect(spent?.tokens).toBeLessThanOrEqual(tokens);
      if (questions !== undefined) expect(spent?.questions).toBeLessThanOrEqual(questions);
    },
    600_000,
  );
});
