import { AsyncLocalStorage } from "node:async_hooks";

/** What a grant allows: `write` holds `read`; `approve` stands beside them. */
export const scopes = ["read", "write", "approve"] as const;
export type Scope = (typeof scopes)[number];

/** Who stands behind a call that came over HTTP, as the door made them out of their token. */
export interface Principal {
  /** As grants name them. */
  readonly person: string;
  /** In this academy. */
  readonly scopes: readonly Scope[];
  /** By its name. */
  readonly policy?: string | undefined;
  /** Whom the token was given to, where that is not the person. */
  readonly client?: string | undefined;
  /** Whether they may still change something, by their grant and token as they are now; left out: nobody can take it from them. */
  readonly mayStillWrite?: (() => boolean) | undefined;
  /** Which of the servers took the call. */
  readonly replica: string;
  /** Of the trace that it is a part of: 32 hexadecimal digits. */
  readonly trace?: string | undefined;
}

const calling = new AsyncLocalStorage<Principal>();

/** Undefined on one desk, where whoever started the server is the one who calls, and for what no call began. */
export const principalOfCall = (): Principal | undefined => calling.getStore();

/**
 * Why whoever calls may not change anything any more, a sentence; undefined: they may. For the moment before a write
 * leaves, as a job goes on for minutes after the door let its call in.
 */
export const writesTakenAway = (): string | undefined =>
  calling.getStore()?.mayStillWrite?.() === false
    ? "You may not change anything in this academy any more: your grant or your token was changed while this ran."
    : undefined;

/** The work, and all that it begins, is theirs. */
export const asPrincipal = <T>(principal: Principal, work: () => T): T => calling.run(principal, work);
