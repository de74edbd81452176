import type { Api } from "../skyprep/api.ts";
import { linkedAbort } from "../skyprep/linked-abort.ts";
import { createRequestContext, type RequestContext, worthStartingMs } from "../skyprep/request-context.ts";
import type { Progress } from "./progress.ts";

export interface TimeWorld {
  readonly api: Api;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
}

export interface Allowance {
  readonly timeoutMs: number;
  readonly cancelled: AbortSignal;
  readonly progress: Progress;
  readonly onSend?: (route: string) => void;
  /** Takes out of SkyPrep's sentences what must not be repeated. */
  readonly hide?: (text: string) => string;
}

/** What a call may take of SkyPrep's time and of the caller's; `end` it, whatever became of the call. */
export interface CallDeadline {
  /** Aborted when the call is cancelled, or its time is over. */
  readonly signal: AbortSignal;
  /** SkyPrep, within this time and no longer. */
  readonly api: Api;
  readonly trip: RequestContext;
  readonly end: () => void;
}

/** Shorter waits are nobody's news. */
const worthTellingMs = 1_000;

/** Tells whoever waits of a call's waits for a turn at SkyPrep. */
export function waitsToldBy(
  progress: Progress,
  {
    began,
    timeoutMs,
    now,
  }: { readonly began: number; readonly timeoutMs: number; readonly now: () => number },
): Pick<RequestContext, "onWait" | "onQueue"> {
  const seconds = (passed: number) => Math.round(passed / 1000);
  const tell = (text: string) => {
    const passed = now() - began;
    progress(seconds(passed), passed <= timeoutMs ? seconds(timeoutMs) : undefined, text);
  };
  return {
    onWait: (ms) => {
      if (ms >= worthTellingMs) tell(`Waiting ${seconds(ms)} s before SkyPrep is called.`);
    },
    onQueue: () => tell("Waiting for other calls before SkyPrep is called."),
  };
}

export function beginCallDeadline({ api, now, after }: TimeWorld, allowance: Allowance): CallDeadline {
  const { timeoutMs, cancelled, progress, onSend, hide } = allowance;
  const began = now();
  const { signal, abort, leave } = linkedAbort(cancelled);
  // Not AbortSignal.timeout: it would be kept until its time is over, for each call.
  const callOff = after(timeoutMs, () => abort(new DOMException("out of time", "TimeoutError")));
  const trip = createRequestContext({
    // Whoever allows less than what is worth starting wants it started all the same.
    deadline: began + timeoutMs + Math.max(0, worthStartingMs - timeoutMs / 4),
    ...waitsToldBy(progress, { began, timeoutMs, now }),
    ...(onSend && { onSend }),
    ...(hide && { hide }),
  });
  const end = () => {
    callOff();
    leave();
  };
  return { signal, trip, api: (route, form, stop) => api(route, form, stop, trip), end };
}
