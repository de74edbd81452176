/** What a call may be ended by, before and after something of it was sent. */
export interface Ends {
  /** The client's, or at once when the server ends: nothing is lost by it. */
  readonly unsent: AbortSignal;
  /** The client's, or when the server has waited long enough: for what is being written. */
  readonly sent: AbortSignal;
}

export interface Running {
  /** Undefined: the server is ending, and nothing new begins. */
  begin<T>(cancelled: AbortSignal, work: (ends: Ends) => Promise<T>): Promise<T> | undefined;
  /** Whether it is the server's end that ended a call. */
  readonly ending: () => boolean;
  /** Lets writes finish, for a while, and cuts everything else; resolves when nothing runs any more. */
  end(): Promise<void>;
}

/** A write has so long to finish, and then so long to write down that it did not. */
const patienceMs = 10_000;
const lastMs = 3_000;

export function createRunning({
  after,
}: {
  readonly after: (ms: number, then: () => void) => () => void;
}): Running {
  const calls = new Set<Promise<unknown>>();
  const atOnce = new AbortController();
  const late = new AbortController();
  let ended: Promise<void> | undefined;

  async function settle(ms: number): Promise<void> {
    let callOff = () => {};
    const over = new Promise<void>((resolve) => {
      callOff = after(ms, resolve);
    });
    await Promise.race([Promise.allSettled(calls), over]);
    callOff();
  }

  async function end(): Promise<void> {
    atOnce.abort(new Error("the server is ending"));
    await settle(patienceMs);
    late.abort(new Error("the server is ending"));
    await settle(lastMs);
  }

  return {
    begin(cancelled, work) {
      if (ended !== undefined) return undefined;
      const ends = {
        unsent: AbortSignal.any([cancelled, atOnce.signal]),
        sent: AbortSignal.any([cancelled, late.signal]),
      };
      const call = work(ends);
      calls.add(call);
      const gone = () => void calls.delete(call);
      call.then(gone, gone);
      return call;
    },
    ending: () => ended !== undefined,
    end() {
      ended ??= end();
      return ended;
    },
  };
}
