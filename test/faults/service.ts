import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { noon } from "../support/academy.ts";
import { seededTables } from "../support/seeded.ts";
import type { Fault, FaultWorld } from "./faults.ts";

export interface Trouble {
  /** Of this route alone; everything else is answered well. */
  readonly route: string;
  readonly fault: Fault;
  /** What its answers repeat. */
  readonly planted: string;
}

/** The pretend academy on 127.0.0.1, with a fault in one of its routes. Takes any key. */
export async function serveTrouble(sizes: Omit<FaultWorld, "planted">) {
  const { send } = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  let trouble: Trouble | undefined;
  let hits = 0;
  const keys = { "x-skyprep-api-key": "sandbox-key", "x-skyprep-acct-key": "example.skyprepapp.com" };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const route = (request.url ?? "").split("/").at(-1) ?? "";
    const fault = trouble?.route === route ? trouble.fault : undefined;
    if (fault) hits += 1;
    const world = { ...sizes, planted: trouble?.planted ?? "" };
    if (fault?.unread) return fault.answer(response, world, request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fault) return fault.answer(response, world, request);
    const body = Buffer.concat(chunks).toString("utf8");
    const answer = await send({ route, headers: keys, body }, new AbortController().signal);
    response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/api`,
    /** From now on; how often it was met is counted anew. */
    have: (next: Trouble | undefined) => {
      trouble = next;
      hits = 0;
    },
    hits: () => hits,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
