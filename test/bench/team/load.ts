import { setTimeout as sleep } from "node:timers/promises";
import { at } from "../figures.ts";
import { type Clients, type Era, list, person } from "./clients.ts";

type Work = () => Promise<unknown>;

/** As fast as answers come, so many waiting at a time; answers a second. */
export async function saturated(work: Work, atOnce: number, ms: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  const worker = async () => {
    while (performance.now() - began < ms) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (done / (performance.now() - began)) * 1_000;
}

/** So many a second, whether the last was answered or not, at moments nobody arranged; milliseconds of each. */
export async function steadily(
  work: Work,
  {
    perSecond,
    ms,
    random,
  }: { readonly perSecond: number; readonly ms: number; readonly random: () => number },
): Promise<number[]> {
  const took: number[] = [];
  const running: Promise<void>[] = [];
  const one = async () => {
    const sent = performance.now();
    await work();
    took.push(performance.now() - sent);
  };
  const began = performance.now();
  let due = 0;
  while (due < ms) {
    const early = began + due - performance.now();
    if (early > 0) await sleep(early);
    running.push(one());
    due += (-Math.log(1 - random()) / perSecond) * 1_000;
  }
  await Promise.all(running);
  return took;
}

export interface Seen {
  /** Answers a second, of each turn. */
  readonly rate: number[];
  /** Milliseconds at a steady rate, of each turn. */
  readonly half: number[];
  readonly late: number[];
  /** `tools/list` one after the other, milliseconds of each. */
  readonly listed: number[];
}
export interface Pair<T> {
  readonly ours: T;
  readonly minimal: T;
}

export interface Loading {
  readonly era: Era;
  readonly turns: number;
  readonly perSecond: number;
  readonly saturatedMs: number;
  readonly steadyMs: number;
  readonly random: () => number;
}

const seen = (): Seen => ({ rate: [], half: [], late: [], listed: [] });
const atOnce = 64;
const lists = 20;

/** Both in turns, so that whatever else runs here disturbs both alike. */
export async function underLoad(
  clients: Pair<Clients>,
  { era, turns, perSecond, saturatedMs, steadyMs, random }: Loading,
): Promise<Pair<Seen>> {
  const both = { ours: seen(), minimal: seen() };
  for (let turn = 0; turn < turns; turn++) {
    const order = turn % 2 === 0 ? (["minimal", "ours"] as const) : (["ours", "minimal"] as const);
    for (const which of order)
      both[which].rate.push(
        await saturated(
          () => clients[which].ask(era, person),
          Math.min(atOnce, clients[which].count),
          saturatedMs,
        ),
      );
    for (const which of order) {
      const took = await steadily(() => clients[which].ask(era, person), { perSecond, ms: steadyMs, random });
      both[which].half.push(at(took, 0.5));
      both[which].late.push(at(took, 0.99));
    }
    for (const which of order)
      for (let n = 0; n < lists; n++) {
        const began = performance.now();
        await clients[which].ask(era, list);
        both[which].listed.push(performance.now() - began);
      }
  }
  return both;
}

/** Not counted: code that ran a few times only is slow in its own way. */
export async function warmUp(clients: Pair<Clients>, calls: number): Promise<void> {
  for (const one of [clients.minimal, clients.ours])
    for (const era of ["2026", "2025"] as const) {
      let left = calls;
      const worker = async () => {
        while (left-- > 0) await one.ask(era, person);
      };
      await Promise.all(Array.from({ length: Math.min(16, one.count) }, worker));
      for (let n = 0; n < lists; n++) await one.ask(era, list);
    }
}
