import { Transform, type TransformCallback } from "node:stream";

const newline = 0x0a;

/**
 * Passes whole lines on and drops those longer than `longest` bytes, so that one runaway line costs its
 * sender an answer and not everybody the server: the SDK's reader ends the connection at its limit.
 */
export function boundedLines(longest: number, dropped: (bytes: number) => void): Transform {
  let held: Buffer[] = [];
  let size = 0;
  let skipping = false;

  const take = (stream: Transform, part: Buffer, ended: boolean) => {
    size += part.length;
    if (size > longest) {
      skipping = true;
      held = [];
    }
    if (!skipping) held.push(part);
    if (!ended) return;
    if (skipping) dropped(size);
    else stream.push(Buffer.concat(held));
    held = [];
    size = 0;
    skipping = false;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        take(this, chunk.subarray(start, end + 1), true);
        start = end + 1;
      }
      if (start < chunk.length) take(this, chunk.subarray(start), false);
      done();
    },
  });
}
