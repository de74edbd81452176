import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyOf } from "../../../node/request-body.ts";
import { notCountedPage } from "./html.ts";
import { pageHeaders, styleSource } from "./style.ts";

const maxBytes = 8 * 1024;
const maxConnections = 32;

/** What is served, a path each. Nothing that is merely shown may change anything: link previews fetch too. */
export interface Site {
  knows(path: string): boolean;
  show(path: string): Shown;
  /** Takes a form that came from the page itself; afterwards the browser is sent to the page again. */
  take(path: string, form: URLSearchParams): Promise<Taken>;
}

export type Taken = "taken" | "foreign" | "unreadable";

export interface Shown {
  readonly html: string;
  /** Seconds after which the page has something else to say. */
  readonly refresh?: number;
}

export interface Listening {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  close(): Promise<void>;
}

const headers = { ...pageHeaders(styleSource), connection: "close" };

function reply(response: ServerResponse, status: number, html = "", more: Record<string, string> = {}): void {
  const body = Buffer.from(html);
  response.writeHead(status, {
    ...headers,
    ...(html !== "" && { "content-type": "text/html; charset=utf-8" }),
    "content-length": body.byteLength,
    ...more,
  });
  response.end(body);
}

/** Only a form on this very page may post: other sites, and programs that do not trouble to lie, are stopped here. */
function fromThisPage(request: IncomingMessage, origin: string): boolean {
  const site = request.headers["sec-fetch-site"];
  return request.headers.origin === origin && (site === undefined || site === "same-origin");
}

const isForm = (request: IncomingMessage): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers["content-type"] ?? "");

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { site, origin }: { site: Site; origin: string },
): Promise<void> {
  const path = request.url ?? "";
  // A foreign name that was pointed at this computer (DNS rebinding) carries its own Host.
  if (`http://${request.headers.host}` !== origin || !site.knows(path)) return reply(response, 404);
  if (request.method === "GET" || request.method === "HEAD") {
    const { html, refresh } = site.show(path);
    return reply(response, 200, html, refresh === undefined ? {} : { refresh: String(refresh) });
  }
  if (request.method !== "POST") return reply(response, 405, "", { allow: "GET, HEAD, POST" });
  if (!fromThisPage(request, origin)) {
    return reply(response, 403, notCountedPage("The answer did not come from the question's own page."));
  }
  if (!isForm(request)) return reply(response, 415);
  const body = await bodyOf(request, maxBytes);
  if (body === undefined) return reply(response, 413);
  // It may have ended while the body was on its way.
  if (!site.knows(path)) return reply(response, 404);
  const taken = await site.take(path, new URLSearchParams(body));
  if (taken === "taken") return reply(response, 303, "", { location: path });
  if (taken === "unreadable") return reply(response, 400, notCountedPage("The answer could not be read."));
  reply(response, 403, notCountedPage("The answer did not come from the question's own page."));
}

/**
 * Serves to this computer alone. It does not keep the process alive, and lets no slow request hold it longer than
 * `patience` milliseconds. Rejects where it cannot listen.
 */
export function serveLoopback(site: Site, patience: number): Promise<Listening> {
  let origin = "";
  const server = createServer(
    {
      requestTimeout: patience,
      connectionsCheckingInterval: Math.ceil(patience / 4),
      maxHeaderSize: maxBytes,
    },
    (request, response) => {
      handle(request, response, { site, origin }).catch(() => response.destroy());
    },
  );
  server.maxConnections = maxConnections;
  server.timeout = 2 * patience;
  server.on("connection", (socket) => socket.unref());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
      server.removeListener("error", reject);
      // A connection that could not be accepted (too many files are open) leaves the server listening.
      server.on("error", () => {});
      server.unref();
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      resolve({
        origin,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
