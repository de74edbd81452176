import { AsyncResource } from "node:async_hooks";
import { createAppetite, reservationMs } from "../rate-limit/reservations.ts";
import { type Turn, windowMs } from "../rate-limit/shared-window.ts";
import type { TurnAsked, Turns } from "../rate-limit/turns.ts";
import { createEgressLease, type EgressLease, type SeenTime } from "./egress-lease.ts";
import {
  askEgress,
  type EgressAnswer,
  type EgressAsk,
  EgressWindow,
  emptyEgress,
  usedUpEgress,
} from "./egress-window.ts";

/** Where the window of one address stands for all replicas. */
export interface EgressRow {
  /**
   * Alone among all: what stands there, undefined for nothing yet, and the database's clock, made what the work says.
   * The work may run again where nothing of it was kept.
   * @returns undefined where it cannot be used now
   */
  change<T>(
    work: (kept: unknown, clock: number, seen: SeenTime) => { readonly kept: unknown; readonly result: T },
  ): Promise<{ readonly result: T } | undefined>;
}

export interface EgressWorld {
  readonly row: EgressRow;
  /** Epoch milliseconds, and maybe minutes off. */
  readonly now: () => number;
  /** Milliseconds that only ever grow. */
  readonly gone: () => number;
  /** Calls back once, unless called off. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly random: () => string;
}

export interface AcademyPace {
  readonly academy: string;
  /** A function where it may turn out to be fewer. */
  readonly callsPerMinute: number | (() => number);
}

/** One address that SkyPrep counts the calls of, as this replica calls from it. */
export interface Egress {
  turns(of: AcademyPace): Turns;
}

interface Waiter {
  readonly academy: string;
  readonly isBackground: boolean;
  readonly limit: () => number;
  /** Of what has gone by. */
  readonly since: number;
  readonly until: number;
  /** It has its turn, or none; or has to wait on, and hears of that once. */
  readonly hear: (turn: Turn) => void;
  readonly fail: (error: unknown) => void;
}

/** `heard`: a moment after the window's time was read, as `gone` is one before. */
interface HeardTime extends SeenTime {
  readonly heard: number;
}

interface Asked {
  readonly ask: EgressAsk;
  readonly seen: HeardTime;
  readonly answer: EgressAnswer;
}

/** What SkyPrep publishes (skyprep-api §3.6): nobody's setting makes it more for those who share an address. */
const mostCalls = 100;
const backgroundAtOnce = 1;
/** Who waits is heard of so often. */
const beatMs = 2_000;
const soonestMs = 5;
const troubleMs = 10_000;
const uncounted = "The database that counts the team's calls cannot be used now";

/**
 * Turns of all replicas and academies behind one address. Of all calls here that wait one ask speaks at a time; nobody
 * calls without a turn that was counted before.
 */
