import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

export interface FaultWorld {
  /** What an answer repeats that must not be printed. */
  readonly planted: string;
  /** Bytes that are too many. */
  readonly tooLarge: number;
  /** Milliseconds between bytes that come one by one. */
  readonly dripMs: number;
}

export interface Fault {
  /** Before the request's body was read. */
  readonly unread?: true;
  /** The service turned the call away, or said no. */
  readonly answer: (response: ServerResponse, world: FaultWorld, request: IncomingMessage) => void;
}

const MiB = 1024 * 1024;
const says =
  (status: number, headers: Record<string, string> = {}): Fault["answer"] =>
  (response, { planted }) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ error: `No, says ${planted}`, view_key: planted }));

/** Writes for as long as anybody reads. */
function pour(response: ServerResponse, bytes: number): void {
  const block = Buffer.alloc(256 * 1024, "1,");
  let left = bytes;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!response.write(block)) return void response.once("drain", more);
    }
    if (!response.destroyed) response.end();
  };
  response.on("error", () => {});
  more();
}

/** Everything that a service, or what stands before it, is known to do instead of answering. */
export const faults = {
  "resets before it has read": { unread: true, answer: (_, __, request) => request.socket.resetAndDestroy() },
  "resets after it has read": { answer: (_, __, request) => request.socket.resetAndDestroy() },
  "closes without a word": { answer: (_, __, request) => void request.socket.end() },
  truncates: {
    answer: (response, { planted }, request) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "4000" });
      response.write(`{"id":1,"name":"${planted}`, () => request.socket.destroy());
    },
  },
  "is cut off in its JSON": {
    answer: (response, { planted }) => void response.writeHead(200).end(`[{"id":1,"name":"${planted}"},{"id`),
  },
  drips: {
    answer: (response, { planted, dripMs }) => {
      response.writeHead(200);
      const text = `{"id":1,"name":"${planted}${" ".repeat(2_000)}`;
      let at = 0;
      const timer = setInterval(() => response.write(text[at++ % text.length] ?? " "), dripMs);
      response.on("close", () => clearInterval(timer));
    },
  },
  stalls: { answer: () => {} },
  "stalls in the middle": {
    answer: (response, { planted }) => void response.writeHead(200).write(`{"id":1,"name":"${planted}`),
  },
  "sends too much": {
    answer: (response, { tooLarge }) => {
      response.writeHead(200, { "content-type": "application/json" }).write("[");
      pour(response, tooLarge);
    },
  },
  "never ends": {
    answer: (response) => {
      response.writeHead(200).write("[");
      pour(response, Number.POSITIVE_INFINITY);
    },
  },
  "refuses without end": {
    answer: (response) => {
      response.writeHead(500);
      pour(response, Number.POSITIVE_INFINITY);
    },
  },
  "redirects to another host": {
    answer: (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/stolen" }).end(),
  },
  "answers HTML": {
    answer: (response, { planted }) =>
      void response.writeHead(200, { "content-type": "text/html" }).end(`<!DOCTYPE html><p>${planted}</p>`),
  },
  "answers HTML on 404": {
    answer: (response, { planted }) =>
      void response.writeHead(404, { "content-type": "text/html" }).end(`<!DOCTYPE html><p>${planted}</p>`),
  },
  "answers invalid UTF-8": {
    answer: (response, { planted }) =>
      void response
        .writeHead(200, { "content-type": "application/json" })
        .end(
          Buffer.concat([
            Buffer.from(`{"id":1,"error":"${planted}`),
            Buffer.from([0xff, 0xc0, 0xed, 0xa0]),
            Buffer.from('"}'),
          ]),
        ),
  },
  "answers nothing": { answer: (response) => void response.writeHead(200).end() },
  "answers a file": {
    answer: (response) => void response.writeHead(200).end(Buffer.from("PK\u0003\u0004xx")),
  },
  "is no HTTP": { answer: (_, { planted }, request) => void request.socket.end(`hello ${planted}\r\n\r\n`) },
  "sends a gzip bomb": {
    answer: (response, { tooLarge }) =>
      void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb(tooLarge)),
  },
  "sends broken gzip": {
    answer: (response, { planted }) =>
      void response.writeHead(200, { "content-encoding": "gzip" }).end(`not gzip ${planted}`),
  },
  "nests without end": { answer: (response) => void response.writeHead(200).end("[".repeat(100_000)) },
  "says 401": { answer: says(401) },
  "says 403": { answer: says(403) },
  "says 404": { answer: says(404) },
  "says 422": { answer: says(422) },
  "says 429": { answer: says(429) },
  "says 429 and when to come back": { answer: says(429, { "retry-after": "3" }) },
  "says 500": { answer: says(500) },
  "says 502": { answer: says(502) },
  "says 503": { answer: says(503) },
  "says 503 and when to come back": { answer: says(503, { "retry-after": "2" }) },
  "says 504": { answer: says(504) },
  "has an error inside a 200": { answer: says(200) },
  "says no success inside a 200": {
    answer: (response, { planted }) =>
      void response.writeHead(200).end(JSON.stringify({ success: false, message: `No, says ${planted}` })),
  },
  "says a word inside a 200": {
    answer: (response, { planted }) => void response.writeHead(200).end(`Nope ${planted}`),
  },
} satisfies Record<string, Fault>;

const bombs = new Map<number, Buffer>();
function bomb(bytes: number): Buffer {
  const known = bombs.get(bytes) ?? gzipSync(Buffer.alloc(bytes + MiB, " "));
  bombs.set(bytes, known);
  return known;
}
