import { createHash } from "node:crypto";

const digest = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("base64url");

/** The same arguments in another order are the same call. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value === undefined ? null : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

/** This very call: the account, the operation and its exact arguments, `extra` too. */
export const callDigest = (account: string, route: string, args: Readonly<Record<string, unknown>>): string =>
  digest([account, route, args]);

/** What an answer is good for: the call, and what it is about as that stands (contract §5). */
export const bindingOf = (call: string, bound: readonly unknown[]): string => digest([call, bound]);

/** A count that has grown by more than 10% and 10 is a new question; one that could not be read before is, too. */
export function hasGrown(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(now).some(([name, n]) => {
    const was = before[name];
    return was === undefined ? n > 10 : n - was > 10 && n > was * 1.1;
  });
}
