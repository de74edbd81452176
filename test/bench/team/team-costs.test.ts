import { expect, it } from "vitest";
import { missedIn, teamCosts } from "./team-costs.ts";

it("the bench of a team's server in short: both servers answer every client in both eras", async () => {
  const { figures, part } = await teamCosts({
    // As many as may wait at once on a busy machine: calls go out whether the last was answered or not.
    clients: 60,
    perSecond: 100,
    turns: 1,
    saturatedMs: 200,
    steadyMs: 200,
    warm: 20,
    memoryCalls: 80,
  });

  // How fast is the machine's matter here; that nothing was left out of the count is not.
  for (const era of ["2025", "2026"] as const) {
    expect(figures.rate[era]).toBeGreaterThan(0.05);
    expect(figures.late[era]).toBeGreaterThan(0.05);
  }
  expect(figures.descriptors).toBeLessThanOrEqual(4);
  expect(part.rows.map(([, seen]) => seen).join(" ")).not.toContain("NaN");
});

it("the bench says what was asked and not met", () => {
  const good = { rate: { 2025: 0.6, 2026: 0.7 }, late: { 2025: 3, 2026: 1 }, heap: 1, descriptors: 0 };

  expect(missedIn(good)).toEqual([]);
  expect(
    missedIn({
      rate: { 2025: 0.59, 2026: Number.NaN },
      late: { 2025: 3.1, 2026: 1 },
      heap: 1.06,
      descriptors: 5,
    }),
  ).toEqual(["rate of 2026", "rate of 2025", "99 of 100 of 2025", "heap", "descriptors"]);
});
