import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { type Entrance, publicName } from "../../support/nginx.ts";

export interface Front extends Entrance {
  /** Which replica has, or had last, a call of whoever has this token; by its place in the list. */
  readonly lastOf: (token: string) => number | undefined;
  /** The same of whoever calls itself this (User-Agent), whatever they asked for. */
  readonly lastBy: (agent: string) => number | undefined;
}

/** Replicas in turn, as nginx does it; and it says who took what, which nginx tells only when it is over. */
export async function startFront(ports: readonly number[]): Promise<Front> {
  const taken: number[] = [];
  const last = new Map<string, number>();
  const lastBy = new Map<string, number>();
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const { url, method, headers, headersDistinct } = incoming;
    const [token = ""] = headersDistinct.authorization ?? [];
    const body: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => body.push(chunk));
    incoming.on("end", () => pass(ports.length));
    function pass(left: number): void {
      const place = turn % ports.length;
      turn += 1;
      if (method === "POST" && token !== "") last.set(token, place);
      lastBy.set(headers["user-agent"] ?? "", place);
      let isConnected = false;
      const passed = request(
        {
          host: "127.0.0.1",
          port: ports[place],
          path: url,
          method,
          headers: { ...headers, host: publicName },
          agent: false,
        },
        (answer) => {
          taken.push(place);
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.on("error", () => outgoing.destroy());
          answer.pipe(outgoing);
        },
      );
      passed.on("socket", (socket) =>
        socket.once("connect", () => {
          isConnected = true;
        }),
      );
      // Sent once: what may have reached a replica is nobody else's.
      passed.on("error", () => (isConnected || left <= 1 ? outgoing.destroy() : pass(left - 1)));
      outgoing.on("close", () => passed.destroy());
      passed.end(Buffer.concat(body));
    }
  });
  // Closed while a client sends the next request on it, a connection would be lost for nobody's fault.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    fetch,
    taken: () => [...taken],
    lastOf: (token) => last.get(`Bearer ${token}`),
    lastBy: (agent) => lastBy.get(agent),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
