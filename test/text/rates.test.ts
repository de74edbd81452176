import { expect, it } from "vitest";
import { percent, rounded } from "../../src/text/english.ts";
import { openAcademy } from "../support/academy.ts";

/** Of so many records: how many are passed, and what is said of it. */
const rates: readonly (readonly [number, number, string, number])[] = [
  [0, 3, "0%", 0],
  [1, 3, "33.3%", 0.333],
  [2, 3, "66.7%", 0.667],
  [1, 2, "50%", 0.5],
  [249, 250, "99.6%", 0.996],
  [3, 3, "100%", 1],
  // Not all of them, and not none.
  [1_599, 1_600, "99.9%", 0.999],
  [1, 1_600, "0.1%", 0.001],
];

it.each(rates)(
  "%i of %i passed is %s, in training_status and in account_overview",
  async (passed, all, said, is) => {
    const { call, sandbox, close } = await openAcademy({ env: { SKYPREP_CONFIRM: "off" } });
    const { progress } = sandbox.world;
    const [one] = progress.values();
    if (one === undefined) throw new Error("nobody takes anything");
    progress.clear();
    for (let n = 0; n < all; n++) {
      const status = n < passed ? "passed" : "in-progress";
      progress.set(n + 1, { ...one, id: n + 1, user_id: 101 + (n % 200), course_id: 240, status });
    }

    const told = await call("training_status");
    const overview = await call("account_overview");
    await close();

    expect(told.text).toContain(`completion rate: ${said} (`);
    expect(told.structured).toMatchObject({ completion_rate: is });
    expect(overview.text).toContain(`Completion rate ${said}, `);
    expect(overview.structured?.training).toMatchObject({ completion_rate: is });
  },
);

it("a share is all only where it is all, and nothing only where it is nothing, however it is rounded", () => {
  for (const digits of [0, 1, 2])
    for (const n of [1, 2, 3, 7, 100, 999, 9_999])
      for (const some of [0, 1, Math.floor(n / 2), n - 1, n]) {
        const told = percent(some / n, digits);
        expect(told === "100%", `${some}/${n}`).toBe(some === n);
        expect(told === "0%", `${some}/${n}`).toBe(some === 0);
        expect(Math.abs(Number.parseFloat(told) - (some / n) * 100)).toBeLessThanOrEqual(10 ** -digits);
        expect(rounded(some / n) === 1).toBe(some === n);
      }
});
