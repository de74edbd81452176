import { describe, expect, inject, it } from "vitest";
import { isLong } from "../support/long.ts";
import { type Journey, played, titleOf } from "./journey.ts";
import { followUps } from "./follow-ups.ts";

/** Of 20,000 people the long form alone. */
const sized = (journey: Journey): Journey =>
  isLong || journey.people === undefined ? journey : { ...journey, people: 2_000, of: "2,000 people" };

describe("what cost a morning: an administrator says", () => {
  for (const journey of followUps.map(sized)) {
    it(titleOf(journey), async () => {
      const cost = await played(journey, { strict: inject("strict") });

      const { calls = 12, api = 40, tokens = 12_000 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
      expect(cost.api).toBeLessThanOrEqual(api);
      expect(cost.tokens).toBeLessThanOrEqual(tokens);
    }, 600_000);
  }
});
