import { setTimeout as sleep } from "node:timers/promises";
import type { Incoming } from "../../../src/skyprep/send.ts";

/** When a replica is killed, seen from the work that somebody gave it. */
export const moments = [
  "between question and answer",
  "between answer and write",
  "in the transaction that keeps the answer",
  "in the transaction of yes, budget and intent",
  "between intent and write, which was lost",
  "between intent and outcome",
  "in the transaction of the outcome",
  "after the academy's answer",
  "anywhere",
] as const;
export type Moment = (typeof moments)[number];

export interface AimWorld {
  readonly moment: Moment;
  readonly random: () => number;
  /** At which of its writes, counted from 1; where it comes to that. */
  readonly nth: number;
  /** Ends whoever works on it, at once; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /**
   * Lets nobody add a line to the academy's journal until `free` is called. `waits` resolves when somebody wants to, or
   * when nobody will, for it is over.
   */
  readonly hold: (
    isOver: () => boolean,
  ) => Promise<{ readonly waits: Promise<void>; readonly free: () => Promise<void> }>;
}

/** Kills once, at its moment. */
export function createAim({ moment, random, nth, kill, hold }: AimWorld) {
  let isFired = false;
  let isOver = false;
  let isAnswered = false;
  let writes = 0;
  const done: Promise<void>[] = [];
  async function fire(): Promise<void> {
    if (isFired) return;
    isFired = true;
    await kill();
  }
  async function fireInTransaction(): Promise<void> {
    if (isFired) return;
    isFired = true;
    const { waits, free } = await hold(() => isOver);
    // Not awaited: what comes now has to go on until it comes to the line.
    done.push(waits.then(kill).finally(free));
  }
  const soon = (ms: number) => void done.push(sleep(random() * ms).then(fire));

  return {
    isFired: () => isFired,
    /** The call is about to be made. */
    began() {
      if (moment === "anywhere") soon(400);
    },
    /** A person sees a question, and answers when this resolves. */
    async asked(): Promise<void> {
      if (moment === "between question and answer") await fire();
      if (moment === "in the transaction that keeps the answer") await fireInTransaction();
      if (moment === "between answer and write" && random() < 0.5) soon(30);
      isAnswered = true;
    },
    /** A read came; answered when this resolves. */
    async read(): Promise<void> {
      if (!isAnswered) return;
      if (moment === "between answer and write") await fire();
      if (moment === "in the transaction of yes, budget and intent") await fireInTransaction();
    },
    /** A write came. `undefined`: it never arrived. */
    async write(answer: () => Promise<Incoming>): Promise<Incoming | undefined> {
      writes += 1;
      if (writes < nth || isFired) return answer();
      if (moment === "between intent and write, which was lost") {
        await fire();
        return undefined;
      }
      if (moment === "between intent and outcome") {
        if (random() < 0.5) {
          await fire();
          return answer();
        }
        const answered = await answer();
        await fire();
        return answered;
      }
      const answered = await answer();
      if (moment === "in the transaction of the outcome") await fireInTransaction();
      if (moment === "after the academy's answer") soon(25);
      return answered;
    },
    /** The first call is over, however: whoever was not killed yet is, and what was begun is over. */
    async over(): Promise<void> {
      isOver = true;
      await fire();
      await Promise.all(done);
    },
  };
}
export type Aim = ReturnType<typeof createAim>;
