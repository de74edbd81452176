import { AsyncLocalStorage } from "node:async_hooks";
import type { Asker } from "../guard/channels/approval-channels.ts";
import type { Api } from "../skyprep/api.ts";
import {
  createRequestContext,
  type LinkedAbort,
  linkedAbort,
  type RequestContext,
  worthStartingMs,
} from "../skyprep/request.ts";
import type { GivenWorld } from "./check/given-names.ts";

export interface TimeWorld {
  readonly api: Api;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
}

export interface Allowance {
  readonly timeoutMs: number;
  /** Or what gives a controller that ends as the call does, for whoever has no use for a signal besides. */
  readonly cancelled: AbortSignal | (() => LinkedAbort);
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
  readonly requestContext: RequestContext;
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
  const { signal, abort, leave } = typeof cancelled === "function" ? cancelled() : linkedAbort(cancelled);
  // Not AbortSignal.timeout: it would be kept until its time is over, for each call.
  const callOff = after(timeoutMs, () => abort(new DOMException("out of time", "TimeoutError")));
  const requestContext = createRequestContext({
    // Whoever allows less than what is worth starting wants it started all the same.
    deadline: began + timeoutMs + Math.max(0, worthStartingMs - timeoutMs / 4),
    ...(progress !== silent && waitsToldBy(progress, { began, timeoutMs, now })),
    ...(onSend && { onSend }),
    ...(hide && { hide }),
  });
  const end = () => {
    callOff();
    leave();
  };
  return { signal, requestContext, api: (route, form, stop) => api(route, form, stop, requestContext), end };
}

/** What a job may take of the caller's time. A person's time is not counted, as in any call (contract §2). */
export interface JobDeadline {
  /** Epoch milliseconds: no read of a step that could not be over by then is begun. Endless until there are steps. */
  readonly deadline: () => number;
  /** For the step that is begun now; undefined: too little to send it. */
  readonly forStep: () => number | undefined;
  /** Why no further step is begun, in a sentence; undefined: there is time for one. */
  readonly late: () => string | undefined;
  /** Puts the job's question; after it, the steps begin. */
  readonly asking: <T>(asker: Asker, ask: (asker: Asker) => Promise<T>) => Promise<T>;
  /** Reads of this work are begun until then only, epoch milliseconds, whatever else the job may take. */
  readonly reading: <T>(until: number, work: () => Promise<T>) => Promise<T>;
}

/** A step that was begun may take so much of the whole; and steps get so much of it, however long the reading took. */
const lastPart = 5;
const leastPart = 2;

export function createJobDeadline(timeoutMs: number, now: () => number): JobDeadline {
  const began = now();
  let persons = 0;
  let asking = false;
  /** When the steps began, and what they have. */
  let steps: { readonly began: number; readonly have: number } | undefined;
  let sent = false;
  let longest = 0;
  let last: number | undefined;
  let readsUntil = Number.POSITIVE_INFINITY;

  const left = ({ began, have } = steps ?? { began: now(), have: timeoutMs }) => have - (now() - began);
  const words = `This call's own time is over (${timeoutMs / 1000} s, SKYPREP_TIMEOUT).`;

  return {
    deadline: () => (steps === undefined || asking ? readsUntil : now() + left()),
    forStep() {
      const isFirst = !sent;
      sent = true;
      const ms = isFirst ? Math.max(left(), timeoutMs / leastPart) : left();
      return ms < Math.min(worthStartingMs, timeoutMs / lastPart) ? undefined : ms;
    },
    late() {
      const since = now();
      const before = last;
      last = since;
      // One at least: a call that only looked would do so again when it is repeated.
      if (steps === undefined || before === undefined) return undefined;
      longest = Math.max(longest, since - before);
      return left() < Math.max(timeoutMs / lastPart, longest) ? words : undefined;
    },
    async asking(asker, ask) {
      const since = now();
      let waited = false;
      asking = true;
      try {
        return await ask({
          ...asker,
          tell: (text) => {
            waited = true;
            asker.tell(text);
          },
        });
      } finally {
        asking = false;
        if (waited) persons += now() - since;
        const have = Math.max(timeoutMs - (now() - began - persons), timeoutMs / leastPart);
        steps = { began: now(), have };
        last = undefined;
      }
    },
    async reading(until, work) {
      const before = readsUntil;
      readsUntil = until;
      try {
        return await work();
      } finally {
        readsUntil = before;
      }
    },
  };
}

/** What a call may be ended by, before and after something of it was sent. */
export interface CancelSignals {
  /** The client's, or at once when the server ends: nothing is lost by it. Made when it is asked for, as the other. */
  readonly unsent: AbortSignal;
  /** The client's, or when the server has waited long enough: for what is being written. */
  readonly sent: AbortSignal;
  /** A controller that ends as `unsent` does; to be left when its work is done. */
  readonly linked: () => LinkedAbort;
  /** Why `unsent` is aborted, or would be; undefined: it is not. */
  readonly over: () => { readonly reason: unknown } | undefined;
}

