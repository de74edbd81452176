import { NotNow, Unreachable, Unreadable } from "./failure.ts";
import type { Send } from "./send.ts";

const mostFailures = 5;
const openMs = 30_000;
/** How long whoever comes during the trial call is sent away for. */
const trialMs = 5_000;
/** A call whose time ran out after longer waiting than this had too little of it left to tell anything. */
const noWaitMs = 1_000;

type Outcome = "good" | "bad" | "neither";

/** Counts failures in a row; after five it lets nobody through for 30 s, then one at a time until one succeeds. */
function createBreaker(now: () => number) {
  let failures = 0;
  let openedAt = 0;
  let trying = false;

  return {
    /** Milliseconds until a call may pass; 0: now. */
    shutFor(): number {
      if (failures < mostFailures) return 0;
      // A clock set back must not keep it open for longer.
      openedAt = Math.min(openedAt, now());
      return Math.max(0, openedAt + openMs - now()) || (trying ? trialMs : 0);
    },
    /** A call passes; say how it ended. */
    enter(): (outcome: Outcome) => void {
      const trial = failures >= mostFailures;
      trying ||= trial;
      return (outcome) => {
        if (trial) trying = false;
        if (outcome === "good") failures = 0;
        if (outcome !== "bad") return;
        failures += 1;
        openedAt = now();
      };
    },
  };
}

/**
 * Spares a service that is down, and whoever would wait for it. Lost connections, time-outs and 5xx count for
 * their route; what could not even be connected to counts for all routes together.
 */
export function createCircuitBreaker({ now }: { readonly now: () => number }): (send: Send) => Send {
  const everywhere = createBreaker(now);
  const byRoute = new Map<string, ReturnType<typeof createBreaker>>();
  const breakerOf = (route: string) => {
    const breaker = byRoute.get(route) ?? createBreaker(now);
    byRoute.set(route, breaker);
    return breaker;
  };

  return (send) => async (request, signal, trip) => {
    const breaker = breakerOf(request.route);
    const noConnection = everywhere.shutFor();
    if (noConnection > 0) {
      throw new NotNow(
        "SkyPrep could not be reached several times in a row; nothing was sent.",
        noConnection,
      );
    }
    const failing = breaker.shutFor();
    if (failing > 0) {
      throw new NotNow(`${request.route} failed several times in a row; nothing was sent.`, failing);
    }
    const ends = [everywhere.enter(), breaker.enter()] as const;
    const end = (connection: Outcome, answer: Outcome) => {
      ends[0](connection);
      ends[1](answer);
    };
    const waitedBefore = trip?.waitedMs ?? 0;
    try {
      const answer = await send(request, signal, trip);
      end("good", answer.status >= 500 ? "bad" : "good");
      return answer;
    } catch (error) {
      if (error instanceof Unreachable && error.reached === "no") end("bad", "neither");
      else if (error instanceof Unreachable) end("good", "bad");
      else if (error instanceof Unreadable) end("good", "good");
      else if (isTimeOut(error) && (trip?.waitedMs ?? 0) - waitedBefore < noWaitMs) end("neither", "bad");
      else end("neither", "neither");
      throw error;
    }
  };
}

const isTimeOut = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";
