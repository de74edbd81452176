import { AsyncLocalStorage } from "node:async_hooks";

/** What somebody may do: `write` holds `read`; `approve` stands beside them. */
export type Scope = "read" | "write" | "approve";

/** For whom a call is made; on one desk there is none. */
export interface Principal {
  readonly person: string;
  readonly scopes: readonly Scope[];
  /** The digest of the policy that holds them. */
  readonly policy?: string;
  /** As the client calls itself. */
  readonly client?: string;
  readonly replica: string;
  /** A W3C trace id. */
  readonly trace?: string;
}

const calls = new AsyncLocalStorage<Principal>();

export const principalOfCall = (): Principal | undefined => calls.getStore();

export const asPrincipal = <T>(principal: Principal, work: () => T): T => calls.run(principal, work);
