/** The work's own end, or the signal's, whichever comes first; the work itself goes on for whoever else waits for it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    // Attached to both before either is looked at: work that fails later is nobody's unhandled rejection.
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A controller of one's own that also ends with somebody else's signal. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Follows no longer; to be called when the work is done. */
  leave(): void;
}

/**
 * As `AbortSignal.any`, for work that has an end: what that makes is held weakly by what it follows, and costs a
 * call more than anything else of ours.
 */
export function linkedAbort(signal: AbortSignal): LinkedAbort {
  const own = new AbortController();
  const follow = () => own.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    leave: () => signal.removeEventListener("abort", follow),
  };
}
