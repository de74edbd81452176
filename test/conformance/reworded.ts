import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answered, asked } from "./fixtures.ts";

/** The suite's words turned into ours on the way in, and back on the way out, on 127.0.0.1. */
export async function serveReworded(
  answer: (request: Request) => Promise<Response>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const http = createServer((incoming, outgoing) => {
    const hang = new AbortController();
    outgoing.once("close", () => hang.abort());
    requestOf(incoming, hang.signal)
      .then(answer)
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

const reworded = (text: string, pairs: typeof asked) =>
  pairs.reduce((said, [from, to]) => said.replaceAll(from, to), text);

async function requestOf(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    headers.set(name, reworded(String(value), asked));
  headers.delete("content-length");
  const { method = "GET", url = "/" } = incoming;
  const body = reworded(Buffer.concat(parts).toString(), asked);
  return new Request(new URL(url, `http://${incoming.headers.host}`), {
    method,
    headers,
    signal,
    ...(method === "POST" && { body }),
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  const text = new TextDecoder();
  for await (const part of response.body ?? [])
    outgoing.write(reworded(text.decode(part, { stream: true }), answered));
  outgoing.end();
}
