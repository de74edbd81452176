import { describe, expect, it } from "vitest";
import { createSharedClock } from "../../src/app/shared-clock.ts";

const noon = Date.UTC(2026, 10, 23, 12);
const hour = 3_600_000;

/** One that all share, on a computer whose own is off. */
function clocks(off: number) {
  const state = { right: noon, off, asked: 0, isGone: false };
  const clock = createSharedClock(
    async () => {
      state.asked += 1;
      if (state.isGone) throw new Error("gone");
      return state.right;
    },
    () => state.right + state.off,
  );
  return Object.assign(clock, { state });
}

describe("a clock that replicas share", () => {
  it.each([hour, -hour, 0])("tells the right time on a computer that is %i ms off", async (off) => {
    const { now, set, state } = clocks(off);
    await set();
    state.right += 5_000;

    expect(now()).toBe(noon + 5_000);
  });

  it("is asked every ten seconds at most, by however many come, and at once when the computer's own is put right", async () => {
    const { now, set, state } = clocks(hour);
    await Promise.all([set(), set(), set()]);
    state.right += 9_999;
    await set();
    const before = state.asked;
    state.right += 1;
    await set();
    const after = state.asked;
    state.off = 0;
    await set();

    expect([before, after, state.asked]).toEqual([1, 2, 3]);
    expect(now()).toBe(state.right);
  });

  it("is taken to be as far off as it was while it cannot be asked, and asked by the next call again", async () => {
    const { now, set, state } = clocks(hour);
    await set();
    state.isGone = true;
    state.right += 60_000;
    await set();
    await set();

    expect(now()).toBe(state.right);
    expect(state.asked).toBe(3);
  });

  it("said so in the middle of the time that the answer took", async () => {
    let own = noon;
    const { now, set } = createSharedClock(
      async () => {
        own += 100;
        return noon + hour;
      },
      () => own,
    );
    await set();

    expect(now()).toBe(noon + hour + 50);
  });
});
