import type { Turn } from "../rate-limit/shared-window.ts";

/** By a replica's own two clocks: a moment before the window's time was read. */
export interface SeenTime {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds that only ever grow. */
  readonly gone: number;
}

/** Turns that stand in the window at their last moment, until it is told when they were used. */
export interface EgressLease {
  readonly id: string;
  /** As `gone` of what was seen. */
  readonly since: number;
  /** Undefined: none is left, or it may be too late for one. */
  use(): Turn | undefined;
  /** The turn of this moment was not used after all. False: it is none of these. */
  back(at: number): boolean;
  readonly used: () => readonly number[];
  readonly spare: () => number;
}

export function createEgressLease(
  {
    id,
    from,
    until,
    size,
  }: { readonly id: string; readonly from: number; readonly until: number; readonly size: number },
  seen: SeenTime,
  clocks: { readonly [clock in keyof SeenTime]: () => number },
): EgressLease {
  const used: number[] = [];
  // Never earlier than it is: one of the two stands still while a computer sleeps, the other may be set.
  const latest = () => from + Math.ceil(Math.max(clocks.gone() - seen.gone, clocks.now() - seen.now));
  return {
    id,
    since: seen.gone,
    use() {
      const at = latest();
      if (used.length >= size || at > until) return undefined;
      used.push(at);
      return { at, waitMs: 0, taken: true };
    },
    back(at) {
      const index = used.indexOf(at);
      if (index >= 0) used.splice(index, 1);
      return index >= 0;
    },
    used: () => used,
    spare: () => size - used.length,
  };
}