export function createEgress({ row, now, gone, after, random }: EgressWorld): Egress {
  const replica = random();
  /** An ask is nobody's call alone, and stands in nobody's transaction: that could take back what was counted. */
  const apart = new AsyncResource("Egress");
  const waiting = new Map<string, Waiter>();
  /** Leases used no further that the window does not know of yet. */
  const ended = new Map<string, EgressLease>();
  const turnedAway = new Set<{ readonly at: number; readonly askedMs: number }>();
  const appetite = createAppetite();
  let lease: EgressLease | undefined;
  let last: (HeardTime & { readonly is: number; readonly closedUntil: number }) | undefined;
  let isTroubled = false;
  let isAsking = false;
  let again = false;
  let callOff = () => {};

  function ask(): void {
    again = true;
    if (isAsking) return;
    isAsking = true;
    callOff();
    apart.runInAsyncScope(() => void askOn());
  }

  async function askOn(): Promise<void> {
    while (again) {
      again = false;
      try {
        await askOnce();
      } catch (error) {
        // A bug is whose call meets it.
        for (const id of [...waiting.keys()]) leave(id)?.fail(error);
      }
    }
    isAsking = false;
    if (waiting.size > 0) callOff = after(Math.min(beatMs, Math.max(soonestMs, nextMs)), ask);
    else if (lease && lease.spare() > 0) callOff = after(reservationMs, ask);
  }
  let nextMs = beatMs;

  async function askOnce(): Promise<void> {
    const usedUp = endLease();
    // Of turns that nobody heard of more would be lost.
    const wanted = waiting.size > 0 && !isTroubled ? appetite(gone(), usedUp) - 1 : 0;
    const name = random();
    const done = await row.change<Asked>((kept, clock, seen) => {
      const at = gone();
      const ask = asking({ at, clock, seen, wanted, name });
      const { window, answer } = askEgress(read(kept, ask), ask);
      return { kept: window, result: { ask, answer, seen: { ...seen, heard: at } } };
    });
    isTroubled = done === undefined;
    if (done) apply(done.result);
    else for (const id of [...waiting.keys()]) refuse(id, { waitMs: troubleMs, why: uncounted });
  }

  function asking({
    at,
    clock,
    seen,
    wanted,
    name,
  }: {
    readonly at: number;
    readonly clock: number;
    readonly seen: SeenTime;
    readonly wanted: number;
    readonly name: string;
  }): EgressAsk {
    return {
      clock,
      between: between(seen, at),
      replica,
      limit: Math.max(1, Math.min(mostCalls, ...[...waiting.values()].map(({ limit }) => limit()))),
      waiting: [...waiting].map(([id, { academy, isBackground, since, until }]) => ({
        id,
        academy,
        isBackground,
        waitedMs: at - since,
        leftMs: until - at,
      })),
      wanted,
      ended: [...ended.values()].map(({ id, used }) => ({ id, used: used() })),
      turnedAway: [...turnedAway],
      lease: name,
    };
  }

  /** Where this computer slept meanwhile it is later than both, and to take it for earlier is safe. */
  const between = (seen: SeenTime, heard: number): readonly [number, number] =>
    last === undefined
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [last.is + seen.gone - last.heard, last.is + heard - last.gone];

  function apply({ ask, seen, answer }: Asked): void {
    const { size, until, called, waits } = answer;
    last = { ...seen, is: answer.now, closedUntil: answer.closedUntil };
    for (const { id } of ask.ended) ended.delete(id);
    for (const one of ask.turnedAway) turnedAway.delete(one);
    if (size > 0)
      lease = createEgressLease({ id: ask.lease, from: answer.now, until, size }, seen, { now, gone });
    for (const id of called) {
      const turn = waiting.has(id) ? lease?.use() : undefined;
      if (turn) leave(id)?.hear(turn);
      // It came too late to be used.
      else if (waiting.has(id)) again = true;
    }
    nextMs = beatMs;
    for (const [id, { waitMs, isInTime }] of waits) {
      if (!isInTime) refuse(id, { waitMs });
      else {
        nextMs = Math.min(nextMs, waitMs);
        waiting.get(id)?.hear({ at: answer.now + waitMs, waitMs, taken: true });
      }
    }
  }

  const leave = (id: string): Waiter | undefined => {
    const waiter = waiting.get(id);
    waiting.delete(id);
    return waiter;
  };

  function refuse(id: string, why: { readonly waitMs: number; readonly why?: string }): void {
    leave(id)?.hear({ at: 0, taken: false, ...why });
  }

  /** No turn of it is used from here on. Gives whether all of them were. */
  function endLease(): boolean {
    const over = lease;
    lease = undefined;
    if (over === undefined) return true;
    ended.set(over.id, over);
    // Long over: what the window says of them is no more than true, or forgotten.
    for (const [id, { since }] of ended) if (gone() - since > 2 * windowMs) ended.delete(id);
    return over.spare() === 0;
  }

  function take(
    { academy, callsPerMinute }: AcademyPace,
    latest: number,
    isBackground: boolean,
  ): Promise<Turn> {
    const id = random();
    const at = gone();
    const leftMs = latest - now();
    return new Promise((first, reject) => {
      let over: ((turn: Turn) => void) | undefined;
      let fail = reject;
      let stop = () => {};
      const hear = (turn: Turn) => {
        if (turn.taken && turn.waitMs > 0) {
          if (over) return;
          const coming = new Promise<Turn>((resolve, failed) => {
            over = resolve;
            fail = failed;
          });
          coming.catch(() => {});
          first({ ...turn, waiting: { turn: coming, leave: () => gaveUp(id, coming) } });
          return;
        }
        stop();
        (over ?? first)(turn);
      };
      waiting.set(id, {
        academy,
        isBackground,
        limit: () => (typeof callsPerMinute === "number" ? callsPerMinute : callsPerMinute()),
        since: at,
        until: at + leftMs,
        hear,
        fail: (error) => {
          stop();
          fail(error);
        },
      });
      // Where the database is slow to say so, too.
      if (Number.isFinite(leftMs))
        stop = after(Math.max(0, leftMs) + soonestMs, () =>
          refuse(id, { waitMs: troubleMs, why: uncounted }),
        );
      ask();
    });
  }

  /** Their place is free at once. */
  function gaveUp(id: string, coming: Promise<Turn>): void {
    if (waiting.has(id)) {
      refuse(id, { waitMs: 0 });
      ask();
    } else void coming.then(({ taken, at }) => (taken ? giveBack(at) : undefined)).catch(() => {});
  }

  function giveBack(at: number): void {
    for (const one of [lease, ...ended.values()]) if (one?.back(at)) return;
  }

  return {
    turns: (of) => ({
      backgroundAtOnce,
      kept: (latest) => (waiting.size === 0 && now() <= latest ? lease?.use() : undefined),
      take: (latest, { isBackground = false }: TurnAsked = {}) => take(of, latest, isBackground),
      giveBack: async (at) => giveBack(at),
      async turnedAway(at, askedMs) {
        turnedAway.add({ at, askedMs });
        ask();
      },
      closedMs: async () =>
        last === undefined ? 0 : Math.max(0, last.closedUntil - (last.is + gone() - last.gone)),
    }),
  };
}

function read(kept: unknown, { clock, limit }: EgressAsk): EgressWindow {
  if (kept === undefined) return emptyEgress(clock);
  return EgressWindow.safeParse(kept).data ?? usedUpEgress(clock, limit);
}
