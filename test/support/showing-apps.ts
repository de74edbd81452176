/** What hosts declare that show apps (MCP Apps). */
export const showingApps = {
  "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] },
};
