import {
  createServer,
  type IncomingMessage,
  type Server as NodeServer,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { asPrincipal } from "../access/principal.ts";
import { bodyOf } from "../node/request-body.ts";
import { type createDoor, ownerOf, refuse } from "./door.ts";
import type { createEras } from "./era.ts";
import { requestFrom, sendBack, whileHeard } from "./exchange.ts";
import type { PageRequest } from "./inbox.ts";
import type { Observed } from "./observe.ts";

const MiB = 1024 * 1024;
/** Of a form on a page. */
const formBytes = 8 * 1024;

export interface HttpLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly headerCount: number;
  /** For all headers of a request, and for all of it. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often slow clients are looked for. */
  readonly lookMs: number;
  /** Requests of one person at a time. */
  readonly callsPerPerson: number;
}
export const defaultLimits: HttpLimits = {
  bodyBytes: 4 * MiB,
  headerBytes: 16 * 1024,
  headerCount: 100,
  headersMs: 10_000,
  requestMs: 30_000,
  lookMs: 1_000,
  callsPerPerson: 8,
};

export interface HttpWorld {
  readonly door: ReturnType<typeof createDoor>;
  readonly eras: ReturnType<typeof createEras>;
  /** Pages for people; undefined where it is no address of theirs. Left out: there are none. */
  readonly pages?: ((request: PageRequest) => Promise<Response | undefined>) | undefined;
  readonly limits: HttpLimits;
  /** One line for whoever looks after the server. */
  readonly say: (line: string) => void;
  readonly observed: Pick<Observed, "operation" | "refused">;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ServedHttp extends Address {
  /** Whether it still takes calls. */
  readonly isOpen: () => boolean;
  /** Takes no new call, ends those that run, waits until all answers are out, and ends what only listens. */
  readonly drain: (ending: {
    readonly calls: () => Promise<void>;
    readonly listening: () => Promise<void>;
  }) => Promise<void>;
}

/** Streamable HTTP on one address. Rejects as the network does where it cannot listen there. */
export async function serveHttp({ host, port }: Address, world: HttpWorld): Promise<ServedHttp> {
  const { door, eras, limits, observed, pages, say } = world;
  let isOpen = true;
  const running = new Map<string, number>();
  let requests = 0;
  /** Those that only listen, and end with the server. */
  let streams = 0;
  let idle = () => {};
  const settle = () => {
    if (requests === streams) idle();
  };
  const turnDown = (response: ServerResponse, refusal: Response): Promise<void> => {
    observed.refused(refusal.status);
    return sendBack(response, refusal);
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOpen) return turnDown(response, leaving());
    if (request.rawHeaders.length / 2 > limits.headerCount)
      return turnDown(response, refuse(431, `A request has at most ${limits.headerCount} headers.`, closing));
    const { method = "", url: target = "", headers } = request;
    const page = await pages?.({ method, target, headers, body: () => formOf(request) });
    const admitted = page ?? (await door.admit({ method, target, headers }));
    // A page, or a document that anybody may read, is no refusal.
    if (admitted instanceof Response)
      return admitted.status < 400 ? sendBack(response, admitted) : turnDown(response, admitted);
    const { person } = admitted.principal;
    const own = running.get(person) ?? 0;
    if (own >= limits.callsPerPerson)
      return turnDown(
        response,
        refuse(
          429,
          `At most ${limits.callsPerPerson} calls of one person run at a time: wait for one to end.`,
          {
            "retry-after": "1",
          },
        ),
      );
    running.set(person, own + 1);
    try {
      const body = method === "POST" ? await bodyIn(request, limits.bodyBytes) : { value: undefined };
      if (body instanceof Response) return turnDown(response, body);
      const refused = door.scope(admitted, body.value);
      if (refused) return turnDown(response, refused);
      if (!isOpen) return turnDown(response, leaving());
      if (isStream(body.value)) {
        streams += 1;
        response.prependOnceListener("close", () => {
          streams -= 1;
        });
      }
      await observed.operation(body.value, traceOf(headers), () =>
        asPrincipal(door.callerOf(admitted, body.value), async () => {
          const heard = requestFrom({ method, target, headers }, whileHeard(response));
          const { authInfo } = admitted;
          await sendBack(
            response,
            await eras(heard, { authInfo, owner: ownerOf(authInfo), parsedBody: body.value }),
          );
        }),
      );
    } finally {
      const left = (running.get(person) ?? 1) - 1;
      if (left > 0) running.set(person, left);
      else running.delete(person);
    }
  }

  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.lookMs,
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      requests += 1;
      response.once("close", () => {
        requests -= 1;
        settle();
      });
      answer(request, response).catch((error: Error) => {
        say(`a request could not be answered (${error.name})`);
        if (!response.headersSent) void turnDown(response, refuse(500, "The server has a defect."));
        else response.destroy();
      });
    },
  );
  // Node leaves out what is beyond its own number of headers, and says nothing.
  server.maxHeadersCount = 0;
  server.on("clientError", turnAway);
  const at = await listen(server, { host, port });
  return {
    ...at,
    isOpen: () => isOpen,
    async drain({ calls, listening }) {
      isOpen = false;
      // Who comes now, or is on a connection that stays, is told so.
      await calls();
      await new Promise<void>((resolve) => {
        idle = resolve;
        settle();
      });
      await listening();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

export async function listen(server: NodeServer, { host, port }: Address): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  return { host, port: (server.address() as AddressInfo).port };
}

const traceOf = (headers: IncomingMessage["headers"]): Record<string, string> =>
  Object.fromEntries(
    ["traceparent", "tracestate"].flatMap((name) =>
      typeof headers[name] === "string" ? [[name, headers[name]]] : [],
    ),
  );

const isStream = (body: unknown): boolean =>
  typeof body === "object" && body !== null && "method" in body && body.method === "subscriptions/listen";

const closing = { connection: "close" };
const leaving = () =>
  refuse(503, "This server is stopping: send the call again, another one takes it.", {
    "retry-after": "1",
    ...closing,
  });

/** Of a page; undefined: it is too long, or whoever sent it hung up, which is no trouble of the server's. */
const formOf = (request: IncomingMessage): Promise<string | undefined> =>
  bodyOf(request, formBytes).catch(() => undefined);

/** What stands in the body; an answer where it is too long or no JSON. */
async function bodyIn(
  request: IncomingMessage,
  most: number,
): Promise<{ readonly value: unknown } | Response> {
  const tooLong = () => refuse(413, `A request has at most ${most} bytes: send it in parts.`, closing);
  if (Number(request.headers["content-length"] ?? 0) > most) {
    request.resume();
    return tooLong();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  // Not by iterating over it, which takes longer than all else that is done with a body.
  const isWhole = await new Promise<boolean>((resolve) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else resolve(false);
    });
    request.once("end", () => resolve(true));
    request.once("error", () => resolve(false));
    request.once("close", () => resolve(false));
    // Gone while somebody else was asked who they are.
    if (request.destroyed) resolve(false);
  });
  if (size > most) return tooLong();
  if (!isWhole) return refuse(400, "The body did not come to its end.", closing);
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    return Response.json(
      { jsonrpc: "2.0", error: { code: -32_700, message: "Parse error: the body is no JSON." }, id: null },
      { status: 400 },
    );
  }
}

const turnedAway: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** What cannot be read as HTTP, or not in time. */
function turnAway(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = turnedAway[error.code ?? ""] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
