import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

/**
 * What a server on this SDK costs at the least: one tool, and where there is an address one request behind it.
 * Bundled by run.ts as our own program is.
 */
const { BENCH_URL: base, BENCH_UNDICI: undici = "undici" } = process.env;
let loading: Promise<typeof import("undici")> | undefined;

async function person(id: unknown): Promise<string> {
  // Read at the first call, and not bundled: at start it would make this server look worse than it is.
  loading ??= import(undici) as Promise<typeof import("undici")>;
  const { request } = await loading;
  const { body } = await request(`${base}/get_user`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `user_id=${encodeURIComponent(String(id))}`,
  });
  return JSON.stringify(await body.json());
}

serveStdio(() => {
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
  server.setRequestHandler("tools/call", async ({ params }) => ({
    content: [{ type: "text" as const, text: await person(params.arguments?.user_id) }],
  }));
  return server;
});
