import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { enoughOfARefusal, gather, isUnpacked, tooLarge } from "./body.ts";

/** What came back, its body whole and unpacked. */
export interface Arrived {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}
type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface Exchange {
  readonly signal: AbortSignal;
  /** Bytes the answer may have. */
  readonly largest: number;
  /** Told when the answer begins: calls what is to be called when it does not end. */
  readonly begun: (giveUp: () => void) => void;
}

/**
 * One request and its whole answer. As undici's own `request`, less the stream between the two, which costs an answer
 * of a few lines as much as all else that is done for it here; what is packed goes through one all the same.
 * Rejects with `Unreadable`, on a good status only, or with what ended the connection.
 */
export function exchange(
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal, largest, begun }: Exchange,
): Promise<Arrived> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: { readonly statusCode: number; readonly headers: Headers } | undefined;
    let packed: Readable | undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    let isOver = false;

    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      signal.removeEventListener("abort", cancelled);
      return true;
    };
    const give = ({ statusCode, headers }: NonNullable<typeof head>, body: Uint8Array) => {
      if (over()) resolve({ statusCode, headers, body });
    };
    const whole = () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    const fail = (error: unknown) => {
      if (over()) reject(error);
    };
    /** A connection with an answer half read is of no use any more. */
    const cut = (error: Error) => {
      if (packed) packed.destroy(error);
      else controller?.abort(error);
    };
    const cancelled = () => {
      const { reason } = signal;
      // Also where it waits for a connection: it is called off when it gets one.
      fail(reason);
      cut(reason instanceof Error ? reason : new Error("cancelled"));
    };

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(own) {
        controller = own;
        if (isOver) own.abort(new Error("cancelled"));
      },
      onResponseStart(own, statusCode, headers) {
        if (statusCode < 200) return;
        head = { statusCode, headers };
        begun(() => cut(new Error("given up")));
        if (isUnpacked(headers)) return;
        packed = new Readable({
          read: () => own.resume(),
          destroy(error, done) {
            if (!this.readableEnded) own.abort(error ?? new Error("given up"));
            done(error);
          },
        });
        const { statusCode: status } = head;
        gather({ statusCode: status, headers, body: packed }, largest).then(
          (body) => give({ statusCode: status, headers }, body),
          fail,
        );
      },
      onResponseData(own, chunk) {
        if (packed) {
          if (!packed.push(chunk)) own.pause();
          return;
        }
        if (isOver || head === undefined) return;
        size += chunk.length;
        if (!isGood(head.statusCode) && size > enoughOfARefusal) {
          give(head, whole());
          cut(new Error("enough"));
        } else if (size > largest) {
          fail(tooLarge(largest));
          cut(new Error("too large"));
        } else chunks.push(chunk);
      },
      onResponseEnd() {
        if (packed) packed.push(null);
        else if (head) give(head, whole());
      },
      onResponseError(_, error) {
        if (packed) packed.destroy(error);
        // A status that says no stands, whatever becomes of its words.
        else if (head && !isGood(head.statusCode)) give(head, whole());
        else fail(error);
      },
    };
    signal.addEventListener("abort", cancelled, { once: true });
    agent.dispatch(request, handler);
  });
}

const isGood = (statusCode: number): boolean => statusCode >= 200 && statusCode < 300;
