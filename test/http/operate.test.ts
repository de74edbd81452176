import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMetrics } from "../../src/http/metrics.ts";
import { raw } from "./raw.ts";
import { connectAs, type RunningTeam, team } from "./team.ts";

const canaries = ["canary-person", "canary-academy", "Canary Group", "avery@example.com", "Avery", "skp_"];

describe("how a server is", () => {
  let running: RunningTeam;
  let troubles: string[] = [];
  const look = async (url: string, method = "GET") =>
    raw(running.operation?.port ?? 0, { path: url, method, body: "" });
  beforeAll(async () => {
    running = await team({
      academies: [{ name: "canary-academy", sandbox: true }],
      people: { "canary-person": [{ academy: "canary-academy", scopes: ["write"] }] },
      over: { operate: { host: "127.0.0.1", port: 0 }, notReady: async () => troubles },
    });
    const client = await connectAs(running, "canary-person", { path: "/mcp/canary-academy" });
    await client.callTool({ name: "create_user_group", arguments: { name: "Canary Group" } });
    await client.callTool({ name: "get_user", arguments: { user_email: "avery@example.com" } });
    await client.callTool({ name: "destroy_user", arguments: { user_email: "avery@example.com" } });
    await client.callTool({ name: "canary-person", arguments: {} }).catch(() => {});
    await client.listTools();
    await client.close();
    await raw(running.port, { path: "/mcp/canary-academy" });
  });
  afterAll(() => running.end());

  it("is alive, and ready while nothing keeps it from answering", async () => {
    expect((await look("/healthz")).text).toBe("ok\n");
    expect((await look("/readyz")).status).toBe(200);
    troubles = ["the database is gone"];
    const red = await look("/readyz");
    troubles = [];

    expect([red.status, red.text]).toEqual([503, "the database is gone\n"]);
    expect((await look("/healthz")).status).toBe(200);
    expect((await look("/mcp/canary-academy")).status).toBe(404);
    expect((await look("/healthz", "POST")).status).toBe(405);
  });

  it("counts operations by method, tool and outcome", async () => {
    const { text, headers } = await look("/metrics");

    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain("# TYPE mcp_server_operation_duration_seconds histogram");
    expect(text).toContain(
      'mcp_server_operation_duration_seconds_count{method="tools/call",tool="create_user_group",outcome="done"} 1',
    );
    expect(text).toMatch(/_count\{method="tools\/call",tool="destroy_user",outcome="refused"\} 1/);
    expect(text).toMatch(/_count\{method="tools\/list",tool="",outcome=""\} 1/);
    expect(text).toContain("mcp_server_requests_in_flight 0");
    expect(text).toContain('mcp_server_refusals_total{status="401"} 1');
    expect(text).toMatch(/skyprep_calls_total\{outcome="answered"\} \d+/);
  });

  it("tells nobody's name, key or token", async () => {
    const told = `${(await look("/metrics")).text}\n${running.said.join("\n")}`;

    for (const canary of canaries) expect(told).not.toContain(canary);
  });
});

describe("the text that Prometheus reads", () => {
  it("adds up in buckets, and escapes what stands in labels", () => {
    const { observe, add, text } = createMetrics({
      took: { type: "histogram", help: "h" },
      n: { type: "counter", help: "c" },
    });
    for (const value of [0.01, 0.2, 100]) observe("took", { a: 'q"\\\n' }, value);
    add("n");
    add("n", {}, 2);

    const lines = text().split("\n");
    expect(lines).toContain('took_bucket{a="q\\"\\\\\\n",le="0.02"} 1');
    expect(lines).toContain('took_bucket{a="q\\"\\\\\\n",le="0.25"} 2');
    expect(lines).toContain('took_bucket{a="q\\"\\\\\\n",le="+Inf"} 3');
    expect(lines).toContain('took_count{a="q\\"\\\\\\n"} 3');
    expect(lines).toContain("n 3");
  });
});
