import type { Operation } from "../../tools/schema/operation.ts";
import { discreetly } from "./discreetly.ts";
import { createRequestContext, type Pause, type RequestContext, rest, worthStartingMs } from "./request.ts";
import {
  errorInside,
  Failure,
  isPage,
  LostBefore,
  mayPass,
  NotNow,
  type ParsedResponse,
  parseResponse,
  Rejected,
  Unreachable,
  Unreadable,
} from "./response.ts";
import type { Incoming, Send } from "./send.ts";

/** SkyPrep as one function: a route and an encoded form in, what the answer says out. Rejects with a `Failure`. */
export type Api = (
  route: string,
  form: string,
  signal: AbortSignal,
  context?: RequestContext,
) => Promise<ParsedResponse>;

export interface Account {
  readonly apiKey: string;
  readonly acctKey: string;
}

/** The keys travel in headers only: never in an address, a body or a log line (contract §6). */
export const headersOf = ({ apiKey, acctKey }: Account): Readonly<Record<string, string>> => ({
  "X-SkyPrep-API-Key": apiKey,
  "X-SkyPrep-Acct-Key": acctKey,
  "Content-Type": "application/x-www-form-urlencoded",
  Accept: "application/json, text/csv, */*",
});

export function createApi(send: Send, account: Account): Api {
  const headers = headersOf(account);
  return async (route, body, signal, context) => {
    const came = blotted(await send({ route, headers, body }, signal, context), account.apiKey);
    const incoming = context?.hide ? discreetly(came, context.hide) : came;
    return incoming.afterLost ? readAfterLost(incoming) : parseResponse(incoming);
  };
}

const shortestKey = 8;
const blot = Buffer.from("•••").toString("latin1");

/** Before anything is made of it: what is cut short later would no longer be known for the key. */
function blotted(incoming: Incoming, key: string): Incoming {
  const body = Buffer.from(incoming.body.buffer, incoming.body.byteOffset, incoming.body.byteLength);
  if (key.length < shortestKey || !body.includes(key)) return incoming;
  return { ...incoming, body: Buffer.from(body.toString("latin1").replaceAll(key, blot), "latin1") };
}

/** A no, in whatever form, does not tell what became of the try before it. */
function readAfterLost(incoming: Incoming): ParsedResponse {
  try {
    const reading = parseResponse(incoming);
    const said = reading.is === "json" ? errorInside(reading.value) : undefined;
    if (said === undefined) return reading;
    throw new Rejected(incoming.status, `SkyPrep answered: ${said.text}`, "", "refused");
  } catch (error) {
    const saysNo = error instanceof Failure && (error.reached === "no" || error.reached === "refused");
    throw saysNo ? new LostBefore(error) : error;
  }
}

/** Innermost, where a request leaves: tells its call's context so, and what came back. */
export const traced =
  (send: Send): Send =>
  async (request, signal, context) => {
    context?.onSend(request.route);
    const answer = await send(request, signal, context);
    if (context) {
      context.bytes += answer.body.length;
      context.status = answer.status;
    }
    return answer;
  };

/** A web page where data was promised, or an answer of any other kind. */
export type WhatCame = "page" | "data";

/**
 * Remembers what came last: a page after good answers means something else than one page after another. Tells after each
 * request whether it failed in a way that may pass.
 */
export function watched(
  api: Api,
  tell: (passes: boolean) => void = () => {},
): { readonly api: Api; readonly lastCame: () => WhatCame | undefined } {
  let last: WhatCame | undefined;
  return {
    lastCame: () => last,
    api: async (...request) => {
      try {
        const reading = await api(...request);
        last = "data";
        tell(false);
        return reading;
      } catch (error) {
        tell(mayPass(error));
        if (isPage(error)) last = "page";
        else if (error instanceof Failure && error.reached === "refused") last = "data";
        throw error;
      }
    },
  };
}

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
/** Of a limit that does not say how long it lasts: a minute in all, and then no more. */
const unsaidMs = [5_000, 15_000, 20_000, 20_000];

