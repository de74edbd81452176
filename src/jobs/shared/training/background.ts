import { Missing, Unread } from "../../../academy/reads.ts";
import type { Turns } from "../../../skyprep/rate-limit/turns.ts";
import { LockTaken } from "../../../state/files/lock.ts";
import { cleanText } from "../../../text/clean-text.ts";
import type { JobWorld } from "../../job.ts";

/** Reads on while nobody waits, one page at a time. */
export interface Background {
  has(key: string): boolean;
  /** `step` until it says that there is no more. */
  begin(key: string, step: (signal: AbortSignal) => Promise<boolean>): void;
  /** Why it stopped; whoever is told has been told, and may begin it again. */
  stopped(key: string): string | undefined;
}

/**
 * Of SkyPrep's hundred a minute; the others are for people. A few less than the sixty it may be: a call may come
 * some seconds after its turn, where another process is just reading.
 */
export const callsAMinute = 57;
const apartMs = 1_000;
/** Another process is at it. */
const yieldMs = 5_000;

export function createBackground(
  { after, background, now }: Pick<JobWorld, "after" | "background" | "now">,
  turns: Turns,
): Background {
  const tasks = new Map<string, (signal: AbortSignal) => Promise<boolean>>();
  const stopped = new Map<string, string>();
  let armed = false;

  function arm(ms: number): void {
    if (armed || tasks.size === 0) return;
    armed = true;
    after(ms, () => void take());
  }

  async function take(): Promise<void> {
    const { waitMs } = await turns.take(Number.POSITIVE_INFINITY);
    if (waitMs > 0) after(waitMs, () => void go());
    else await go();
  }

  async function go(): Promise<void> {
    armed = false;
    const began = now();
    const [first] = tasks;
    if (first === undefined) return;
    const [key, step] = first;
    let wait = apartMs;
    try {
      const going = background(step);
      // The server is ending.
      if (going === undefined) return tasks.clear();
      if (!(await going)) tasks.delete(key);
    } catch (error) {
      if (error instanceof LockTaken) wait = yieldMs;
      else {
        tasks.delete(key);
        stopped.set(key, wordsOf(error));
      }
    }
    arm(Math.max(0, wait - Math.max(0, now() - began)));
  }

  return {
    has: (key) => tasks.has(key),
    begin(key, step) {
      stopped.delete(key);
      if (!tasks.has(key)) tasks.set(key, step);
      arm(apartMs);
    },
    stopped(key) {
      const why = stopped.get(key);
      stopped.delete(key);
      return why;
    },
  };
}

/** A defect of ours in the background has nobody to fly to: it is told like the rest. */
function wordsOf(error: unknown): string {
  if (error instanceof Unread) return `SkyPrep could not be read: ${cleanText(error.message)}`;
  if (error instanceof Missing) return "SkyPrep does not show these records any more";
  return `it met an error: ${cleanText(error instanceof Error ? error.message : String(error)).slice(0, 200)}`;
}
