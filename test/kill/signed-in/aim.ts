import { setTimeout as sleep } from "node:timers/promises";
import type { Incoming } from "../../../src/skyprep/send.ts";
import type { hold } from "../team/hold.ts";

/** When a replica is killed, seen from a person who signs in, answers, and has a call go on. */
export const moments = [
  "while they are at the identity provider",
  "in the way back, which is used up",
  "signed in, before the answer",
  "in the transaction that notes the answer",
  "in the transaction that keeps the answer",
  "while the answer is on its way",
  "answered, before the call goes on",
  "after the yes was found, before the write",
  "in the transaction of yes, budget and intent",
  "between intent and write, which was lost",
  "between intent and outcome",
  "anywhere",
] as const;
export type PageMoment = (typeof moments)[number];

/** Those in which somebody has to be signing in. */
export const signingIn: ReadonlySet<PageMoment> = new Set<PageMoment>(moments.slice(0, 3));
/** Those that come to no answer but a yes. */
export const afterYes: ReadonlySet<PageMoment> = new Set<PageMoment>(moments.slice(7, 11));

/** Whose work it has in hand: the page's, or the call's. */
export type Whose = "page" | "call" | "anybody";

export interface PageAimWorld {
  readonly moment: PageMoment;
  readonly random: () => number;
  /** At which of its writes, counted from 1; where it comes to that. */
  readonly nth: number;
  /** Ends whoever works on it, at once; resolves when it is gone. */
  readonly kill: (whose: Whose) => Promise<void>;
  readonly hold: (what: "chain" | "questions", isOver: () => boolean) => ReturnType<typeof hold>;
}

/** Kills once, at its moment. */
export function createPageAim({ moment, random, nth, kill, hold }: PageAimWorld) {
  let isFired = false;
  let isOver = false;
  let isAnswered = false;
  let writes = 0;
  const done: Promise<void>[] = [];

  async function fire(whose: Whose): Promise<void> {
    if (isFired) return;
    isFired = true;
    await kill(whose);
  }
  async function fireInTransaction(whose: Whose, what: "chain" | "questions", isPast: () => boolean) {
    if (isFired) return;
    isFired = true;
    const { waits, free } = await hold(what, isPast);
    // Not awaited: what comes now has to go on until it comes to what is held.
    done.push(waits.then(() => kill(whose)).finally(free));
  }
  const soon = (ms: number, whose: Whose) => void done.push(sleep(random() * ms).then(() => fire(whose)));

  return {
    isFired: () => isFired,
    /** The call is about to be made. */
    began() {
      if (moment === "anywhere") soon(1_500, "anybody");
    },
    /** The provider has sent them back, and they have not arrived. */
    async atProvider(): Promise<void> {
      if (moment === "while they are at the identity provider") await fire("page");
    },
    /** A replica has used their way back up, and waits for the provider. */
    async comingBack(): Promise<void> {
      if (moment === "in the way back, which is used up") await fire("page");
    },
    /** They see the question. */
    async shown(): Promise<void> {
      if (moment === "signed in, before the answer") await fire("page");
    },
    /** They are about to send their answer. */
    async answering(): Promise<void> {
      const isPast = () => isAnswered || isOver;
      if (moment === "in the transaction that notes the answer")
        await fireInTransaction("page", "chain", isPast);
      if (moment === "in the transaction that keeps the answer")
        await fireInTransaction("page", "questions", isPast);
      if (moment === "while the answer is on its way") soon(40, "page");
    },
    /** They were told what became of it. */
    async answered(): Promise<void> {
      isAnswered = true;
      if (moment === "answered, before the call goes on") await fire("page");
    },
    /** A read came; answered when this resolves. */
    async read(): Promise<void> {
      if (!isAnswered) return;
      if (moment === "after the yes was found, before the write") await fire("call");
      if (moment === "in the transaction of yes, budget and intent")
        await fireInTransaction("call", "chain", () => isOver);
    },
    /** A write came. `undefined`: it never arrived. */
    async write(answer: () => Promise<Incoming>): Promise<Incoming | undefined> {
      writes += 1;
      if (writes < nth || isFired) return answer();
      if (moment === "between intent and write, which was lost") {
        await fire("call");
        return undefined;
      }
      if (moment !== "between intent and outcome") return answer();
      if (random() < 0.5) {
        await fire("call");
        return answer();
      }
      const answered = await answer();
      await fire("call");
      return answered;
    },
    /** The first try is over, however: whoever was not killed yet is, and what was begun is over. */
    async over(): Promise<void> {
      isOver = true;
      await fire("anybody");
      await Promise.all(done);
    },
  };
}
export type PageAim = ReturnType<typeof createPageAim>;
