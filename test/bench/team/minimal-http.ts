import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";

/**
 * What a server over HTTP on this SDK costs at the least: one tool, whose answer is ready, and neither door nor person,
 * academy, limit, count or journal. Bundled by programs.ts as our own program is.
 */
const { BENCH_ANSWER: text = "" } = process.env;

const handler = createMcpHandler(() => {
  const server = new Server({ name: "minimal", version: "0" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({
    tools: [
      {
        name: "get_user",
        description: "One person.",
        inputSchema: { type: "object" as const, properties: { user_id: { type: "integer" } } },
      },
    ],
  }));
  server.setRequestHandler("tools/call", () => ({ content: [{ type: "text" as const, text }] }));
  return server;
});

process.on("SIGTERM", () => process.exit());
const answer = toNodeHandler(handler);
// Every request of a server's has a method and an address.
type Known = Parameters<typeof answer>[0];
const http = createServer((request, response) => void answer(request as Known, response));
http.keepAliveTimeout = 65_000;
http.listen(0, "127.0.0.1", () => {
  const { port } = http.address() as AddressInfo;
  process.stdout.write(`Serving http://127.0.0.1:${port}/mcp\n`);
});
