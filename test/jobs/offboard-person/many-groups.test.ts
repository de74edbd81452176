import { expect, it } from "vitest";
import { openBigAcademy, rightsAsked, untilWhole } from "../shared/many-groups.ts";

it.each([
  ["offboard_person", { person: "150" }],
  ["merge_people", { from: "150", into: "151" }],
])(
  "%s of a manager of 300 groups: nothing is done before all of them are known, then all of it",
  async (job, args) => {
    const big = await openBigAcademy();
    const own = [big.branches[3], big.branches[100], big.branches[120], big.branches.at(-1)].map(Number);
    for (const group of own) big.manage(150, group);

    const calls = await untilWhole(big, job, args);

    const before = calls.filter(({ routes }) => routes.every((route) => route.startsWith("get_")));
    expect(before.length).toBeGreaterThan(1);
    for (const { text, seconds } of before) {
      expect(seconds).toBeLessThanOrEqual(50);
      expect(text).toMatch(/asked of \d+ of 300 groups, and nothing was sent/);
    }
    // Whatever was read once is not read again, but for what the steps themselves look at.
    expect(rightsAsked(calls.flatMap(({ routes }) => routes))).toBeLessThan(400);
    expect(big.asked[0]?.message).toContain("5 groups they manage");
    expect([...big.world.managerships.values()].some(({ user_id }) => user_id === 150)).toBe(false);
    expect(big.world.people.get(150)?.role).toBe("learner");
    expect(calls.at(-1)?.text).toMatch(
      /Which groups they manage: read over several calls, the first at 2026/,
    );
    await big.close();
  },
);
