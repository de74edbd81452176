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

/** It could not be read: neither the same as before nor changed. */
export const unread = Symbol("unread");

/** What a call is about as that stands, part by part: an answer is good for these only (contract §5). */
export type Digests = Readonly<Record<string, unknown>>;

/** Each part by its digest: nothing of whom or what it is about is kept. */
export type Binding = ReadonlyMap<string, string | typeof unread>;

export const digestsOf = (bound: Digests): Binding =>
  new Map(Object.entries(bound).map(([part, value]) => [part, value === unread ? unread : digest([value])]));

/**
 * Whether things stand as they did. `unread`: nothing is known to have changed, but something that stood in the
 * question could not be read again. What could not be read then, and can be now, is a change: nobody was told.
 * A part that never stands for anything (a count) may come and go.
 */
export function compare(before: Binding, now: Binding): "same" | "changed" | "unread" {
  let is: "same" | "unread" = "same";
  for (const part of new Set([...before.keys(), ...now.keys()])) {
    const [was, stands] = [before.get(part), now.get(part)];
    const counted = (was ?? unread) === unread && (stands ?? unread) === unread;
    if (was === stands || counted) continue;
    if (stands !== unread) return "changed";
    is = "unread";
  }
  return is;
}

/**
 * A count that has grown by more than 10% and 10 is a new question; one that could not be read before is, too.
 * One that cannot be read again is no change.
 */
export function hasGrown(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(now).some(([name, n]) => {
    const was = before[name];
    return was === undefined ? n > 10 : n - was > 10 && n > was * 1.1;
  });
}
