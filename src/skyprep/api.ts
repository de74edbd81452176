import type { Send } from "./send.ts";
import { type Reading, read } from "./wire.ts";

/** SkyPrep as one function: a route and an encoded form in, what the answer says out. Rejects with a `Failure`. */
export type Api = (route: string, form: string, signal: AbortSignal) => Promise<Reading>;

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
  return async (route, body, signal) => read(await send({ route, headers, body }, signal));
}