type Came = { readonly answer: Incoming } | { readonly failure: Failure };

/**
 * Tries again what may be tried again, at most three times in all, within the context's time; what a limit turns away
 * without a word of how long, for a minute.
 * Rejects with `LostBefore` where an earlier try may have been done and the last one says no; such an answer
 * carries `afterLost`.
 */
export const createRetry =
  ({ repeat, now, pause, random }: RetryOptions) =>
  (send: Send): Send =>
  async (request, signal, context = createRequestContext()) => {
    const rule = repeat(request.route);
    let lost = false;
    for (let tries = 1; ; tries++) {
      const came = await once(send(request, signal, context));
      if (!("failure" in came && came.failure instanceof NotNow))
        context.tries = Math.max(context.tries, tries);

      if (tries >= mostTriesAfter(came) || !mayGoAgain(came, rule)) return conclude(came, lost);
      const wait = pauseAfter(came, tries, random());
      if (now() + wait + worthStartingMs > context.deadline) return conclude(came, lost);

      lost ||= rule === "settles" && mayBeDone(came);
      await rest(context, wait, pause, signal);
    }
  };

/** What is no `Failure` is a cancelled call or a bug, and flies on. */
async function once(sent: Promise<Incoming>): Promise<Came> {
  try {
    return { answer: await sent };
  } catch (failure) {
    if (failure instanceof Failure) return { failure };
    throw failure;
  }
}

function mayGoAgain(came: Came, rule: Repeat): boolean {
  if ("answer" in came && came.answer.status === 429) return true;
  if (rule === "turned-away") return false;
  // It lasts longer than any pause here, and a second try would not tell of the first.
  if ("answer" in came && came.answer.isMaintenance) return rule === "read";
  return "answer" in came
    ? [502, 503, 504].includes(came.answer.status)
    : came.failure instanceof Unreachable;
}

const isUnsaidLimit = (came: Came): boolean =>
  "answer" in came && came.answer.status === 429 && came.answer.retryAfter === undefined;

const mostTriesAfter = (came: Came): number => (isUnsaidLimit(came) ? unsaidMs.length + 1 : mostTries);

const mayBeDone = (came: Came): boolean =>
  "answer" in came ? came.answer.status !== 429 : came.failure.reached !== "no";

/** Full jitter: whoever failed at the same moment comes back at different ones. */
function pauseAfter(came: Came, tries: number, random: number): number {
  const jitter = random * firstPauseMs * growth ** (tries - 1);
  if (!("answer" in came)) return Math.round(jitter);
  if (isUnsaidLimit(came)) return Math.round((unsaidMs[tries - 1] ?? 0) + random * firstPauseMs * growth);
  return Math.round((came.answer.retryAfter ?? 0) * 1000 + jitter);
}

function conclude(came: Came, lost: boolean): Incoming {
  if ("answer" in came) return lost ? { ...came.answer, afterLost: true } : came.answer;
  throw lost && came.failure.reached === "no" ? new LostBefore(came.failure) : came.failure;
}

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

  return (send) => async (request, signal, context) => {
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
    const [endOfAll, endOfRoute] = [everywhere.enter(), breaker.enter()];
    const end = (connection: Outcome, answer: Outcome) => {
      endOfAll(connection);
      endOfRoute(answer);
    };
    const waitedBefore = context?.waitedMs ?? 0;
    try {
      const answer = await send(request, signal, context);
      end("good", answer.status >= 500 ? "bad" : "good");
      return answer;
    } catch (error) {
      if (error instanceof Unreachable && error.reached === "no") end("bad", "neither");
      else if (error instanceof Unreachable) end("good", "bad");
      else if (error instanceof Unreadable) end("good", "good");
      else if (isTimeOut(error) && (context?.waitedMs ?? 0) - waitedBefore < noWaitMs) end("neither", "bad");
      else end("neither", "neither");
      throw error;
    }
  };
}

const isTimeOut = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";
