import { describe, expect, inject, it } from "vitest";
import { isLong } from "../support/long.ts";
import { followUps } from "./follow-ups.ts";
import { played, titleOf } from "./journey.ts";

// Who manages whom costs a call for each manager and group: with thousands of people, the long form alone.
describe("what cost a morning: an administrator says", () => {
  for (const journey of followUps.filter(({ people }) => isLong || people === undefined)) {
    it(titleOf(journey), async () => {
      const cost = await played(journey, { strict: inject("strict") });

      const { calls = 12, api = 40, tokens = 12_000 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
      expect(cost.api).toBeLessThanOrEqual(api);
      expect(cost.tokens).toBeLessThanOrEqual(tokens);
    }, 600_000);
  }
});
