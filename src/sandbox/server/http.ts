import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyOf } from "../../node/request-body.ts";
import type { Incoming, Send } from "../../skyprep/send.ts";

const maxBytes = 1024 * 1024;
const prefix = "/admin/api/";

interface ServedSandbox {
  send: Send;
  /** Everybody is sent to https. */
  sendsOn?: boolean;
}

export interface Served {
  port: number;
  close(): Promise<void>;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(text);
}

function write(response: ServerResponse, { status, contentType, body, retryAfter }: Incoming): void {
  if (status === 204) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": body.byteLength,
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  });
  response.end(body);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

/** As Rails does with `force_ssl`: who came through a proxy that spoke https is let in. */
function sendOn(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers["x-forwarded-proto"] === "https") return false;
  const location = `https://${request.headers.host ?? "127.0.0.1"}${request.url ?? "/"}`;
  response
    .writeHead(301, { location, "content-type": "text/html; charset=utf-8", connection: "close" })
    .end();
  return true;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { send, sendsOn = false }: ServedSandbox,
): Promise<void> {
  if (sendsOn && sendOn(request, response)) return;
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  if (!pathname.startsWith(prefix)) return refuse(response, 404, "Not found");
  if (request.method !== "POST" && request.method !== "GET") return refuse(response, 405, "Use POST");

  const sent = await bodyOf(request, maxBytes);
  if (sent === undefined) return refuse(response, 413, "The body is larger than 1 MB");
  // Parameters count from the query string too, with POST as with the deprecated GET (skyprep-api §3.3).
  const body = [search.slice(1), sent].filter((part) => part !== "").join("&");
  const route = pathname.slice(prefix.length).replace(/\/$/, "");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  write(response, await send({ route, headers: headersOf(request), body }, gone.signal));
}

/** A sandbox as a web server, for this machine alone. */
export function serveSandbox({ port, ...sandbox }: { port: number } & ServedSandbox): Promise<Served> {
  const server = createServer((request, response) => {
    handle(request, response, sandbox).catch(() => {
      if (!response.headersSent) refuse(response, 500, "The sandbox has a defect");
      else response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
