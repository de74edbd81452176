import { z } from "zod";
import { reservationMs } from "../rate-limit/reservations.ts";
import { Closed, closing, inOrder, isRemembered, windowMs } from "../rate-limit/shared-window.ts";
import { afterTurns, FairRounds, inFairOrder, noRounds, WaitingCall } from "./fair-order.ts";

/**
 * The calls of the last minute from one address, and who waits, as all replicas see them. Its time is the database's
 * clock and never goes back; docs/decisions/018.
 */
export const EgressWindow = z.object({
  version: z.literal(1),
  /** Its time when it was written, as all times here in milliseconds. */
  at: z.number(),
  /** By so much it is ahead of the database's clock. */
  ahead: z.number(),
  /** When each call began, in order. */
  calls: z.array(z.number()),
  /** Turns of one replica that count as used at the last, until it says what became of them. */
  leases: z.array(z.object({ id: z.string(), until: z.number(), size: z.number() })),
  closed: Closed.optional(),
  waiting: z.array(WaitingCall),
  /** When each replica with calls that wait last asked. */
  heard: z.record(z.string(), z.number()),
  rounds: FairRounds,
});
export type EgressWindow = z.output<typeof EgressWindow>;

/** All that a replica has to say and to ask, in one. */
export interface EgressAsk {
  /** The database's clock, epoch milliseconds. */
  readonly clock: number;
  /** What the replica itself can say of the window's time: it is not before the one, and not after the other. */
  readonly between: readonly [number, number];
  readonly replica: string;
  /** Calls in any 61 s. */
  readonly limit: number;
  /** Every call of this replica that waits: those of before that are not among them have gone. */
  readonly waiting: readonly AskingCall[];
  /** So many turns ahead of need, where nobody waits. */
  readonly wanted: number;
  /** Leases that are used no further, with when their turns were used. Told again, it changes nothing. */
  readonly ended: readonly { readonly id: string; readonly used: readonly number[] }[];
  readonly turnedAway: readonly { readonly at: number; readonly askedMs: number }[];
  /** What the turns of this ask will be called. */
  readonly lease: string;
}

export interface AskingCall {
  readonly id: string;
  readonly academy: string;
  readonly isBackground: boolean;
  readonly waitedMs: number;
  /** After so long a turn is of no use. */
  readonly leftMs: number;
}

export interface EgressAnswer {
  readonly now: number;
  /** For calls that have their turn now, and turns ahead. */
  readonly size: number;
  /** None of them may be used later. */
  readonly until: number;
  readonly called: readonly string[];
  /** A guess for those who go on waiting; who has too little time for it waits no longer. */
  readonly waits: ReadonlyMap<string, { readonly waitMs: number; readonly isInTime: boolean }>;
  readonly closedUntil: number;
}

/** A replica with calls that wait, and not heard of for so long, is taken for dead. */
export const silenceMs = 5_000;

/** Of nobody's calls before: as good as empty. */
export const emptyEgress = (clock: number): EgressWindow => ({
  version: 1,
  at: clock,
  ahead: 0,
  calls: [],
  leases: [],
  waiting: [],
  heard: {},
  rounds: noRounds,
});

/** What cannot be read may have said that every turn is used. */
export const usedUpEgress = (clock: number, limit: number): EgressWindow => ({
  ...emptyEgress(clock),
  calls: Array<number>(limit).fill(clock),
});

