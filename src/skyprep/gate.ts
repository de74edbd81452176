/** Lets so many through at once, the others in the order they came; what comes back opens the place again. */
export type Gate = (signal: AbortSignal) => Promise<() => void>;

export function createGate(places: number): Gate {
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

  return (signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        waiting.delete(pass);
        reject(signal.reason);
      };
      const pass = () => {
        waiting.delete(pass);
        signal.removeEventListener("abort", stop);
        free -= 1;
        resolve(onlyOnce(leave));
      };
      if (free > 0) return pass();
      waiting.add(pass);
      signal.addEventListener("abort", stop, { once: true });
    });
}
