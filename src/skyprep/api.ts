import { discreetly } from "./discreetly.ts";
import { Failure, LostBefore, Rejected } from "./failure.ts";
import type { RequestContext } from "./request-context.ts";
import { errorInside, isPage, type ParsedResponse, parseResponse } from "./response.ts";
import type { Incoming, Send } from "./send.ts";

/** SkyPrep as one function: a route and an encoded form in, what the answer says out. Rejects with a `Failure`. */
export type Api = (
  route: string,
  form: string,
  signal: AbortSignal,
  trip?: RequestContext,
) => Promise<ParsedResponse>;

export interface Account {
  readonly apiKey: string;
  readonly acctKey: string;
}

/** The keys travel in headers only: never in an address, a body or a log line (contract §6). */
export function createApi(send: Send, account: Account): Api {
  const headers = {
    "X-SkyPrep-API-Key": account.apiKey,
    "X-SkyPrep-Acct-Key": account.acctKey,
    "Content-Type": "application/x-www-form-urlencoded",
    Accept: "application/json, text/csv, */*",
  };
  return async (route, body, signal, trip) => {
    const came = blotted(await send({ route, headers, body }, signal, trip), account.apiKey);
    const incoming = trip?.hide ? discreetly(came, trip.hide) : came;
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

/** Innermost, where a request leaves: tells its call's trip so, and what came back. */
export const traced =
  (send: Send): Send =>
  async (request, signal, trip) => {
    trip?.onSend(request.route);
    const answer = await send(request, signal, trip);
    if (trip) {
      trip.bytes += answer.body.length;
      trip.status = answer.status;
    }
    return answer;
  };

/** A web page where data was promised, or an answer of any other kind. */
export type WhatCame = "page" | "data";

/** Remembers what came last: a page after good answers means something else than one page after another. */
export function watched(api: Api): { readonly api: Api; readonly lastCame: () => WhatCame | undefined } {
  let last: WhatCame | undefined;
  return {
    lastCame: () => last,
    api: async (...request) => {
      try {
        const reading = await api(...request);
        last = "data";
        return reading;
      } catch (error) {
        if (isPage(error)) last = "page";
        else if (error instanceof Failure && error.reached === "refused") last = "data";
        throw error;
      }
    },
  };
}
