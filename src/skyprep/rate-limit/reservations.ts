import { inOrder, type SharedWindow, type Turn } from "./shared-window.ts";

/** The longest a process keeps turns that it took ahead of need. */
export const reservationMs = 1_000;
const largest = 64;
/** So many calls close upon each other show that more will follow. */
const calm = 2;

/**
 * Turns that one process took ahead of need. In the minute they all stand at the last instant at which they may
 * be used, so that none is ever used later than the minute says; docs/decisions/009.
 */
export interface Reservation {
  /** A turn for now, or undefined: there is none left, or time has passed or been set. */
  use(latest: number): Turn | undefined;
  /** The turn of this instant was not used after all. False: it is none of these. */
  back(at: number): boolean;
  readonly allUsed: () => boolean;
  /** The minute with what became of the turns in their place: those never used are free again. */
  settled(minute: SharedWindow): SharedWindow;
}

export function createReservation(
  { from, size }: { readonly from: number; readonly size: number },
  now: () => number,
): Reservation {
  const until = untilOf(from);
  const used: number[] = [];
  return {
    use(latest) {
      const at = now();
      if (used.length >= size || at < from || at > until || at > latest) return undefined;
      used.push(at);
      return { at, waitMs: 0, taken: true };
    },
    back(at) {
      const index = used.indexOf(at);
      if (index >= 0) used.splice(index, 1);
      return index >= 0;
    },
    allUsed: () => used.length >= size,
    settled(minute) {
      const calls = [...minute.calls];
      let found = 0;
      for (; found < size; found++) {
        const index = calls.lastIndexOf(until);
        // Moved with a clock that was set, or long over: what it says now is no more than true.
        if (index < 0) break;
        calls.splice(index, 1);
      }
      if (found === 0) return minute;
      return { ...minute, calls: inOrder([...calls, ...used.slice(0, found)]) };
    },
  };
}

export const untilOf = (from: number): number => from + reservationMs;

/** How many turns to take at once: one for a call now and then, more and more while calls come fast. */
export function createAppetite(): (now: number, usedUp: boolean) => number {
  let row = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (now, usedUp) => {
    const fast = usedUp && now >= last && now - last < reservationMs;
    row = fast ? row + 1 : 0;
    last = now;
    return row < calm ? 1 : Math.min(largest, 2 ** (row - calm + 1));
  };
}
