import { createRateLimiter } from "../../src/skyprep/rate-limit/limiter.ts";
import { createTurns } from "../../src/skyprep/rate-limit/turns.ts";
import { createRequestContext, type RequestContext } from "../../src/skyprep/request.ts";
import type { Send } from "../../src/skyprep/send.ts";
import type { SmallFile } from "../../src/state/ports.ts";
import type { Clock } from "./clock.ts";

export interface Disk {
  text: string | undefined;
  /** Thrown instead of reading or writing. */
  unreadable: Error | undefined;
  unwritable: Error | undefined;
  reads: number;
  writes: number;
  readonly file: SmallFile;
  readonly withLock: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A disk of one file, and a lock that lets in whoever came first. */
export function createDisk(initial?: string): Disk {
  let last: Promise<unknown> = Promise.resolve();
  const disk: Disk = {
    text: initial,
    unreadable: undefined,
    unwritable: undefined,
    reads: 0,
    writes: 0,
    file: {
      read: async () => {
        disk.reads += 1;
        if (disk.unreadable) throw disk.unreadable;
        return disk.text;
      },
      write: async (text) => {
        disk.writes += 1;
        if (disk.unwritable) throw disk.unwritable;
        disk.text = text;
      },
    },
    withLock: (work) => {
      const done = last.then(work, work);
      last = done.catch(() => {});
      return done;
    },
  };
  return disk;
}

export const reads: ReadonlySet<string> = new Set(["get_users", "get_course"]);
const ok = { status: 200, contentType: "", body: new Uint8Array() };
export const succeeds: Send = async () => ok;

/** One process of ours: its turns, its pace, and when its calls reached SkyPrep. */
export function createProcess(
  clock: Clock,
  disk: Disk,
  { callsPerMinute = 100, behind = succeeds }: { callsPerMinute?: number; behind?: Send } = {},
) {
  const troubles: unknown[] = [];
  const began: number[] = [];
  let dead = false;
  const own = {
    now: clock.now,
    after: (ms: number, then: () => void) => clock.after(ms, () => dead || then()),
    pause: async (ms: number, signal?: AbortSignal) => {
      await clock.pause(ms, signal);
      if (dead) await new Promise(() => {});
    },
  };
  const turns = createTurns({
    file: disk.file,
    withLock: disk.withLock,
    callsPerMinute,
    ...own,
    onTrouble: (error) => troubles.push(error),
  });
  const send = createRateLimiter({ turns, reads, ...own })(async (request, signal, context) => {
    began.push(clock.now());
    return behind(request, signal, context);
  });
  return {
    turns,
    troubles,
    /** Epoch milliseconds. */
    began,
    /** Nothing it meant to do later is done. */
    kill: () => {
      dead = true;
    },
    call: (
      route = "get_users",
      context: RequestContext = createRequestContext(),
      signal = new AbortController().signal,
    ) => send({ route, headers: {}, body: "" }, signal, context),
  };
}

/** The most of these instants that lie in one minute, or in so many milliseconds. */
export function mostInAMinute(instants: readonly number[], windowMs = 60_000): number {
  const sorted = [...instants].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** So many times the same. */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
