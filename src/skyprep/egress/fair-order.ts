import { z } from "zod";

/** A call that waits for its turn, as every replica sees it. */
export const WaitingCall = z.object({
  id: z.string(),
  /** The server that it came to. */
  replica: z.string(),
  academy: z.string(),
  isBackground: z.boolean(),
  /** Milliseconds of the egress's own time. */
  since: z.number(),
});
export type WaitingCall = z.output<typeof WaitingCall>;

/**
 * Rounds in which each academy that waits has one turn. `next`: the round of an academy's next turn, where that is later
 * than `round`, in which whoever comes now begins.
 */
export const Rounds = z.object({ round: z.number(), next: z.record(z.string(), z.number()) });
export type Rounds = z.output<typeof Rounds>;

export const FairRounds = z.object({ persons: Rounds, background: Rounds });
export type FairRounds = z.output<typeof FairRounds>;

export const noRounds: FairRounds = {
  persons: { round: 0, next: {} },
  background: { round: 0, next: {} },
};

/** In this order turns are given: those of persons first, one for each academy in a round, and in it who came first. */
export function inFairOrder(
  waiting: readonly WaitingCall[],
  { persons, background }: FairRounds,
): WaitingCall[] {
  const of = (isBackground: boolean) => waiting.filter((call) => call.isBackground === isBackground);
  return [...ordered(of(false), persons), ...ordered(of(true), background)].map(({ call }) => call);
}

interface Placed {
  readonly call: WaitingCall;
  readonly round: number;
}

const byArrival = (a: WaitingCall, b: WaitingCall): number =>
  a.since - b.since || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function ordered(waiting: readonly WaitingCall[], { round, next }: Rounds): Placed[] {
  const rounds = new Map<string, number>();
  return waiting
    .toSorted(byArrival)
    .map((call) => {
      const mine = rounds.get(call.academy) ?? Math.max(round, next[call.academy] ?? round);
      rounds.set(call.academy, mine + 1);
      return { call, round: mine };
    })
    .sort((a, b) => a.round - b.round || byArrival(a.call, b.call));
}

/** After these of all that waited had their turns. What waits on waits no longer for it. */
export function afterTurns(
  rounds: FairRounds,
  waiting: readonly WaitingCall[],
  called: ReadonlySet<string>,
): FairRounds {
  const of = (isBackground: boolean) => waiting.filter((call) => call.isBackground === isBackground);
  return {
    persons: advanced(rounds.persons, of(false), called),
    background: advanced(rounds.background, of(true), called),
  };
}

function advanced(before: Rounds, waiting: readonly WaitingCall[], called: ReadonlySet<string>): Rounds {
  const placed = ordered(waiting, before);
  const had = placed.filter(({ call }) => called.has(call.id));
  if (had.length === 0) return before;
  const next = new Map(Object.entries(before.next));
  for (const { call } of had)
    next.set(call.academy, Math.max(before.round, next.get(call.academy) ?? before.round) + 1);
  // Not past anybody who waits: their replica may only not have asked yet.
  const left = placed.filter(({ call }) => !called.has(call.id));
  const round = left[0]?.round ?? had.at(-1)?.round ?? before.round;
  return { round, next: Object.fromEntries([...next].filter(([, its]) => its > round)) };
}
