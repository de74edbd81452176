import type { Operation } from "../../tools/schema/operation.ts";
import { Failure, LostBefore, NotNow, Unreachable } from "./failure.ts";
import { createRequestContext, type Pause, rest, worthStartingMs } from "./request-context.ts";
import type { Incoming, Send } from "./send.ts";

/**
 * What may be sent again (contract §6). `read`: changes nothing. `settles`: a write whose second time leaves
 * what the first left. `turned-away`: only what SkyPrep refused at the door, with a 429.
 */
export type Repeat = "read" | "settles" | "turned-away";

/** Names and effect both have to agree: an unknown kind of write is sent once. */
export function repeatOf(route: string, operation: Pick<Operation, "effect" | "idempotent">): Repeat {
  const { effect, idempotent = true } = operation;
  if (!idempotent) return "turned-away";
  if (effect === "read") return "read";
  const settles = effect === "change" || effect === "remove";
  return settles && /^(update|set|remove|destroy|delete)_/.test(route) ? "settles" : "turned-away";
}

export interface RetryOptions {
  readonly repeat: (route: string) => Repeat;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: Pause;
  /** At least 0, below 1. */
  readonly random: () => number;
}

const mostTries = 3;
const firstPauseMs = 1_000;
const growth = 3;

type Came = { readonly answer: Incoming } | { readonly failure: Failure };

/**
 * Tries again what may be tried again, at most three times in all, within the trip's time.
 * Rejects with `LostBefore` where an earlier try may have been done and the last one says no; such an answer
 * carries `afterLost`.
 */
export const createRetry =
  ({ repeat, now, pause, random }: RetryOptions) =>
  (send: Send): Send =>
  async (request, signal, trip = createRequestContext()) => {
    const rule = repeat(request.route);
    let lost = false;
    for (let tries = 1; ; tries++) {
      const came = await once(() => send(request, signal, trip));
      if (!("failure" in came && came.failure instanceof NotNow)) trip.tries = Math.max(trip.tries, tries);

      if (tries === mostTries || !mayGoAgain(came, rule)) return conclude(came, lost);
      const wait = pauseAfter(came, tries, random());
      if (now() + wait + worthStartingMs > trip.deadline) return conclude(came, lost);

      lost ||= rule === "settles" && mayBeDone(came);
      await rest(trip, wait, pause, signal);
    }
  };

/** What is no `Failure` is a cancelled call or a bug, and flies on. */
const once = (send: () => Promise<Incoming>): Promise<Came> =>
  send().then(
    (answer) => ({ answer }),
    (failure: unknown) => {
      if (failure instanceof Failure) return { failure };
      throw failure;
    },
  );

function mayGoAgain(came: Came, rule: Repeat): boolean {
  if ("answer" in came && came.answer.status === 429) return true;
  if (rule === "turned-away") return false;
  return "answer" in came
    ? [502, 503, 504].includes(came.answer.status)
    : came.failure instanceof Unreachable;
}

const mayBeDone = (came: Came): boolean =>
  "answer" in came ? came.answer.status !== 429 : came.failure.reached !== "no";

/** Full jitter: whoever failed at the same moment comes back at different ones. */
function pauseAfter(came: Came, tries: number, random: number): number {
  const asked = "answer" in came ? (came.answer.retryAfter ?? 0) * 1000 : 0;
  return Math.round(asked + random * firstPauseMs * growth ** (tries - 1));
}

function conclude(came: Came, lost: boolean): Incoming {
  if ("answer" in came) return lost ? { ...came.answer, afterLost: true } : came.answer;
  throw lost && came.failure.reached === "no" ? new LostBefore(came.failure) : came.failure;
}
