import type { RequestContext } from "./request.ts";

/** One request as it leaves for SkyPrep, encoded to the last byte. */
export interface Outgoing {
  /** The route's name on the API page, e.g. `get_user`. Never carries a query string. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `application/x-www-form-urlencoded` (skyprep-api §3.3: the only proven body type). */
  readonly body: string;
}

/** What came back, before anything is made of it. */
export interface Incoming {
  readonly status: number;
  /** A hint only; the first bytes decide. */
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Seconds, where the server said how long to stay away. */
  readonly retryAfter?: number;
  /** Calls a minute that are let through, where the server said so and it is less than SkyPrep's help says. */
  readonly perMinute?: number;
  /** Of a redirect, which is never followed: the base address to be set, where it leads to the same host over https; else empty. */
  readonly location?: string;
  /** An earlier try of this write got no answer, and may have been done. */
  readonly afterLost?: true;
  /** In place of an answer, SkyPrep said that it is down for maintenance. */
  readonly isMaintenance?: true;
}

/**
 * The one door to the world: the network on one side of it, the sandbox on the other.
 * Retry, circuit and pace are decorators, `(send: Send) => Send`, in this order from outside; only they look at
 * the context.
 * Rejects with a `Failure` (failure.ts), or with the signal's reason when cancelled.
 */
export type Send = (request: Outgoing, signal: AbortSignal, context?: RequestContext) => Promise<Incoming>;
