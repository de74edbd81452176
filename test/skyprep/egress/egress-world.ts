import { AsyncLocalStorage } from "node:async_hooks";
import { createEgress, type EgressRow } from "../../../src/skyprep/egress/egress-turns.ts";
import { createRateLimiter } from "../../../src/skyprep/rate-limit/limiter.ts";
import type { Turns } from "../../../src/skyprep/rate-limit/turns.ts";
import { createRequestContext, type RequestContext } from "../../../src/skyprep/request.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { type Clock, createClock } from "../../support/clock.ts";
import { reads, succeeds } from "../../support/shared-minute.ts";

/** A row of nobody's database: what is written can be read, time passes on every way. */
export interface PretendRow {
  content: string | undefined;
  /** By so much the database's clock is off. */
  offMs: number;
  /** Nothing can be asked; or it was done, and nobody hears of it. */
  trouble: "gone" | "unheard" | undefined;
  asked: number;
  /** Milliseconds: there, for the lock, for the work, and back. */
  readonly ways: () => readonly [number, number, number, number];
}

export const pretendRow = (ways: PretendRow["ways"] = () => [0, 0, 0, 0]): PretendRow => ({
  content: undefined,
  offMs: 0,
  trouble: undefined,
  asked: 0,
  ways,
});

/** When a call last asked for its turn. */
const calling = new AsyncLocalStorage<{ asked?: number }>();

/** What waits for the row, first come first served, as the database's lock. */
const queues = new WeakMap<PretendRow, Promise<unknown>>();

export interface ReplicaOptions {
  /** By so much its own clock is off. */
  readonly offMs?: number;
  readonly behind?: Send;
}

/** A call as it came and went, in the time that nobody sets. */
export interface Made {
  readonly academy: string;
  readonly isBackground: boolean;
  readonly replica: number;
  /** When its turn was asked for. */
  readonly asked: number;
  readonly sent: number;
}

/** Computers that call from one address; each has clocks of its own. */
export function createEgressWorld(rowOf: (replica: Replica) => EgressRow, clock: Clock = createClock()) {
  const start = clock.now();
  const made: Made[] = [];
  const replicas: Replica[] = [];
  let names = 0;

  function born({ offMs = 0, behind = succeeds }: ReplicaOptions = {}): Replica {
    const number = replicas.length;
    let dead = false;
    const pace = {
      now: () => clock.now() + replica.offMs,
      gone: () => clock.now() - start,
      after: (ms: number, then: () => void) => clock.after(ms, () => dead || then()),
      pause: async (ms: number, signal?: AbortSignal) => {
        await clock.pause(ms, signal);
        if (dead) await new Promise(() => {});
      },
    };
    const replica: Replica = {
      ...pace,
      offMs,
      isDead: () => dead,
      kill: () => {
        dead = true;
      },
      turns: (academy, callsPerMinute = 100) => egress.turns({ academy, callsPerMinute }),
      academy(name, callsPerMinute) {
        const turns = replica.turns(name, callsPerMinute);
        const send = createRateLimiter({
          turns: {
            ...turns,
            take: (...of) => {
              Object.assign(calling.getStore() ?? {}, { asked: clock.now() });
              return turns.take(...of);
            },
          },
          reads,
          ...pace,
        })(async (request, stop, own) => {
          if (dead) await new Promise(() => {});
          const { isBackground = false } = own ?? {};
          const sent = clock.now();
          made.push({
            academy: name,
            isBackground,
            replica: number,
            asked: calling.getStore()?.asked ?? sent,
            sent,
          });
          return behind(request, stop, own);
        });
        return (
          context = createRequestContext(),
          signal = new AbortController().signal,
          route = "get_users",
        ) => calling.run({}, () => send({ route, headers: {}, body: "" }, signal, context));
      },
    };
    // The row of a replica that is dead hears of it no more.
    const row = rowOf(replica);
    const egress = createEgress({
      ...pace,
      row: { change: async (work) => (dead ? new Promise(() => {}) : row.change(work)) },
      random: () => `n${names++}`,
    });
    replicas.push(replica);
    return replica;
  }

  return { clock, start, made, born, replicas };
}

export interface Replica {
  offMs: number;
  readonly now: () => number;
  readonly gone: () => number;
  readonly isDead: () => boolean;
  readonly kill: () => void;
  readonly turns: (academy: string, callsPerMinute?: number) => Turns;
  readonly academy: (
    name: string,
    callsPerMinute?: number,
  ) => (context?: RequestContext, signal?: AbortSignal, route?: string) => Promise<unknown>;
}

/** The way of a replica to a row that only pretends. */
export const wayTo =
  (row: PretendRow, clock: Clock) =>
  (replica: Pick<Replica, "now" | "gone" | "isDead">): EgressRow => ({
    async change(work) {
      const [there, locked, working, back] = row.ways();
      const wait = (ms: number) => (ms > 0 ? clock.pause(ms) : undefined);
      row.asked += 1;
      const seen = { now: replica.now(), gone: replica.gone() };
      await wait(there);
      if (row.trouble === "gone") return undefined;
      const mine = (queues.get(row) ?? Promise.resolve()).then(async () => {
        await wait(locked);
        const at = Math.floor(clock.now() + row.offMs);
        await wait(working);
        // Whoever dies with the lock has written nothing.
        if (replica.isDead()) return undefined;
        const kept = row.content === undefined ? undefined : JSON.parse(row.content);
        const done = work(kept, at, seen);
        row.content = JSON.stringify(done.kept);
        return done;
      });
      queues.set(
        row,
        mine.catch(() => {}),
      );
      const done = await mine;
      await wait(back);
      return row.trouble === "unheard" || done === undefined ? undefined : { result: done.result };
    },
  });

/** With a row that only pretends. */
export function pretendWorld(ways?: PretendRow["ways"]) {
  const clock = createClock();
  const row = pretendRow(ways);
  return { row, ...createEgressWorld(wayTo(row, clock), clock) };
}
