import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClock, settled } from "../../support/clock.ts";
import { createDisk, createProcess, mostInAMinute, times } from "../../support/shared-minute.ts";

const callsIn = (text: string | undefined) => (JSON.parse(text ?? "{}") as { calls: number[] }).calls;
/** One after the other, none waiting for time to pass. */
async function burst(process: { call: () => Promise<unknown> }, calls: number) {
  for (let n = 0; n < calls; n++) await process.call();
}

describe("turns taken ahead", () => {
  it("never let more than the limit through in any 61 s, whoever is killed and however far clocks are set back", async () => {
    // Calls close upon each other, so that turns are taken ahead and used late, and floods that take every turn
    // the moment it is free.
    const event = fc.record({
      gap: fc.oneof(
        { weight: 9, arbitrary: fc.nat(450) },
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat(30_000) },
      ),
      process: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
      calls: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 60 })),
      after: fc.oneof(
        { weight: 20, arbitrary: fc.constant("nothing" as const) },
        { weight: 1, arbitrary: fc.constant("killed" as const) },
        { weight: 1, arbitrary: fc.constant("set back" as const) },
      ),
      back: fc.oneof(fc.integer({ min: 1_001, max: 5_000 }), fc.integer({ min: 1_001, max: 3_600_000 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 60, maxLength: 200 }),
        fc.constantFrom(12, 20, 100),
        async (events, callsPerMinute) => {
          const clock = createClock();
          const disk = createDisk();
          // What a clock that nobody sets would show.
          let setBack = 0;
          const began: number[] = [];
          const behind = async () => {
            began.push(clock.now() + setBack);
            return { status: 200, contentType: "", body: new Uint8Array() };
          };
          const born = () => createProcess(clock, disk, { callsPerMinute, behind });
          const processes = times(3, born);

          for (const { gap, process, calls, after, back } of events) {
            await clock.run(gap);
            for (let n = 0; n < calls; n++) void processes[process]?.call().catch(() => {});
            await settled();
            if (after === "killed") {
              processes[process]?.kill();
              processes[process] = born();
            } else if (after === "set back") {
              setBack += back;
              clock.set(clock.now() - back);
            }
          }
          await clock.run(300_000);

          expect(began.length).toBeGreaterThan(0);
          expect(mostInAMinute(began, 61_000)).toBeLessThanOrEqual(callsPerMinute);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it("cost a hundred calls in a row a tenth of the writing, and none of the limit", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk, { callsPerMinute: 400 });

    await burst(process, 100);
    await clock.run();

    expect(process.began).toHaveLength(100);
    expect(disk.writes).toBeLessThanOrEqual(12);
    expect(callsIn(disk.text)).toEqual(process.began);
  });

  it("are none for calls that come now and then", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);

    for (let n = 0; n < 30; n++) {
      await process.call();
      expect(callsIn(disk.text)).toEqual(process.began);
      await clock.run(1_000);
    }
  });

  it("count as used until a second later, and are given back then", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);
    await burst(process, 7);
    const kept = callsIn(disk.text).filter((at) => at === clock.now() + 1_000);

    await clock.run(1_000);

    expect(kept.length).toBeGreaterThan(1);
    expect(callsIn(disk.text)).toEqual(process.began);
  });

  it("are never more than a quarter of what is left", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk, { callsPerMinute: 10 });
    await burst(process, 5);
    process.kill();

    const other = createProcess(clock, disk, { callsPerMinute: 10 });
    for (let n = 0; n < 10; n++) void other.call();
    await settled();

    expect(other.began.length).toBeGreaterThanOrEqual(4);
  });

  it("are lost with a process that is killed, and free again when they could have been used by nobody", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);
    const start = clock.now();
    await burst(process, 9);
    process.kill();
    const lost = callsIn(disk.text).length - 9;
    const other = createProcess(clock, disk);

    for (let n = 0; n < 200; n++) void other.call();
    await clock.run(62_000);

    expect(lost).toBe(7);
    const at = (ms: number) => other.began.filter((one) => one === start + ms).length;
    expect([at(0), at(61_000), at(62_000)]).toEqual([84, 93, 7]);
  });

  it("are not used after a second, nor by a clock that was set back", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);
    const start = clock.now();
    await burst(process, 9);

    expect(process.turns.kept(Number.POSITIVE_INFINITY)).toBeDefined();
    clock.set(start + 1_001);
    expect(process.turns.kept(Number.POSITIVE_INFINITY)).toBeUndefined();
    clock.set(start - 1);
    expect(process.turns.kept(Number.POSITIVE_INFINITY)).toBeUndefined();
    clock.set(start);
    await clock.run(1_000);
    clock.set(start);
    expect(process.turns.kept(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  it("are not used for a call that has no time left", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk());
    await burst(process, 7);

    expect(process.turns.kept(clock.now() - 1)).toBeUndefined();
    expect(process.turns.kept(clock.now())).toBeDefined();
  });

  it("are used by the next call where one was given back unused", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);
    await burst(process, 7);
    const turn = process.turns.kept(Number.POSITIVE_INFINITY);

    const told = callsIn(disk.text);
    await process.turns.giveBack(turn?.at ?? 0);
    // Still taken before all others, for this process's next call.
    expect(callsIn(disk.text)).toEqual(told);
    await clock.run(1_000);

    expect(callsIn(disk.text)).toEqual(process.began);
  });

  it("are given up at once by who is turned away, and within a second by all others", async () => {
    const clock = createClock();
    const disk = createDisk();
    let status = 200;
    const behind = async () => ({ status, contentType: "", body: new Uint8Array(), retryAfter: 20 });
    const [one, other] = [createProcess(clock, disk, { behind }), createProcess(clock, disk, { behind })];
    const start = clock.now();
    await burst(one, 9);
    await burst(other, 9);

    status = 429;
    await one.call();
    status = 200;

    void one.call();
    await clock.run(1_001);
    for (let n = 0; n < 20; n++) void other.call();
    await clock.run();
    expect(one.began.filter((at) => at > start)).toEqual([start + 20_000]);
    expect(other.began.filter((at) => at > start).every((at) => at >= start + 20_000)).toBe(true);
  });

  it("are none for a call that waits, be it a millisecond: those after it wait, too", async () => {
    const clock = createClock();
    const disk = createDisk();
    const start = clock.now();
    const [one, other] = [createProcess(clock, disk), createProcess(clock, disk)];
    await burst(one, 4);
    await other.turns.turnedAway(start, 1);

    for (let n = 0; n < 3; n++) void one.call();
    await clock.run();

    expect(one.began.slice(4)).toEqual(times(3, () => start + 1));
  });

  it("count at their last instant where the file fails before it can be told what became of them", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk);
    await burst(process, 7);
    const before = disk.text;

    disk.unwritable = Object.assign(new Error("full"), { code: "ENOSPC" });
    await clock.run(2_000);
    disk.unwritable = undefined;

    expect(disk.text).toBe(before);
    expect(callsIn(before).length).toBeGreaterThan(7);
    await clock.run(70_000);
    await process.call();
    expect(callsIn(disk.text)).toEqual([clock.now()]);
  });
});
