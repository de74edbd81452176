import { describe, expect, it } from "vitest";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { NotNow } from "../../../src/skyprep/response.ts";
import { createClock, settled } from "../../support/clock.ts";
import { createDisk, createProcess, mostInAMinute, times } from "../../support/shared-minute.ts";

/** A minute whose calls are all made. */
async function used(callsPerMinute = 10) {
  const clock = createClock();
  const disk = createDisk();
  const process = createProcess(clock, disk, { callsPerMinute });
  for (let n = 0; n < callsPerMinute; n++) await process.call();
  return { clock, disk, process, callsPerMinute, start: clock.now() };
}
const callsIn = (text: string | undefined) => (JSON.parse(text ?? "{}") as { calls: number[] }).calls;

describe("a call that waits for its turn", () => {
  it("says how long before it does, and afterwards how long it was", async () => {
    const { clock, process } = await used();
    const waits: number[] = [];
    const context = createRequestContext({ onWait: (ms) => waits.push(ms) });

    void process.call("get_users", context);
    await clock.run();

    expect(waits).toEqual([61_000]);
    expect(context.waitedMs).toBe(61_000);
  });

  it("ends when it is cancelled, and gives its turn to the next", async () => {
    const { clock, disk, process, start } = await used();
    const abort = new AbortController();
    const call = process.call("get_users", createRequestContext(), abort.signal);
    await clock.run(1_000);
    const waiting = callsIn(disk.text).length;

    abort.abort(new Error("never mind"));

    await expect(call).rejects.toThrow("never mind");
    await settled();
    expect([waiting, callsIn(disk.text).length]).toEqual([11, 10]);
    void process.call();
    await clock.run();
    expect(process.began.at(-1)).toBe(start + 61_000);
  });

  it("ends when it is cancelled while the file is being looked at", async () => {
    const { disk, process } = await used(1_000);
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    void disk.withLock(() => held);
    const abort = new AbortController();
    const call = process.call("get_users", createRequestContext(), abort.signal);
    await settled();

    abort.abort(new Error("never mind"));

    await expect(call).rejects.toThrow("never mind");
    open();
    await settled();
    expect(callsIn(disk.text)).toHaveLength(1_000);
  });

  it("ends when it is cancelled while others of its process are before it", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk(), { behind: () => new Promise(() => {}) });
    void process.call("create_course");
    const abort = new AbortController();
    const call = process.call("create_course", createRequestContext(), abort.signal);
    await settled();

    abort.abort(new Error("never mind"));

    await expect(call).rejects.toThrow("never mind");
    expect(process.began).toHaveLength(1);
  });

  it("is refused at once when the wait is longer than it may take, with when to come back", async () => {
    const { clock, disk, process } = await used();
    await clock.run(1_000);
    const before = disk.text;

    const call = process.call("create_course", createRequestContext({ deadline: clock.now() + 50_000 }));

    const refusal = await call.then(undefined, (error: unknown) => error);
    expect(refusal).toBeInstanceOf(NotNow);
    expect(refusal).toMatchObject({ reached: "no", next: "Call again in 60 s." });
    expect(disk.text).toBe(before);
  });

  it("waits when the wait is shorter than that", async () => {
    const { clock, process, start } = await used();
    await clock.run(20_000);

    void process.call("create_course", createRequestContext({ deadline: clock.now() + 50_000 }));
    await clock.run();

    expect(process.began.at(-1)).toBe(start + 61_000);
  });

  it("is refused in time, as not sent, when those before it in its process take too long", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk(), { behind: () => new Promise(() => {}) });
    void process.call("create_course");
    const call = process.call("create_course", createRequestContext({ deadline: clock.now() + 50_000 }));
    const refusal = call.then(undefined, (error: unknown) => [error, clock.now()]);

    const start = clock.now();
    await clock.run();

    expect(await refusal).toEqual([expect.any(NotNow), start + 48_000]);
  });
});