export function askEgress(
  before: EgressWindow,
  ask: EgressAsk,
): { readonly window: EgressWindow; readonly answer: EgressAnswer } {
  const { clock, replica, limit } = ask;
  // A clock that was set must not make time pass: neither back, nor more of it than passed for the replica.
  const [soonest, latest] = ask.between;
  const told = clock + before.ahead;
  const now = Math.max(before.at, told > latest ? Math.floor(soonest) : told);
  const settled = settledBy(before, ask, now);
  const { calls, leases, closed } = settled;
  const waiting = waitingNow(before, ask, now);

  const counted = inOrder([
    ...calls,
    ...leases.flatMap(({ until, size }) => Array<number>(size).fill(until)),
  ]);
  const open = Math.max(now, closed?.until ?? 0);
  const slots = slotsOf(counted, limit, open);
  const asked = new Map(ask.waiting.map((call) => [call.id, call]));
  const called = new Set<string>();
  const late = new Set<string>();
  const waits = new Map<string, { waitMs: number; isInTime: boolean }>();
  let place = 0;
  for (const { id } of inFairOrder(waiting, before.rounds)) {
    const mine = asked.get(id);
    const waitMs = slots(place) - now;
    if (mine && waitMs > mine.leftMs) {
      late.add(id);
      waits.set(id, { waitMs, isInTime: false });
      continue;
    }
    // Turns of others who have not asked yet are left for them.
    place += 1;
    if (mine && waitMs === 0) called.add(id);
    else if (mine) waits.set(id, { waitMs, isInTime: true });
  }
  const left = waiting.filter(({ id }) => !called.has(id) && !late.has(id));
  const free = left.length > 0 || open > now ? 0 : Math.max(0, limit - counted.length - called.size);
  const size = called.size + Math.min(called.size > 0 ? ask.wanted : 0, Math.floor(free / 4));
  const until = now + reservationMs;
  const heard = Object.entries(before.heard).filter(([one]) => left.some((call) => call.replica === one));
  return {
    window: {
      version: 1,
      at: now,
      ahead: now - clock,
      calls,
      leases: size > 0 ? [...leases, { id: ask.lease, until, size }] : leases,
      ...(closed && { closed }),
      waiting: left,
      heard: {
        ...Object.fromEntries(heard),
        ...(left.some((call) => call.replica === replica) && { [replica]: now }),
      },
      rounds: afterTurns(before.rounds, waiting, called),
    },
    answer: { now, size, until, called: [...called], waits, closedUntil: closed?.until ?? 0 },
  };
}

/** What still counts, with what became of turns that were given. */
function settledBy({ calls, leases, closed }: EgressWindow, { ended, turnedAway }: EgressAsk, now: number) {
  const over = new Map(ended.map(({ id, used }) => [id, used]));
  const used = leases.flatMap(({ id, until, size }) =>
    (over.get(id) ?? []).slice(0, size).map((at) => Math.min(at, until)),
  );
  let silence = closed && isRemembered(closed, now) ? closed : undefined;
  for (const { at, askedMs } of turnedAway) silence = closing(silence, { now, at, askedMs });
  return {
    calls: inOrder([...calls, ...used]).filter((at) => at > now - windowMs),
    leases: leases.filter(({ id, until }) => !over.has(id) && until > now - windowMs),
    closed: silence,
  };
}

/** Those of other replicas that are alive, and of this one as it says. */
function waitingNow({ waiting, heard }: EgressWindow, ask: EgressAsk, now: number): WaitingCall[] {
  const known = new Map(waiting.map((call) => [call.id, call]));
  const others = waiting.filter(
    ({ replica }) => replica !== ask.replica && (heard[replica] ?? 0) > now - silenceMs,
  );
  const own = ask.waiting.map(({ id, academy, isBackground, waitedMs }) => ({
    id,
    replica: ask.replica,
    academy,
    isBackground,
    since: known.get(id)?.since ?? now - waitedMs,
  }));
  return [...others, ...own];
}

/** When the first, second … turn from now is free. */
function slotsOf(counted: readonly number[], limit: number, open: number): (place: number) => number {
  const found: number[] = [];
  return (place) => {
    for (let n = found.length; n <= place; n++) {
      const before = n < limit ? counted[counted.length - limit + n] : found[n - limit];
      found.push(Math.max(open, before === undefined ? open : before + windowMs));
    }
    return found[place] ?? open;
  };
}
