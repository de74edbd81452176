/** So long after it was asked the clock of all is asked again: no computer's own goes astray in less. */
const freshMs = 10_000;

export interface SharedClock {
  /** Epoch milliseconds, as all who share it tell them. */
  readonly now: () => number;
  /** Before each call. Never rejects: while it cannot be asked, it is taken to be as far off as it was. */
  readonly set: () => Promise<void>;
}

/**
 * This computer's clock, put right by the one that all replicas share. What is kept for others to read is stamped with
 * it, and held against what they wrote down, whatever this computer takes the time to be.
 */
export function createSharedClock(shared: () => Promise<number>, own: () => number): SharedClock {
  let offset = 0;
  let askedAt: number | undefined;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const before = own();
    const there = await shared().catch(() => undefined);
    const after = own();
    if (there === undefined) return;
    // It said so at some moment in between.
    offset = Math.round(there - (before + after) / 2);
    askedAt = after;
  }

  return {
    now: () => own() + offset,
    async set() {
      const since = askedAt === undefined ? Number.POSITIVE_INFINITY : own() - askedAt;
      // Also where this computer's was put back, or far ahead, in between.
      if (since >= 0 && since < freshMs) return;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    },
  };
}
