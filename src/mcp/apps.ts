import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Reply } from "../reply/reply.ts";

/** What an app of ours shows of a reply; only for clients that show apps. */
const boardKey = "skyprep/board";
export const boardMeta = ({ board }: Reply) => board && { [boardKey]: board };

/** MCP Apps: what a host declares that shows HTML of a server's in the chat. */
const appsExtension = "io.modelcontextprotocol/ui";
const appType = "text/html;profile=mcp-app";

/** Whether the client of this request shows apps, in its own protocol era. */
export function showsApps(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as
    | { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities }
    | undefined;
  const declared = (envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities())?.extensions;
  const types = (declared?.[appsExtension] as { readonly mimeTypes?: unknown } | undefined)?.mimeTypes;
  return Array.isArray(types) && types.includes(appType);
}