export interface InFlight {
  /** Undefined: the server is ending, and nothing new begins. */
  begin<T>(cancelled: AbortSignal, work: (ends: CancelSignals) => Promise<T>): Promise<T> | undefined;
  /** Whether it is the server's end that ended a call. */
  readonly ending: () => boolean;
  /** Lets writes finish, for a while, and cuts everything else; resolves when nothing runs any more. */
  end(): Promise<void>;
}

interface Call {
  /** Ends what was not sent. */
  readonly cut: (reason: unknown) => void;
  /** Made when it is asked for: most calls only read. */
  readonly sent: () => LinkedAbort;
  readonly done: Promise<unknown>;
}

/** A write has so long to finish, and then so long to write down that it did not. */
const patienceMs = 10_000;
const lastMs = 3_000;

/** Those of one call. A signal costs a call more than anything else of ours: none is made before it is asked for. */
function cancelSignals(cancelled: AbortSignal) {
  const links = new Set<LinkedAbort>();
  let ended: { readonly reason: unknown } | undefined;
  let unsent: LinkedAbort | undefined;
  let sentOne: LinkedAbort | undefined;
  const linked = (): LinkedAbort => {
    const link = linkedAbort(cancelled);
    if (ended) link.abort(ended.reason);
    links.add(link);
    const leave = () => {
      links.delete(link);
      link.leave();
    };
    return { signal: link.signal, abort: link.abort, leave };
  };
  const sent = () => {
    sentOne ??= linkedAbort(cancelled);
    return sentOne;
  };
  const ends: CancelSignals = {
    get unsent() {
      unsent ??= linked();
      return unsent.signal;
    },
    get sent() {
      return sent().signal;
    },
    linked,
    over: () => (cancelled.aborted ? { reason: cancelled.reason } : ended),
  };
  return {
    ends,
    sent,
    cut(reason: unknown) {
      ended ??= { reason };
      for (const link of links) link.abort(reason);
    },
    leave() {
      for (const link of links) link.leave();
      sentOne?.leave();
    },
  };
}

export function createInFlight({
  after,
}: {
  readonly after: (ms: number, then: () => void) => () => void;
}): InFlight {
  // Each call has controllers of its own: a signal that lives as long as the process would keep a reference to
  // every signal that was ever made of it.
  const calls = new Set<Call>();
  let ended: Promise<void> | undefined;

  async function settle(ms: number): Promise<void> {
    let callOff = () => {};
    const over = new Promise<void>((resolve) => {
      callOff = after(ms, resolve);
    });
    await Promise.race([Promise.allSettled([...calls].map(({ done }) => done)), over]);
    callOff();
  }

  async function end(): Promise<void> {
    for (const { cut } of calls) cut(new Error("the server is ending"));
    await settle(patienceMs);
    for (const { sent } of calls) sent().abort(new Error("the server is ending"));
    await settle(lastMs);
  }

  return {
    begin(cancelled, work) {
      if (ended !== undefined) return undefined;
      const signals = cancelSignals(cancelled);
      const done = work(signals.ends);
      const call = { cut: signals.cut, sent: signals.sent, done };
      calls.add(call);
      const gone = () => {
        calls.delete(call);
        signals.leave();
      };
      done.then(gone, gone);
      return done;
    },
    ending: () => ended !== undefined,
    end() {
      ended ??= end();
      return ended;
    },
  };
}

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

const calls = new AsyncLocalStorage<RequestContext>();
let inside = 0;

/**
 * Does work of one call. Whatever it sends without a context of its own goes on the call's: so the reads behind a
 * question, of a job or of a kept list tell their waits to whoever called, too.
 *
 * Up to Node 22 every promise of the process pays for it while the storage is on, which it stays once it was used: so
 * it is turned off when nobody is inside any more, and a read that gives its own context never comes here.
 */
export async function onCall<T>(context: RequestContext, work: () => Promise<T> | T): Promise<T> {
  inside += 1;
  try {
    return await calls.run(context, work);
  } finally {
    inside -= 1;
    if (inside === 0) calls.disable();
  }
}

/** Undefined: nobody waits for what is being done. */
export const requestContextOfCall = (): RequestContext | undefined => calls.getStore();

/** Work that goes on when the call that began it is over. */
export const onNoCall = <T>(work: () => T): T => calls.exit(work);

/** What names in arguments are looked up in, each of its readings begun by `within`: an `onCall`. */
export function givenWithin(
  { directory, list, zone }: GivenWorld,
  within: <T>(read: () => Promise<T>) => Promise<T>,
): GivenWorld {
  return {
    directory: {
      complete: (...asked) => within(() => directory.complete(...asked)),
      find: (...asked) => within(() => directory.find(...asked)),
      meant: (...asked) => within(() => directory.meant(...asked)),
    },
    list: (...asked) => within(() => list(...asked)),
    zone: Object.assign((signal: AbortSignal) => within(() => zone(signal)), {
      known: zone.known,
      forWords: zone.forWords,
      seen: zone.seen,
      ofSession: (id: number, signal: AbortSignal) => within(() => zone.ofSession(id, signal)),
    }),
  };
}
