/** Lets so many through at once, the others in the order they came; what comes back opens the place again. */
export interface Semaphore {
  /** Undefined: nothing is free. */
  now(): (() => void) | undefined;
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createSemaphore(places: number): Semaphore {
  let free = places;
  const waiting = new Set<() => void>();

  const leave = () => {
    free += 1;
    const [next] = waiting;
    next?.();
  };
  const onlyOnce = (work: () => void) => {
    let done = false;
    return () => {
      if (!done) work();
      done = true;
    };
  };

  const take = () => {
    free -= 1;
    return onlyOnce(leave);
  };

  return {
    now: () => (free > 0 ? take() : undefined),
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (free > 0) return resolve(take());
        const stop = () => {
          waiting.delete(pass);
          reject(signal.reason);
        };
        const pass = () => {
          waiting.delete(pass);
          signal.removeEventListener("abort", stop);
          resolve(take());
        };
        waiting.add(pass);
        signal.addEventListener("abort", stop, { once: true });
      }),
  };
}
