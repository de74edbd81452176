import { unlessAborted } from "../../node/abort.ts";
import { createRequestContext, type Pause, type RequestContext, rest, worthStartingMs } from "../request.ts";
import { NotNow } from "../response.ts";
import { createSemaphore, type Semaphore } from "../semaphore.ts";
import type { Send } from "../send.ts";
import type { WaitingTurn } from "./shared-window.ts";
import type { Turn, Turns } from "./turns.ts";

export interface RateLimiterOptions {
  /** The sliding minute, shared with every process of this user. */
  readonly turns: Turns;
  /** Routes that only read; all others go one at a time. */
  readonly reads: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: Pause;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
}

const readsAtOnce = 4;
const writesAtOnce = 1;
/** A place is mostly free again in less. */
const firstTellMs = 1_000;
const tellAgainMs = 10_000;

/**
 * Keeps to the limit (contract §6): a call first takes its place in this process, then its turn among all
 * processes. Only those few that have a place take turns, so that a process with a thousand calls to make is
 * not a thousand turns ahead of one that has a single call.
 *
 * Rejects with `NotNow` where the wait is longer than the context may take.
 */
export function createRateLimiter({
  turns,
  reads,
  now,
  pause,
  after,
}: RateLimiterOptions): (send: Send) => Send {
  const readers = createSemaphore(readsAtOnce);
  const writers = createSemaphore(writesAtOnce);
  const ofNobody = turns.backgroundAtOnce === undefined ? undefined : createSemaphore(turns.backgroundAtOnce);
  const gateOf = (route: string, { isBackground }: RequestContext) =>
    reads.has(route) ? ((isBackground ? ofNobody : undefined) ?? readers) : writers;

  return (send) =>
    async (request, signal, context = createRequestContext()) => {
      const leave = await place(gateOf(request.route, context), context, signal);
      try {
        const at = await turn(context, signal);
        const answer = await send(request, signal, context);
        if (answer.status === 429) await turns.turnedAway(at, (answer.retryAfter ?? 0) * 1000);
        return answer;
      } finally {
        leave();
      }
    };

  async function place(gate: Semaphore, context: RequestContext, signal: AbortSignal): Promise<() => void> {
    const free = gate.now();
    if (free) return free;
    const since = now();
    const late = new AbortController();
    // Said here, in time, that nothing was sent: the signal's own end would leave a write unknown.
    const callOff = Number.isFinite(context.deadline)
      ? after(Math.max(0, context.deadline - worthStartingMs - since), () =>
          late.abort(new NotNow("Too many calls are waiting before this one; nothing was sent.", 10_000)),
        )
      : () => {};
    const told = ticking(firstTellMs, context.onQueue);
    try {
      return await gate.enter(AbortSignal.any([signal, late.signal]));
    } finally {
      told();
      callOff();
      context.waitedMs += Math.max(0, now() - since);
    }
  }

  /** Resolves when it is this call's turn, with the instant that was kept for it. */
  async function turn(context: RequestContext, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    let taken = turns.kept(context.deadline - worthStartingMs) ?? (await book(context, signal));
    while (taken.waitMs > 0) {
      if (taken.waiting) {
        taken = await called(taken.waiting, taken.waitMs, context, signal);
        continue;
      }
      await rest(context, taken.waitMs, pause, signal).catch((reason: unknown) => {
        void turns.giveBack(taken.at);
        throw reason;
      });
      // Somebody may have been turned away meanwhile.
      if ((await turns.closedMs()) === 0) break;
      taken = await book(context, signal, taken.at);
    }
    return taken.at;
  }

  /** Waits among all who wait, for as long as that turns out to be. */
  async function called(
    { turn, leave }: WaitingTurn,
    waitMs: number,
    context: RequestContext,
    signal: AbortSignal,
  ): Promise<Turn> {
    const since = now();
    context.onWait(waitMs);
    try {
      return takenOr(await unlessAborted(turn, signal));
    } catch (reason) {
      leave();
      throw reason;
    } finally {
      context.waitedMs += Math.max(0, now() - since);
    }
  }

  /** Tells after so long, and then again and again until it is called off. */
  function ticking(ms: number, tell: () => void): () => void {
    let callOff = () => {};
    const tick = () => {
      tell();
      callOff = after(tellAgainMs, tick);
    };
    callOff = after(ms, tick);
    return () => callOff();
  }

  async function book(context: RequestContext, signal: AbortSignal, instead?: number): Promise<Turn> {
    signal.throwIfAborted();
    const { isBackground } = context;
    const taking = turns.take(context.deadline - worthStartingMs, { instead, isBackground });
    const turn = await unlessAborted(taking, signal).catch((reason: unknown) => {
      // Whether it fails later is nobody's business any more.
      void taking
        .then(({ taken, at, waiting }) => {
          if (waiting) waiting.leave();
          else if (taken) return turns.giveBack(at);
        })
        .catch(() => {});
      throw reason;
    });
    return takenOr(turn);
  }

  function takenOr(turn: Turn): Turn {
    if (turn.taken) return turn;
    const why =
      turn.why ??
      (turn.waitMs > 0 ? "SkyPrep's limit of calls a minute is used up" : "Too little time is left");
    throw new NotNow(`${why}; nothing was sent.`, turn.waitMs);
  }
}
