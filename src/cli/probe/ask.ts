import { createRequestContext, type RequestContext } from "../../skyprep/request.ts";
import { Failure, Unreadable } from "../../skyprep/response.ts";
import type { Incoming, Send } from "../../skyprep/send.ts";
import { answerOf, none, type RawAnswer } from "./answer.ts";

/** Every call is used up. */
export class Spent extends Error {}

/** What left this computer, tries included, and how the limit showed where it was met. */
export interface CallBudget {
  readonly used: () => number;
  readonly limitMet: () => LimitForm | undefined;
  /** The lowest number of calls a minute that any answer told; undefined: none did. */
  readonly perMinute: () => number | undefined;
  readonly around: (send: Send) => Send;
}
export type LimitForm = "429" | "without-retry-after" | "503" | "page" | "words";

/** Innermost: whatever is sent counts, and past `most` nothing is. */
export function createCallBudget(most: () => number): CallBudget {
  let used = 0;
  let limit: LimitForm | undefined;
  let perMinute = Number.POSITIVE_INFINITY;
  return {
    used: () => used,
    limitMet: () => limit,
    perMinute: () => (Number.isFinite(perMinute) ? perMinute : undefined),
    around: (send) => async (request, signal, context) => {
      if (used >= most()) throw new Spent();
      used += 1;
      const came = await send(request, signal, context);
      limit ??= limitForm(came);
      perMinute = Math.min(perMinute, came.perMinute ?? perMinute);
      return came;
    },
  };
}

function limitForm({ status, retryAfter, body }: Incoming): LimitForm | undefined {
  if (status === 429) return retryAfter === undefined ? "without-retry-after" : "429";
  if (body.length > 10_000 || (status !== 503 && status !== 200)) return undefined;
  const text = new TextDecoder().decode(body);
  if (!/rate limit|too many requests|limit exceeded/i.test(text)) return undefined;
  if (status === 503) return "503";
  return /^\s*</.test(text) ? "page" : "words";
}

export interface ProbeQuestion {
  readonly route: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface AskWorld {
  readonly send: Send;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told before each question. */
  readonly tell: (route: string) => void;
  /** Told of a wait for the limit. */
  readonly onWait: (ms: number) => void;
}

/** One question and its raw answer. Where no answer comes this is thrown: nothing behind it would come either. */
export const createAsk =
  ({ send, headers, signal, tell, onWait }: AskWorld) =>
  async ({ route, form }: ProbeQuestion): Promise<RawAnswer> => {
    tell(route);
    const context: RequestContext = createRequestContext({
      onWait: (ms) => {
        if (ms >= 2_000) onWait(ms);
      },
    });
    try {
      const body = new URLSearchParams(form).toString();
      return answerOf(await send({ route, headers, body }, signal, context));
    } catch (error) {
      if (error instanceof Spent) return none;
      if (error instanceof Unreadable) return { is: "too large", status: 200 };
      // One answer that was lost says nothing of the others; no way at all does.
      if (error instanceof Failure && error.reached === "maybe") return none;
      throw error;
    }
  };
