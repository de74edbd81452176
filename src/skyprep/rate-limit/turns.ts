import type { SmallFile } from "../../state/ports.ts";
import {
  createAppetite,
  createReservation,
  type Reservation,
  reservationMs,
  untilOf,
} from "./reservations.ts";
import {
  ahead,
  book,
  close,
  emptyWindow,
  free,
  join,
  SharedWindow,
  settle,
  type Turn,
} from "./shared-window.ts";

export type { Turn } from "./shared-window.ts";

/** Turns to call SkyPrep, first come first served among all processes. Never rejects. */
export interface Turns {
  /** A turn for now that was taken ahead, without asking anybody; undefined where there is none. */
  kept(latest: number): Turn | undefined;
  /** `latest`: epoch milliseconds beyond which a turn is of no use. */
  take(latest: number, asked?: TurnAsked): Promise<Turn>;
  /** The turn kept for this instant was not used. */
  giveBack(at: number): Promise<void>;
  /** SkyPrep turned the call of this turn away; `askedMs`: how long it wants to be left alone, 0 if it did not say. */
  turnedAway(at: number, askedMs: number): Promise<void>;
  /** How long nobody may call, whatever turn they have; who uses turns kept may not know of it for a second. */
  closedMs(): Promise<number>;
  /** Where background reading gets its turns after everybody: so many places of its own, lest it wait in a person's. */
  readonly backgroundAtOnce?: number;
}

export interface TurnAsked {
  /** A turn given up for the new one. */
  readonly instead?: number | undefined;
  /** Nobody waits for it. */
  readonly isBackground?: boolean;
}

export interface TurnsOptions {
  /** Shared by all who share the limit. */
  readonly file: SmallFile;
  /** Alone among all processes that share the file. */
  readonly withLock: <T>(work: () => Promise<T>) => Promise<T>;
  /** A function where it may turn out to be fewer. */
  readonly callsPerMinute: number | (() => number);
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
  /** Told once, when the file cannot be used: this process then counts its own calls only. */
  readonly onTrouble: (error: unknown) => void;
}

/** A file that failed is left alone for so long: each attempt costs a call some of its time. */
const restMs = 10_000;

/** `alone`: what comes of it stands in no file. */
type Work<T> = (minute: SharedWindow, alone: boolean) => { minute: SharedWindow; result: T };

export function createTurns({ file, withLock, callsPerMinute, now, after, onTrouble }: TurnsOptions): Turns {
  /** What was last seen or done. */
  let known = emptyWindow(now());
  /** Calls that stand in no file. */
  let unshared: number[] = [];
  let failedAt: number | undefined;
  let told = false;
  const appetite = createAppetite();
  let lease: (Reservation & { readonly callOff: () => void }) | undefined;
  let asking: Promise<unknown> | undefined;

  function trouble(error: unknown): void {
    if (!told) onTrouble(error);
    told = true;
  }

  /** Looks at the minute and changes it; alone among all processes, or from memory where that fails. */
  async function change<T>(work: Work<T>): Promise<T> {
    const resting = failedAt !== undefined && Math.abs(now() - failedAt) < restMs;
    let done: { result: T } | undefined;
    if (!resting) {
      try {
        await withLock(async () => {
          const toShare = unshared;
          known = await look();
          const { minute, result } = work(known, false);
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

  function inMemory<T>(work: Work<T>): { result: T } {
    const before = settle(known, now());
    const { minute, result } = work(before, true);
    known = minute;
    const added = without(minute.calls, before.calls);
    unshared = without([...unshared, ...added], without(before.calls, minute.calls));
    return { result };
  }

  /** What the file says, and what only this process knows. */
  async function look(): Promise<SharedWindow> {
    const text = await file.read();
    const found = text === undefined ? undefined : parse(text);
    const mine = settle(known, now());
    // Mended by the next writing.
    if (text !== undefined && found === undefined) trouble(new Error("the file holds no minute of calls"));
    if (found === undefined) return mine;
    return join(settle(found, now()), unshared, failedAt === undefined ? undefined : mine.closed);
  }

  /** No turn of it is used from here on: what is written of it afterwards stays true. */
  function endLease(): (minute: SharedWindow, alone: boolean) => SharedWindow {
    const ended = lease;
    lease = undefined;
    ended?.callOff();
    // Where it cannot be told, its turns count as used at the last.
    return (minute, alone) => (alone ? minute : (ended?.settled(minute) ?? minute));
  }

  function keep(taken: Reservation): void {
    // By a clock that nobody sets, too.
    const expire = () => {
      const settled = endLease();
      void change((minute, alone) => ({ minute: settled(minute, alone), result: undefined }));
    };
    lease = { ...taken, callOff: after(reservationMs, expire) };
  }

  const kept = (latest: number): Turn | undefined => lease?.use(latest);

  async function ask(latest: number, instead: number | undefined): Promise<Turn> {
    const wanted = appetite(now(), lease?.allUsed() ?? true) - 1;
    const settled = endLease();
    const { turn, from, size } = await change((before, alone) => {
      const limit = typeof callsPerMinute === "number" ? callsPerMinute : callsPerMinute();
      const from = now();
      const { minute, turn } = book(settled(before, alone), { now: from, limit, latest, instead });
      const more = alone || turn.waitMs > 0 || !turn.taken ? 0 : wanted;
      const kept = ahead(minute, { wanted: more, limit, until: untilOf(from) });
      return { minute: kept.minute, result: { turn, from, size: kept.size } };
    });
    if (size > 0) keep(createReservation({ from, size }, now));
    return turn;
  }

  async function take(latest: number, { instead }: TurnAsked = {}): Promise<Turn> {
    if (instead !== undefined) return ask(latest, instead);
    while (asking !== undefined) {
      await asking;
      const turn = kept(latest);
      if (turn) return turn;
    }
    const asked = ask(latest, undefined);
    asking = asked.finally(() => {
      asking = undefined;
    });
    return asked;
  }

  return {
    kept,
    take,
    async giveBack(at) {
      if (lease?.back(at)) return;
      await change((minute) => ({ minute: free(minute, at), result: undefined }));
    },
    async turnedAway(at, askedMs) {
      const settled = endLease();
      await change((minute, alone) => ({
        minute: close(settled(minute, alone), { now: now(), at, askedMs }),
        result: undefined,
      }));
    },
    closedMs: async () => {
      const seen = failedAt === undefined ? await look().catch(() => known) : known;
      return Math.max(0, (settle(seen, now()).closed?.until ?? 0) - now());
    },
  };
}

function parse(text: string): SharedWindow | undefined {
  try {
    return SharedWindow.safeParse(JSON.parse(text)).data;
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