describe("a process that is killed", () => {
  it("holds nothing up for longer than the turns it had taken", async () => {
    const { clock, disk, process, start, callsPerMinute } = await used();
    for (let n = 0; n < 4; n++) void process.call().catch(() => {});
    await settled();
    // Its four turns stay in the file; nobody comes for them.
    const survivor = createProcess(clock, createDisk(disk.text), { callsPerMinute });

    for (let n = 0; n < 6; n++) void survivor.call();
    await clock.run(61_000);

    expect(survivor.began).toEqual(times(6, () => start + 61_000));
  });
});

describe("a call that was turned away", () => {
  const turningAway = (retryAfter?: number) => {
    let first = true;
    return async () => {
      const status = first ? 429 : 200;
      first = false;
      return { status, contentType: "", body: new Uint8Array(), ...(retryAfter && { retryAfter }) };
    };
  };

  it.each([
    ["for as long as SkyPrep asks", 20, 20_000],
    ["for some seconds where it does not say", undefined, 5_000],
  ])("keeps every process from calling %s", async (_, retryAfter, ms) => {
    const clock = createClock();
    const disk = createDisk();
    const start = clock.now();
    const turnedAway = createProcess(clock, disk, { behind: turningAway(retryAfter) });
    const other = createProcess(clock, disk);
    await turnedAway.call();

    void other.call();
    void turnedAway.call("create_course");
    await clock.run();

    expect(other.began).toEqual([start + ms]);
    expect(turnedAway.began).toEqual([start, start + ms]);
  });

  it("keeps those from calling whose turn was given before", async () => {
    const { clock, disk, process, start } = await used();
    void process.call();
    await clock.run(60_990);
    const other = createProcess(clock, disk, { callsPerMinute: 1_000, behind: turningAway(30) });
    await other.call();

    await clock.run();

    expect(process.began.at(-1)).toBe(start + 60_990 + 30_000);
    // Its first turn was given up for it.
    expect(callsIn(disk.text)).toEqual([start + 60_990, start + 60_990 + 30_000]);
  });

  it("is followed by longer and longer silence while it goes on, and by a short one when that is long ago", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk(), {
      behind: async () => ({ status: 429, contentType: "", body: new Uint8Array() }),
    });
    const silences: number[] = [];
    const knock = async () => {
      const context = createRequestContext({ onWait: (ms) => silences.push(ms) });
      void process.call("get_users", context);
      await clock.run();
    };

    for (let n = 0; n < 7; n++) await knock();
    await clock.run(10 * 60_000);
    await knock();
    await knock();

    expect(silences).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 5_000]);
  });

  it("counts once when four were on their way together", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk, {
      behind: async () => {
        await clock.pause(100);
        return { status: 429, contentType: "", body: new Uint8Array() };
      },
    });
    for (let n = 0; n < 4; n++) void process.call();

    await clock.run(100);

    expect(await process.turns.closedMs()).toBe(5_000);
  });

  it("does not keep us away for ever, whatever SkyPrep asks", async () => {
    const clock = createClock();
    const process = createProcess(clock, createDisk(), { behind: turningAway(1e9) });
    await process.call();

    expect(await process.turns.closedMs()).toBe(3_600_000);
  });
});

describe("a clock that is set", () => {
  it("back by an hour makes nobody wait longer than a minute, and lets nobody in too early", async () => {
    const { clock, disk, process, callsPerMinute } = await used();
    void process.call();
    await clock.run(10_000);

    clock.set(clock.now() - 3_600_000);
    const start = clock.now();
    const other = createProcess(clock, disk, { callsPerMinute });
    for (let n = 0; n < 5; n++) void other.call();
    await clock.run();

    const waits = [...process.began.slice(10), ...other.began].map((at) => at - start);
    expect(Math.max(...waits)).toBeLessThanOrEqual(61_000);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(51_000);
    expect(mostInAMinute([...process.began.slice(10), ...other.began])).toBeLessThanOrEqual(10);
  });

  it("back by an hour does not prolong SkyPrep's silence", async () => {
    const clock = createClock();
    const disk = createDisk();
    const process = createProcess(clock, disk, {
      behind: async () => ({ status: 429, contentType: "", body: new Uint8Array(), retryAfter: 20 }),
    });
    await process.call();

    clock.set(clock.now() - 3_600_000);

    expect(await createProcess(clock, disk).turns.closedMs()).toBe(20_000);
  });
});
