import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { createClock } from "../../support/clock.ts";
import { createDisk, createProcess, mostInAMinute, times } from "../../support/shared-minute.ts";

describe("the limit of calls a minute", () => {
  it("is kept by three processes together, however 2,000 calls arrive, and used", async () => {
    const arrivals = fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 3_000 })),
        process: fc.nat(2),
        takes: fc.integer({ min: 0, max: 4_000 }),
        writes: fc.boolean(),
        /** Cancelled after so long. */
        patience: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.nat(90_000)),
      }),
      { minLength: 2_000, maxLength: 2_000 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async (calls) => {
        const clock = createClock();
        const disk = createDisk();
        let takes = 0;
        const slow = async () => {
          await clock.pause(takes);
          return { status: 200, contentType: "", body: new Uint8Array() };
        };
        const processes = times(3, () => createProcess(clock, disk, { behind: slow }));
        const answers: Promise<unknown>[] = [];
        let at = 0;
        for (const call of calls) {
          at += call.gap;
          clock.after(at, () => {
            takes = call.takes;
            const route = call.writes ? "create_course" : "get_users";
            const abort = new AbortController();
            if (call.patience !== undefined) clock.after(call.patience, () => abort.abort());
            const chosen = processes[call.process];
            const answer = chosen?.call(route, createRequestContext(), abort.signal);
            answers.push(Promise.allSettled([answer]));
          });
        }

        await clock.run();

        const began = processes.flatMap((one) => one.began);
        const cancelled = calls.filter(({ patience }) => patience !== undefined).length;
        expect(await Promise.all(answers)).toHaveLength(2_000);
        expect(began.length).toBeGreaterThanOrEqual(2_000 - cancelled);
        expect(mostInAMinute(began)).toBeLessThanOrEqual(100);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it("is used up: 200 calls take no longer than it makes them", async () => {
    const clock = createClock();
    const start = clock.now();
    const process = createProcess(clock, createDisk());
    for (let n = 0; n < 200; n++) void process.call();

    await clock.run();

    expect(process.began.filter((at) => at === start)).toHaveLength(100);
    expect(process.began.filter((at) => at > start + 61_000)).toEqual([]);
  });

  it("costs a call that need not wait one read and one writing", async () => {
    const clock = createClock();
    const disk = createDisk();

    await createProcess(clock, disk).call();

    expect(disk).toMatchObject({ reads: 1, writes: 1 });
  });

  it("lets a newcomer in after the few whose turn it is, not after all that another process has to do", async () => {
    const clock = createClock();
    const disk = createDisk();
    const [busy, other] = [createProcess(clock, disk), createProcess(clock, disk)];
    for (let n = 0; n < 1_000; n++) void busy.call();
    await clock.run(30_000);

    void other.call();
    await clock.run();

    const before = busy.began.filter((at) => at < (other.began[0] ?? 0)).length;
    expect(before).toBeLessThanOrEqual(104);
  });

  it("is shared evenly by three that always have something to do", async () => {
    const clock = createClock();
    const disk = createDisk();
    const behind = async () => {
      await clock.pause(300);
      return { status: 200, contentType: "", body: new Uint8Array() };
    };
    const processes = times(3, () => createProcess(clock, disk, { behind }));
    for (const process of processes) for (let n = 0; n < 300; n++) void process.call();

    await clock.run(5 * 60_000);

    const shares = processes.map(({ began }) => began.length);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(20);
  });

  it("is kept where the file tells the calls of a minute in any order", async () => {
    const orders = fc.shuffledSubarray(
      times(5, (index) => index),
      { minLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const clock = createClock();
        const start = clock.now();
        // One second apart, the oldest of them fifty seconds old.
        const calls = order.map((index) => start - 50_000 + index * 1_000);
        const disk = createDisk(JSON.stringify({ version: 1, writtenAt: start, calls }));
        const process = createProcess(clock, disk, { callsPerMinute: 5 });
        for (let n = 0; n < 6; n++) void process.call();

        await clock.run();

        expect(process.troubles).toEqual([]);
        expect(process.began.map((at) => at - start)).toEqual([
          11_000, 12_000, 13_000, 14_000, 15_000, 72_000,
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [122_000, 0],
    [122_001, 1],
  ])("a turn kept %i ms ahead lets %i call go at once", async (ms, began) => {
    const clock = createClock();
    const start = clock.now();
    const disk = createDisk(JSON.stringify({ version: 1, writtenAt: start, calls: [start + ms] }));
    const process = createProcess(clock, disk, { callsPerMinute: 1 });

    void process.call().catch(() => {});
    await clock.run(0);

    expect(process.began).toHaveLength(began);
  });

  it("gives turns in the order of asking", async () => {
    const clock = createClock();
    const disk = createDisk();
    const order: number[] = [];
    const processes = times(3, () => createProcess(clock, disk, { callsPerMinute: 1 }));
    for (const [index, process] of processes.entries()) {
      clock.after(index, () => void process.call().then(() => order.push(index)));
    }

    await clock.run();

    expect(order).toEqual([0, 1, 2]);
  });
});

describe("within a process", () => {
  it.each([
    ["reads go four at once", "get_users", 4],
    ["writes go one at a time", "create_course", 1],
  ])("%s", async (_, route, most) => {
    const clock = createClock();
    let [running, peak] = [0, 0];
    const process = createProcess(clock, createDisk(), {
      behind: async () => {
        peak = Math.max(peak, ++running);
        await clock.pause(100);
        running -= 1;
        return { status: 200, contentType: "", body: new Uint8Array() };
      },
    });

    for (let n = 0; n < 10; n++) void process.call(route);
    await clock.run();

    expect(process.began).toHaveLength(10);
    expect(peak).toBe(most);
  });

  it("gives the place of a call that failed to the next", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk(), {
      behind: async () => {
        throw new Error("lost");
      },
    });

    const calls = await Promise.allSettled(times(3, () => process.call("create_course")));

    expect(calls.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  });
});
