import { expect, it } from "vitest";
import { seeded } from "../support/seed.ts";
import { killRuns } from "./kill.ts";

it("says unknown of exactly the write that was in flight when the program was killed", async () => {
  const { faults, writes, unknown } = await killRuns(6, seeded("kill"));

  expect(faults).toEqual([]);
  expect(writes).toBeGreaterThan(0);
  expect(unknown).toBeLessThanOrEqual(6);
}, 60_000);
