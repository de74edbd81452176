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
