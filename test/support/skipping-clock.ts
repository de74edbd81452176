import { noon } from "./academy.ts";

/** Real time, and pauses that pass at once, with whatever falls due in them. */
export function createSkippingClock() {
  let skipped = 0;
  const now = () => noon + performance.now() + skipped;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  return {
    now,
    after: (ms: number, then: () => void) => {
      const fire = () => {
        callOff();
        then();
      };
      const real = setTimeout(fire, ms);
      const timer = { at: now() + ms, fire };
      const callOff = () => {
        clearTimeout(real);
        timers.delete(timer);
      };
      timers.add(timer);
      return callOff;
    },
    pause: async (ms: number, signal: AbortSignal) => {
      const end = now() + ms;
      for (const { at, fire } of [...timers].sort((a, b) => a.at - b.at)) {
        if (at > end || signal.aborted) break;
        skipped += Math.max(0, at - now());
        fire();
      }
      signal.throwIfAborted();
      skipped += Math.max(0, end - now());
    },
  };
}
