import { randomUUID } from "node:crypto";
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
import { call, listed } from "./fixtures.ts";
import { serveReworded } from "./reworded.ts";

/** Our own binding behind the SDK's HTTP handler, on 127.0.0.1: sessions for the 2025 era, none for the 2026 era. */
export async function serveConformance(): ReturnType<typeof serveReworded> {
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
  return serveReworded(answer);
}
