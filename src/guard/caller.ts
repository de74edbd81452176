import { principalOfCall } from "../access/principal.ts";
import type { GuardWorld } from "./guard.ts";

export const academyOf = ({ academy, account }: GuardWorld): string => academy ?? account;

/**
 * Whose call it is: what one person was asked is not another's to answer.
 * @throws over HTTP, where nobody is known to call: then a question would be everybody's
 */
export function callerOf(world: GuardWorld): string {
  const person = principalOfCall()?.person;
  if (person === undefined && world.over === "http") throw new Error("a call over HTTP without a person");
  return person === undefined ? academyOf(world) : JSON.stringify([academyOf(world), person]);
}
