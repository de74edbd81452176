import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** Answers by what was received; doing nothing is silence. */
export type Behave = (response: ServerResponse, received: Received) => void;

export const answer =
  (
    body: string,
    { status = 200, type = "application/json", headers = {} as Record<string, string> } = {},
  ): Behave =>
  (response) => {
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  };

/** A real HTTP server on 127.0.0.1 that keeps everything it was sent. */
export async function listen(initial: Behave = answer('{"message":"success"}')) {
  const received: Received[] = [];
  let behave = initial;
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      received.push(one);
      behave(response, one);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    port,
    baseUrl: `http://127.0.0.1:${port}/admin/api`,
    answer: (next: Behave) => {
      behave = next;
    },
    /** How many were ever made. */
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
