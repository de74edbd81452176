import { createServer } from "node:http";
import { type Address, listen } from "./serve.ts";

export interface OperateWorld {
  /** What keeps this replica from answering calls, each in a few words without a name in it; empty: nothing does. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly metrics: () => string;
}

export interface ServedOperation extends Address {
  readonly close: () => Promise<void>;
}

const plain = { "content-type": "text/plain; charset=utf-8" };
const patienceMs = 2_000;

/** For whoever runs the server: an address of its own, which no client has to reach. */
export async function serveOperation(
  at: Address,
  { notReady, metrics }: OperateWorld,
): Promise<ServedOperation> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, async (request, response) => {
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD")
      return void response.writeHead(405, { allow: "GET, HEAD" }).end();
    switch (request.url) {
      case "/healthz":
        return void response.writeHead(200, plain).end("ok\n");
      case "/readyz": {
        const why = await withPatience(notReady());
        return void response
          .writeHead(why.length === 0 ? 200 : 503, plain)
          .end(why.length === 0 ? "ready\n" : `${why.join("\n")}\n`);
      }
      case "/metrics":
        return void response
          .writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
          .end(metrics());
      default:
        return void response.writeHead(404, plain).end("There are /healthz, /readyz and /metrics.\n");
    }
  });
  const listening = await listen(server, at);
  return {
    ...listening,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Who asks whether all is well waits for no database. */
async function withPatience(asked: Promise<readonly string[]>): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(["it takes too long to find out"]), patienceMs);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return ["it cannot be found out"];
  } finally {
    clearTimeout(timer);
  }
}
