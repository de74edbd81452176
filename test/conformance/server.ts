import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { createServers } from "../../src/mcp/server.ts";
import { answered, asked, call, listed } from "./fixtures.ts";

/** Our own binding behind the SDK's HTTP handler, on 127.0.0.1: sessions for the 2025 era, none for the 2026 era. */
export async function serveConformance(): Promise<{ readonly url: string; readonly close: () => void }> {
  const servers = createServers({
    version: "0.0.0-conformance",
    tools: listed,
    reach: new Set([...listed, ...prebuiltTools].map(({ name }) => name)),
    leftOut: () => undefined,
    call,
    directory: { complete: async () => [], find: async () => [], meant: async () => ({ found: [] }) },
    exports: { list: async () => [], read: async () => undefined },
    sandbox: true,
    instructions: "Fixtures for the conformance suite.",
    sealKey: () => new Uint8Array(32).fill(7),
  });
  const modern = createMcpHandler(servers, { legacy: "reject" });
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  async function legacy(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    const known = id === null ? undefined : sessions.get(id);
    if (known) return known.handleRequest(request);
    if (id !== null) return new Response("No such session", { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await servers().connect(transport);
    return transport.handleRequest(request);
  }

  async function answer(request: Request): Promise<Response> {
    const stranger =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    if (stranger) return stranger;
    return (await isLegacyRequest(request.clone())) ? legacy(request) : modern.fetch(request);
  }

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
