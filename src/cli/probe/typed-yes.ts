import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/**
 * Asks at the terminal; only a whole y or yes is one. Whoever closes it or is called off said no.
 * Not in raw mode: Ctrl+C stays a signal, which lets a write that is on its way finish.
 */
export const typedYes =
  ({ stdin, stdout }: { readonly stdin: Readable; readonly stdout: Writable }) =>
  (question: string, signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return Promise.resolve(false);
    stdout.write(`${question} (y/N) `);
    const lines = createInterface({ input: stdin, terminal: false });
    return new Promise<boolean>((resolve) => {
      const stop = () => resolve(false);
      signal.addEventListener("abort", stop, { once: true });
      lines.once("line", (line) => resolve(/^y(es)?$/i.test(line.trim())));
      lines.once("close", stop);
    }).finally(() => lines.close());
  };
