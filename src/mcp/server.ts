import {
  type CallToolResult,
  type Tool as ListedTool,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from "@modelcontextprotocol/server";
import type { Caller } from "../call/call.ts";
import type { Tool } from "../call/catalogue.ts";
import type { Reply } from "../reply/reply.ts";

export interface ServerParts {
  readonly version: string;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly call: Caller;
  readonly instructions: string;
}

/**
 * A factory of servers that all offer the same: one is made for each connection and protocol era.
 * The list of tools is made once and never changes while the process lives.
 */
export function createServers({ version, tools, call, instructions }: ServerParts): () => Server {
  const listed = { tools: [...tools.values()].map(listing) };
  return () => {
    const server = new Server(
      { name: "skyprep-mcp", title: "SkyPrep", version },
      {
        capabilities: { tools: {} },
        instructions,
        cacheHints: { "tools/list": { ttlMs: 3_600_000, cacheScope: "private" } },
      },
    );
    server.setRequestHandler("tools/list", () => listed);
    server.setRequestHandler("tools/call", async ({ params }, ctx) => {
      const reply = call(params.name, params.arguments, ctx.mcpReq.signal);
      if (reply === undefined)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
      return result(await reply);
    });
    return server;
  };
}

/** No `outputSchema`: with one, clients of the 2025 era throw away an error that carries a question (contract §4). */
function listing({ name, operation, hints, shape }: Tool): ListedTool {
  return {
    name,
    title: operation.title,
    description: operation.description,
    inputSchema: shape.plain,
    annotations: { ...hints },
  };
}

const result = ({ text, structured, isError }: Reply): CallToolResult => ({
  content: [{ type: "text", text }],
  ...(structured && { structuredContent: structured }),
  ...(isError && { isError: true }),
});
