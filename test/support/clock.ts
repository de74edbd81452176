/** Time that passes at once, and only while everybody waits. */
export interface Clock {
  /** Epoch milliseconds, as a wall clock shows them. */
  readonly now: () => number;
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly after: (ms: number, then: () => void) => () => void;
  /** Sets the wall clock; who waits, waits no longer and no shorter for it. */
  set(ms: number): void;
  /** Milliseconds until somebody has waited long enough; Infinity: nobody waits. */
  readonly due: () => number;
  /** Until nobody waits, or until so many milliseconds have passed. */
  run(ms?: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly then: () => void;
}

export function createClock(start = Date.UTC(2026, 10, 23, 12)): Clock {
  let passed = 0;
  let wall = start;
  const timers = new Set<Timer>();

  const after = (ms: number, then: () => void) => {
    const timer = { at: passed + Math.max(0, ms), then };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const next = () => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  };
  const pass = (to: number) => {
    wall += to - passed;
    passed = to;
  };

  return {
    now: () => wall,
    set: (ms) => {
      wall = ms;
    },
    after,
    due: () => (next()?.at ?? Number.POSITIVE_INFINITY) - passed,
    pause: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          callOff();
          reject(signal?.reason);
        };
        const callOff = after(ms, () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        signal?.addEventListener("abort", stop, { once: true });
      }),
    run: async (ms = Number.POSITIVE_INFINITY) => {
      const end = passed + ms;
      for (;;) {
        await settled();
        const timer = next();
        if (timer === undefined || timer.at > end) break;
        timers.delete(timer);
        pass(timer.at);
        timer.then();
      }
      if (Number.isFinite(end)) pass(end);
    },
  };
}

/** Whatever can go on without time has gone on. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Until nothing is on its way to or from the disk, and nothing else goes on by itself. */
export async function quiet(): Promise<void> {
  for (let calm = 0; calm < 6; calm++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (process.getActiveResourcesInfo().some((name) => /^(?:FSReq|CloseReq)/.test(name))) calm = -1;
  }
}

/** Time passes second by second, and all that falls due in it is done; seconds in which nothing does pass at once. */
export async function passing(clock: Clock, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; ) {
    await quiet();
    // The disk is real: what is on its way to it, and not yet seen, arrives before time passes.
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
    await quiet();
    const idle = Math.min(left - 1, Math.ceil(clock.due() / 1_000) - 1);
    const step = 1 + Math.max(0, idle);
    await clock.run(step * 1_000);
    left -= step;
  }
  await quiet();
}
