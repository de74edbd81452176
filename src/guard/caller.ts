import { principalOfCall } from "../access/principal.ts";
import type { GuardWorld } from "./guard.ts";

/**
 * Whose call it is, for the digest that a yes is bound to: the academy's, and where one server serves several persons,
 * theirs in it. What one was asked is not another's to answer, nor to go on with.
 */
export function callerOf({ academy, account }: Pick<GuardWorld, "academy" | "account">): string {
  const own = academy ?? account;
  const person = principalOfCall()?.person;
  return person === undefined ? own : JSON.stringify([own, person]);
}
