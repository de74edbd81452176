import { type LinkedAbort, linkedAbort } from "../skyprep/linked-abort.ts";

/** What a call may be ended by, before and after something of it was sent. */
export interface CancelSignals {
  /** The client's, or at once when the server ends: nothing is lost by it. */
  readonly unsent: AbortSignal;
  /** The client's, or when the server has waited long enough: for what is being written. */
  readonly sent: AbortSignal;
}

export interface InFlight {
  /** Undefined: the server is ending, and nothing new begins. */
  begin<T>(cancelled: AbortSignal, work: (ends: CancelSignals) => Promise<T>): Promise<T> | undefined;
  /** Whether it is the server's end that ended a call. */
  readonly ending: () => boolean;
  /** Lets writes finish, for a while, and cuts everything else; resolves when nothing runs any more. */
  end(): Promise<void>;
}

interface Call {
  readonly unsent: LinkedAbort;
  /** Made when it is asked for: most calls only read. */
  readonly sent: () => LinkedAbort;
  readonly done: Promise<unknown>;
}

/** A write has so long to finish, and then so long to write down that it did not. */
const patienceMs = 10_000;
const lastMs = 3_000;

export function createInFlight({
  after,
}: {
  readonly after: (ms: number, then: () => void) => () => void;
}): InFlight {
  // Each call has controllers of its own: a signal that lives as long as the process would keep a reference to
  // every signal that was ever made of it.
  const calls = new Set<Call>();
  let ended: Promise<void> | undefined;

  async function settle(ms: number): Promise<void> {
    let callOff = () => {};
    const over = new Promise<void>((resolve) => {
      callOff = after(ms, resolve);
    });
    await Promise.race([Promise.allSettled([...calls].map(({ done }) => done)), over]);
    callOff();
  }

  async function end(): Promise<void> {
    for (const { unsent } of calls) unsent.abort(new Error("the server is ending"));
    await settle(patienceMs);
    for (const { sent } of calls) sent().abort(new Error("the server is ending"));
    await settle(lastMs);
  }

  return {
    begin(cancelled, work) {
      if (ended !== undefined) return undefined;
      const unsent = linkedAbort(cancelled);
      let made: LinkedAbort | undefined;
      const sent = () => {
        made ??= linkedAbort(cancelled);
        return made;
      };
      const done = work({
        unsent: unsent.signal,
        get sent() {
          return sent().signal;
        },
      });
      const call = { unsent, sent, done };
      calls.add(call);
      const gone = () => {
        calls.delete(call);
        unsent.leave();
        made?.leave();
      };
      done.then(gone, gone);
      return done;
    },
    ending: () => ended !== undefined,
    end() {
      ended ??= end();
      return ended;
    },
  };
}
