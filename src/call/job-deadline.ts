import type { Asker } from "../guard/channels/approval-channels.ts";
import { worthStartingMs } from "../skyprep/request-context.ts";

/** What a job may take of the caller's time. A person's time is not counted, as in any call (contract §2). */
export interface JobDeadline {
  /** Epoch milliseconds: no read of a step that could not be over by then is begun. Endless until there are steps. */
  readonly deadline: () => number;
  /** For the step that is begun now; undefined: too little to send it. */
  readonly forStep: () => number | undefined;
  /** Why no further step is begun, in a sentence; undefined: there is time for one. */
  readonly late: () => string | undefined;
  /** Puts the job's question; after it, the steps begin. */
  readonly asking: <T>(asker: Asker, ask: (asker: Asker) => Promise<T>) => Promise<T>;
}

/** A step that was begun may take so much of the whole; and steps get so much of it, however long the reading took. */
const lastPart = 5;
const leastPart = 2;

export function createJobDeadline(timeoutMs: number, now: () => number): JobDeadline {
  const began = now();
  let persons = 0;
  let asking = false;
  /** When the steps began, and what they have. */
  let steps: { readonly began: number; readonly have: number } | undefined;
  let sent = false;
  let longest = 0;
  let last: number | undefined;

  const left = ({ began, have } = steps ?? { began: now(), have: timeoutMs }) => have - (now() - began);
  const words = `This call's own time is over (${timeoutMs / 1000} s, SKYPREP_TIMEOUT).`;

  return {
    deadline: () => (steps === undefined || asking ? Number.POSITIVE_INFINITY : now() + left()),
    forStep() {
      const isFirst = !sent;
      sent = true;
      const ms = isFirst ? Math.max(left(), timeoutMs / leastPart) : left();
      return ms < Math.min(worthStartingMs, timeoutMs / lastPart) ? undefined : ms;
    },
    late() {
      const since = now();
      const before = last;
      last = since;
      // One at least: a call that only looked would do so again when it is repeated.
      if (steps === undefined || before === undefined) return undefined;
      longest = Math.max(longest, since - before);
      return left() < Math.max(timeoutMs / lastPart, longest) ? words : undefined;
    },
    async asking(asker, ask) {
      const since = now();
      let waited = false;
      asking = true;
      try {
        return await ask({
          ...asker,
          tell: (text) => {
            waited = true;
            asker.tell(text);
          },
        });
      } finally {
        asking = false;
        if (waited) persons += now() - since;
        const have = Math.max(timeoutMs - (now() - began - persons), timeoutMs / leastPart);
        steps = { began: now(), have };
        last = undefined;
      }
    },
  };
}
