import { type Attributes, type Context, propagation, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Principal, principalOfCall } from "../../src/access/principal.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connectAs, type RunningTeam, team } from "./team.ts";

interface SpanSeen {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  ended: boolean;
}

/** As an operator's SDK would be there before the program. */
function preloaded(): SpanSeen[] {
  const seen: SpanSeen[] = [];
  trace.setGlobalTracerProvider({
    getTracer: () =>
      ({
        startSpan(name: string, { attributes = {} }: { attributes?: Attributes } = {}, from?: Context) {
          const parent = from && trace.getSpanContext(from)?.traceId;
          const one: SpanSeen = { name, parent, attributes: { ...attributes }, ended: false };
          seen.push(one);
          const span = trace.wrapSpanContext({
            traceId: "1".repeat(32),
            spanId: "2".repeat(16),
            traceFlags: 1,
          });
          return Object.assign(span, {
            end: () => {
              one.ended = true;
            },
          });
        },
      }) as unknown as ReturnType<typeof trace.getTracer>,
  });
  propagation.setGlobalPropagator({
    inject: () => {},
    fields: () => ["traceparent"],
    extract: (from, carrier: Record<string, string>) => {
      const [, traceId = "", spanId = ""] = carrier.traceparent?.split("-") ?? [];
      return traceId === "" ? from : trace.setSpanContext(from, { traceId, spanId, traceFlags: 1 });
    },
  });
  return seen;
}

describe("a call", () => {
  let running: RunningTeam;
  let seen: SpanSeen[];
  const principals: (Principal | undefined)[] = [];
  beforeAll(async () => {
    seen = preloaded();
    const { send } = createSandbox({ callsPerMinute: Infinity });
    const watching: Send = (...request) => {
      principals.push(principalOfCall());
      return send(...request);
    };
    running = await team({
      people: {
        mia: [{ academy: "acme", scopes: ["write"] }],
        rob: [{ academy: "acme", scopes: ["read"] }],
      },
      send: () => watching,
    });
  });
  afterAll(async () => {
    await running.end();
    trace.disable();
    propagation.disable();
  });

  it.each(["2025", "2026"] as const)(
    "is made for the person whose token came with it, era of %s",
    async (era) => {
      const [mia, rob] = await Promise.all([
        connectAs(running, "mia", { era }),
        connectAs(running, "rob", { era }),
      ]);
      principals.length = 0;
      await mia.callTool({ name: "create_user_group", arguments: { name: `Of ${era}` } });
      const hers = principals.splice(0);
      await rob.callTool({ name: "get_user", arguments: { user_id: 104 } });

      expect(new Set(hers.map((one) => one?.person))).toEqual(new Set(["mia"]));
      expect(new Set(principals.map((one) => one?.person))).toEqual(new Set(["rob"]));
      expect(principals[0]).toMatchObject({
        scopes: ["read"],
        trace: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      await Promise.all([mia.close(), rob.close()]);
    },
  );

  it("is a span of the caller's trace, called by method and tool, and says nothing else", async () => {
    const client = await connectAs(running, "mia");
    seen.length = 0;
    const traceId = "a".repeat(32);
    await client.callTool({
      name: "get_user",
      arguments: { user_email: "avery@example.com" },
      _meta: { traceparent: `00-${traceId}-${"b".repeat(16)}-01` },
    });
    await client.close();

    expect(seen.map(({ name, parent, ended }) => ({ name, parent, ended }))).toEqual([
      { name: "tools/call get_user", parent: traceId, ended: true },
    ]);
    expect(seen[0]?.attributes).toEqual({ "mcp.method.name": "tools/call", "gen_ai.tool.name": "get_user" });
  });
});
