import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Knock } from "./door.ts";

/** What the protocol looks at. Nothing else goes on: no token, no cookie. */
const ofTheProtocol = /^(accept|content-type|last-event-id|mcp-[\w-]+)$/;

/**
 * As the SDK takes one, without its body: what was understood of it goes beside. (Its own way there writes the body
 * anew and sends an answer in pieces, which takes a sixth of all time.)
 */
export function requestFrom({ method, target, headers }: Knock, signal: AbortSignal): Request {
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(headers))
    if (typeof value === "string" && ofTheProtocol.test(name)) kept.push([name, value]);
  const request = new Request(`http://${headers.host}${target}`, { method, headers: kept });
  // Itself, and not one that follows it: nobody else could end the request.
  return Object.defineProperty(request, "signal", { value: signal });
}

/** Gone when whoever asked is gone before all of the answer is. */
export function whileHeard(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableEnded) gone.abort();
  });
  if (response.destroyed) gone.abort();
  return gone.signal;
}

/** In one piece where it is no stream. */
export async function sendBack(response: ServerResponse, answer: Response): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  const { body, status } = answer;
  if (body !== null && /^text\/event-stream\b/i.test(answer.headers.get("content-type") ?? ""))
    return streamed(response.writeHead(status, headers), body);
  const bytes = body === null ? "" : await wholeOf(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length }).end(bytes);
}

/** Nearly all are one piece, which the shorter ways to read them copy. */
async function wholeOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

async function streamed(response: ServerResponse, body: ReadableStream<Uint8Array>): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    response.once("close", resolve);
  });
  const reader = body.getReader();
  void gone.then(() => reader.cancel().catch(() => {}));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || response.destroyed) break;
      // A client that reads slowly is waited for, not kept in memory.
      if (!response.write(value)) await Promise.race([once(response, "drain"), gone]);
    }
  } catch {
    // What ended in the middle ends here; what was sent stands.
  }
  response.end();
}
