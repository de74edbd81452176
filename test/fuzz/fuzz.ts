import fc from "fast-check";
import type { Target } from "./targets.ts";

export interface Fuzzed {
  readonly inputs: number;
  readonly slowestMs: number;
}

/** An input that takes longer hangs whoever waits for it. */
const hangMs = 1_000;

/** Half of the inputs are spoilt good ones, half are fast-check's own, shrunk where one does harm. */
export function fuzz({ seeds, take }: Target, inputs: number, random: () => number): Fuzzed {
  let slowestMs = 0;
  const timed = (input: Buffer, pick: number) => {
    const began = performance.now();
    take(input, pick);
    const ms = performance.now() - began;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > hangMs) throw new Error(`took ${Math.round(ms)} ms`);
  };
  const below = (n: number) => Math.floor(random() * n);
  const spoilt = Math.floor(inputs / 2);
  for (let n = 0; n < spoilt; n++) {
    const input = spoil(Buffer.from(seeds[below(seeds.length)] ?? ""), below, seeds);
    try {
      timed(input, below(2 ** 30));
    } catch (error) {
      throw new Error(`input ${JSON.stringify(input.toString("latin1"))}`, { cause: error });
    }
  }
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one)),
    fc.string({ unit: "binary", maxLength: 200 }).map((one) => Buffer.from(one)),
    fc.json({ maxDepth: 6 }).map((one) => Buffer.from(one)),
  );
  fc.assert(fc.property(bytes, fc.nat(), timed), { numRuns: inputs - spoilt, seed: below(2 ** 31) });
  return { inputs, slowestMs };
}

const telling = [
  '"',
  ",",
  "\n",
  "\r",
  "{",
  "}",
  "[",
  "]",
  "\\",
  "\0",
  "null",
  "\uFEFF",
  "&",
  "%",
  "-1",
  "1e999",
  "error",
];

/** One to eight bytes or pieces changed, doubled, cut, moved or put in. */
function spoil(input: Buffer, below: (n: number) => number, seeds: readonly string[]): Buffer {
  let bytes = input;
  for (let times = 1 + below(8); times > 0; times--) {
    const at = below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + below(20));
    const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const kinds = [
      () => [head, Buffer.from([below(256)]), bytes.subarray(at + 1)],
      () => [head, Buffer.from(telling[below(telling.length)] ?? ""), bytes.subarray(at)],
      () => [head, tail],
      () => [head, part, part, tail],
      () => [head],
      () => [tail, head],
      () => [head, Buffer.from(seeds[below(seeds.length)] ?? "").subarray(0, 60), tail],
    ];
    bytes = Buffer.concat((kinds[below(kinds.length)] ?? (() => [bytes]))()).subarray(0, 8_000);
  }
  return bytes;
}
