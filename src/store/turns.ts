import { book, close, emptyMinute, free, join, Minute, settle, type Turn } from "./minute.ts";
import type { SmallFile } from "./small-file.ts";

export type { Turn } from "./minute.ts";

/** Turns to call SkyPrep, first come first served among all processes. Never rejects. */
export interface Turns {
  /** `latest`: epoch milliseconds beyond which a turn is of no use. `instead`: a turn given up for the new one. */
  take(latest: number, instead?: number): Promise<Turn>;
  /** The turn kept for this instant was not used. */
  giveBack(at: number): Promise<void>;
  /** SkyPrep turned the call of this turn away; `askedMs`: how long it wants to be left alone, 0 if it did not say. */
  turnedAway(at: number, askedMs: number): Promise<void>;
  /** How long nobody may call, whatever turn they have. */
  closedMs(): Promise<number>;
}

export interface TurnsOptions {
  /** Shared by all who share the limit. */
  readonly file: SmallFile;
  /** Alone among all processes that share the file. */
  readonly withLock: <T>(work: () => Promise<T>) => Promise<T>;
  readonly callsPerMinute: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told once, when the file cannot be used: this process then counts its own calls only. */
  readonly onTrouble: (error: unknown) => void;
}

/** A file that failed is left alone for so long: each attempt costs a call some of its time. */
const restMs = 10_000;

export function createTurns({ file, withLock, callsPerMinute, now, onTrouble }: TurnsOptions): Turns {
  /** What was last seen or done. */
  let known = emptyMinute(now());
  /** Calls that stand in no file. */
  let unshared: number[] = [];
  let failedAt: number | undefined;
  let told = false;

  function trouble(error: unknown): void {
    if (!told) onTrouble(error);
    told = true;
  }

  /** Looks at the minute and changes it; alone among all processes, or from memory where that fails. */
  async function change<T>(work: (minute: Minute) => { minute: Minute; result: T }): Promise<T> {
    const resting = failedAt !== undefined && Math.abs(now() - failedAt) < restMs;
    let done: { result: T } | undefined;
    if (!resting) {
      try {
        await withLock(async () => {
          const toShare = unshared;
          known = await look();
          const { minute, result } = work(known);
          if (minute !== known) await file.write(JSON.stringify(minute));
          known = minute;
          unshared = without(unshared, toShare);
          failedAt = undefined;
          done = { result };
        });
      } catch (error) {
        failedAt = now();
        trouble(error);
      }
    }
    return (done ?? inMemory(work)).result;
  }

  function inMemory<T>(work: (minute: Minute) => { minute: Minute; result: T }): { result: T } {
    const before = settle(known, now());
    const { minute, result } = work(before);
    known = minute;
    const added = without(minute.calls, before.calls);
    unshared = without([...unshared, ...added], without(before.calls, minute.calls));
    return { result };
  }

  /** What the file says, and what only this process knows. */
  async function look(): Promise<Minute> {
    const text = await file.read();
    const found = text === undefined ? undefined : parse(text);
    const mine = settle(known, now());
    // Mended by the next writing.
    if (text !== undefined && found === undefined) trouble(new Error("the file holds no minute of calls"));
    if (found === undefined) return mine;
    return join(settle(found, now()), unshared, failedAt === undefined ? undefined : mine.closed);
  }

  return {
    take: (latest, instead) =>
      change((before) => {
        const { minute, turn } = book(before, { now: now(), limit: callsPerMinute, latest, instead });
        return { minute, result: turn };
      }),
    giveBack: (at) => change((minute) => ({ minute: free(minute, at), result: undefined })),
    turnedAway: (at, askedMs) =>
      change((minute) => ({ minute: close(minute, { now: now(), at, askedMs }), result: undefined })),
    closedMs: async () => {
      const seen = failedAt === undefined ? await look().catch(() => known) : known;
      return Math.max(0, (settle(seen, now()).closed?.until ?? 0) - now());
    },
  };
}

function parse(text: string): Minute | undefined {
  try {
    return Minute.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The numbers left when each of `others` has taken one of its kind away. */
function without(numbers: readonly number[], others: readonly number[]): number[] {
  const left = [...numbers];
  for (const one of others) {
    const index = left.indexOf(one);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
