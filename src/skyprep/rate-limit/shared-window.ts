import { z } from "zod";

const areNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "number");

/** SkyPrep turned a call away. `row`: how often since it last let calls through for a while. */
export const Closed = z.object({ at: z.number(), until: z.number(), row: z.number().int().positive() });
export type Closed = z.output<typeof Closed>;

/** The calls of the last minute and those that wait for their turn, as every process of this user sees them. */
export const SharedWindow = z.object({
  version: z.literal(1),
  /** Epoch milliseconds, as all here. */
  writtenAt: z.number(),
  /** When each call began or will begin, in order. */
  calls: z.custom<number[]>(areNumbers),
  closed: Closed.optional(),
});
export type SharedWindow = z.output<typeof SharedWindow>;

/** A place among those who wait. */
export interface WaitingTurn {
  /** A turn for now, or none in time. */
  readonly turn: Promise<Turn>;
  /** Nobody wants it any more. */
  readonly leave: () => void;
}

/** What comes of asking for a turn. */
export interface Turn {
  /** The instant that is kept for the call. */
  readonly at: number;
  /** 0: now. */
  readonly waitMs: number;
  /** False: it would be later than asked, and nothing is kept. */
  readonly taken: boolean;
  /** Its instant is a guess: others may come before. Left out: it is kept for the call. */
  readonly waiting?: WaitingTurn;
  /** Why not, where it is not for the limit: a sentence without its end. */
  readonly why?: string;
}

/** A second over a minute: calls do not travel equally fast, and the limit is counted where they arrive. */
export const windowMs = 61_000;
/** No call waits for a turn further off than this after the way is open, so whatever says so is no turn. */
const furthestMs = 2 * windowMs;
const firstClosedMs = 5_000;
const longestClosedMs = 60_000;
const longestBelievedMs = 3_600_000;

export const emptyWindow = (now: number): SharedWindow => ({ version: 1, writtenAt: now, calls: [] });

/** Mostly they are in order already, and there may be thousands. */
export const inOrder = (calls: number[]): number[] =>
  calls.some((at, index) => at < (calls[index - 1] ?? 0)) ? calls.toSorted((a, b) => a - b) : calls;

/** The same minute, seen now: what is over is left out, and what only a wrong clock or a slip explains. */
export function settle(minute: SharedWindow, now: number): SharedWindow {
  // Written in the future: the clock was set back since, and everything in it is as far off as its writing.
  const back = Math.max(0, minute.writtenAt - now);
  const closed = minute.closed && {
    ...minute.closed,
    at: minute.closed.at - back,
    until: minute.closed.until - back,
  };
  const stands = closed && isRemembered(closed, now);
  const furthest = Math.max(now, stands ? closed.until : 0) + furthestMs;
  const moved = back > 0 ? minute.calls.map((at) => at - back) : minute.calls;
  const calls = moved.filter((at) => at > now - windowMs && at <= furthest);
  return { version: 1, writtenAt: now, calls: inOrder(calls), ...(stands && { closed }) };
}

/** Whether a silence still says something: of how long the next one is, for a while after it. */
export const isRemembered = ({ until }: Pick<Closed, "until">, now: number): boolean =>
  until <= now + longestBelievedMs && now < until + longestClosedMs;

/**
 * The next turn under the limit. `instead`: a turn given up for it.
 * A new turn is never before one that was given to somebody who came earlier, unless calls were given back.
 */
export function book(
  minute: SharedWindow,
  {
    now,
    limit,
    latest,
    instead,
  }: { now: number; limit: number; latest: number; instead?: number | undefined },
): { minute: SharedWindow; turn: Turn } {
  const { calls } = instead === undefined ? minute : free(minute, instead);
  const open = Math.max(now, minute.closed?.until ?? 0);
  // Any window that holds the new call and `limit` others would have to hold this one as well.
  const before = calls.at(-limit);
  const at = before === undefined ? open : Math.max(open, before + windowMs);
  const taken = at <= Math.min(latest, open + furthestMs);
  const turn = { at, waitMs: at - now, taken };
  if (!taken && calls === minute.calls) return { minute, turn };
  return { minute: { ...minute, calls: taken ? inOrder([...calls, at]) : calls }, turn };
}

/**
 * Some more turns for whoever has one now, all kept at `until`. A quarter of what is left at most: others call too.
 */
export function ahead(
  minute: SharedWindow,
  { wanted, limit, until }: { wanted: number; limit: number; until: number },
): { minute: SharedWindow; size: number } {
  const size = Math.max(0, Math.min(wanted, Math.floor((limit - minute.calls.length) / 4)));
  if (size === 0) return { minute, size };
  return { minute: { ...minute, calls: inOrder([...minute.calls, ...Array(size).fill(until)]) }, size };
}

/** Turns are alike: whichever is kept for that instant is given back. */
export function free(minute: SharedWindow, at: number): SharedWindow {
  const index = minute.calls.indexOf(at);
  return index < 0 ? minute : { ...minute, calls: minute.calls.toSpliced(index, 1) };
}

/** A call that began at `at` was turned away: nobody calls for a while, for longer each time. */
export const close = (minute: SharedWindow, turnedAway: TurnedAway): SharedWindow => ({
  ...minute,
  closed: closing(minute.closed, turnedAway),
});

/** `askedMs`: how long SkyPrep wants to be left alone, 0 if it did not say. */
export interface TurnedAway {
  readonly now: number;
  readonly at: number;
  readonly askedMs: number;
}

export function closing(before: Closed | undefined, { now, at, askedMs }: TurnedAway): Closed {
  // Those that were on their way already are turned away with it, and are no further sign.
  const news = before === undefined || at > before.at;
  const row = news ? (before?.row ?? 0) + 1 : before.row;
  const growing = news ? Math.min(firstClosedMs * 2 ** (row - 1), longestClosedMs) : 0;
  const until = now + (askedMs > 0 ? Math.min(askedMs, longestBelievedMs) : growing);
  return { at: news ? now : before.at, until: Math.max(until, before?.until ?? 0), row };
}

/** What several know of the same minute: calls of both, and the longer silence. */
export function join(
  minute: SharedWindow,
  calls: readonly number[],
  closed: SharedWindow["closed"],
): SharedWindow {
  const later = (closed?.until ?? 0) > (minute.closed?.until ?? 0) ? closed : minute.closed;
  return { ...minute, calls: inOrder([...minute.calls, ...calls]), ...(later && { closed: later }) };
}
