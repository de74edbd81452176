import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FirstTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { raw } from "./raw.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

describe("a client over HTTP", () => {
  let running: RunningTeam;
  beforeEach(async () => {
    running = await team();
  });
  afterEach(() => running.end());

  it.each(["2025", "2026"] as const)("lists, reads and writes, era of %s", async (era) => {
    const client = await connectAs(running, "mia", { era });

    const { tools } = await client.listTools();
    const read = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });
    const written = await client.callTool({
      name: "create_user_group",
      arguments: { name: "Night shift" },
    });

    expect(tools.length).toBeGreaterThan(80);
    expect(textOf(read)).toContain("101");
    expect(textOf(written)).toContain("Night shift");
    expect(running.sent.map(({ route }) => route)).toContain("create_user_group");
    expect(client.getNegotiatedProtocolVersion()).toBe(era === "2026" ? "2026-07-28" : "2025-11-25");
    await client.close();
  });

  it("serves the first SDK's client, too", async () => {
    const client = new FirstClient({ name: "first", version: "1" });
    await client.connect(
      new FirstTransport(new URL(`${running.base}/mcp/acme`), {
        requestInit: { headers: { authorization: `Bearer ${running.tokenFor("mia")}` } },
      }) as Parameters<typeof client.connect>[0],
    );

    const { tools } = await client.listTools();
    const read = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });

    expect(tools.length).toBeGreaterThan(80);
    expect(textOf(read)).toContain("101");
    await client.close();
  });

  it("is held on no stream that only listens, in either era: none outlives its token", async () => {
    const revision = "2026-07-28";
    const everything = {
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: ["skyprep://courses"],
    };
    const headers = {
      authorization: `Bearer ${running.tokenFor("mia")}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const begun = await raw(running.port, { headers });
    const session = { ...headers, "mcp-session-id": String(begun.headers["mcp-session-id"]) };

    const older = await raw(running.port, { method: "GET", headers: session });
    const newer = await raw(running.port, {
      headers: { ...headers, "mcp-protocol-version": revision, "mcp-method": "subscriptions/listen" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 7,
        method: "subscriptions/listen",
        params: {
          notifications: everything,
          _meta: {
            "io.modelcontextprotocol/protocolVersion": revision,
            "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      }),
    });

    expect(older.status).toBe(405);
    // It came to its end, or this would still wait: nothing is promised, and the subscription is over.
    expect(newer.text).toMatch(/subscriptions\/acknowledged","params":\{"notifications":\{\}/);
    expect(newer.text).toMatch(/"id":7,"result":\{"resultType":"complete"/);
  });
});
