/** Tells whoever waits how far a call is: so much done of so much, where that is known, and of what. */
export type Progress = (done: number, total: number | undefined, text: string) => void;

export const silent: Progress = () => {};

/** A call that tells nothing for so long is taken for dead by some clients, and given up. */
const quietMs = 15_000;

interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
}

export interface Telling {
  readonly progress: Progress;
  /** Somebody else told it. */
  readonly told: () => void;
  /** The call is over: nothing is told of it any more. */
  readonly end: () => void;
}

/** Tells on what it is told, and where nothing is told for a while, that the call is still at it. */
export function neverQuiet(progress: Progress, { now, after }: Clock): Telling {
  if (progress === silent) return { progress, told: () => {}, end: () => {} };
  const began = now();
  let last = began;
  let over = false;
  let callOff = () => {};
  const watch = (ms: number) => {
    callOff = after(ms, () => {
      const quiet = now() - last;
      if (quiet >= quietMs) {
        const seconds = Math.round((now() - began) / 1000);
        tell(seconds, undefined, `Still at it, ${seconds} s so far.`);
      }
      watch(quiet >= quietMs ? quietMs : quietMs - quiet);
    });
  };
  const told = () => {
    last = now();
  };
  const tell: Progress = (done, total, text) => {
    if (over) return;
    told();
    progress(done, total, text);
  };
  watch(quietMs);
  return {
    progress: tell,
    told,
    end: () => {
      over = true;
      callOff();
    },
  };
}
