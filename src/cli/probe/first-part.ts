import { randomBytes } from "node:crypto";
import { type Account, headersOf } from "../../skyprep/api.ts";
import type { Send } from "../../skyprep/send.ts";
import { createAsk, createCallBudget } from "./ask.ts";
import { type Evidence, readAll, readRoutes } from "./reads.ts";
import type { Verdicts } from "./seen.ts";
import { verdictsOf } from "./verdicts.ts";
import { type WayOutWorld, wayOut } from "./way-out.ts";

/** Tries and turned-away ones included. */
export const mostCalls = 60;

export interface FirstPart {
  readonly evidence: Evidence;
  readonly verdicts: Verdicts;
  readonly calls: number;
  /** Calls a minute that answers told of. */
  readonly perMinute: number | undefined;
}

export interface FirstPartWorld extends WayOutWorld {
  readonly send: Send;
  readonly account: Account;
  readonly signal: AbortSignal;
  /** Told what is asked, and how many calls were made before. */
  readonly tell: (route: string, calls: number) => void;
  readonly onWait: (ms: number) => void;
}

/** Somebody whom no academy has: the name space is kept free for ever (RFC 2606). */
export const unknownLogin = (): string =>
  `skyprep-mcp-probe-${randomBytes(6).toString("hex")}@example.invalid`;

/** Reads alone, at most 60 calls. Rejects with a `Failure` where no answer can come. */
export async function firstPart({
  send,
  account,
  signal,
  tell,
  onWait,
  ...world
}: FirstPartWorld): Promise<FirstPart> {
  const budget = createCallBudget(() => mostCalls);
  const ask = createAsk({
    send: wayOut(send, { budget, routes: readRoutes }, world),
    headers: headersOf(account),
    signal,
    tell: (route) => tell(route, budget.used()),
    onWait,
  });
  const evidence = await readAll({ ask, unknownLogin: unknownLogin(), now: world.now });
  return {
    evidence,
    verdicts: verdictsOf(evidence, budget.limitMet()),
    calls: budget.used(),
    perMinute: budget.perMinute(),
  };
}
