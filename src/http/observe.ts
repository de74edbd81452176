import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Caller } from "../call/job-context.ts";
import { InputRequired } from "../guard/question/question.ts";
import { wentWrong } from "../reply/reply.ts";
import type { Send } from "../skyprep/send.ts";
import { createMetrics } from "./metrics.ts";

const duration = "mcp_server_operation_duration_seconds";
const inFlight = "mcp_server_requests_in_flight";
const refused = "mcp_server_refusals_total";
const calls = "skyprep_calls_total";
const waits = "skyprep_wait_seconds_total";

/** Of requests: every other word was the client's own, and goes into no label. */
const methods = new Set([
  "initialize",
  "ping",
  "server/discover",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "prompts/list",
  "prompts/get",
  "completion/complete",
  "subscriptions/listen",
  "notifications/initialized",
  "notifications/cancelled",
]);
const other = "_OTHER";

/** What an operation is called where it is counted, and where it is traced. */
interface Operation {
  readonly method: string;
  readonly tool: string | undefined;
  readonly carrier: Readonly<Record<string, string>>;
}

export interface ObservedWorld {
  /** The tools there are. */
  readonly tools: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What is counted, timed and traced: method, tool and outcome, and nothing of what was asked, by whom, or of whom. Spans
 * go to whatever SDK of OpenTelemetry was loaded before this program; without one they go nowhere.
 */
export function createObserved({ tools, now }: ObservedWorld) {
  const metrics = createMetrics({
    [duration]: { type: "histogram", help: "How long operations took, by method, tool and outcome." },
    [inFlight]: { type: "gauge", help: "Requests that are being answered." },
    [refused]: { type: "counter", help: "Requests that were turned away at the door, by status." },
    [calls]: { type: "counter", help: "Calls to SkyPrep, by outcome." },
    [waits]: { type: "counter", help: "Seconds that calls to SkyPrep were held back." },
  });
  const tracer = trace.getTracer("skyprep-mcp");
  const took = (from: number): number => Math.max(0, now() - from) / 1_000;

  function operationOf(body: unknown, headers: Readonly<Record<string, string>>): Operation {
    const { method, params } = (typeof body === "object" && body !== null ? body : {}) as {
      method?: unknown;
      params?: { name?: unknown; _meta?: Record<string, unknown> } | null;
    };
    const known = typeof method === "string" && methods.has(method) ? method : other;
    const name = params?.name;
    const tool = typeof name === "string" && tools.has(name) ? name : other;
    const meta = params?._meta ?? {};
    const said = Object.fromEntries(
      ["traceparent", "tracestate"].flatMap((key) =>
        typeof meta[key] === "string" ? [[key, meta[key]]] : [],
      ),
    );
    return {
      method: known,
      tool: known === "tools/call" ? tool : undefined,
      carrier: { ...headers, ...said },
    };
  }

  return {
    text: metrics.text,
    refused: (status: number) => metrics.add(refused, { status: String(status) }),
    /** Around the answering of one request. */
    async operation<T>(
      body: unknown,
      headers: Readonly<Record<string, string>>,
      work: () => Promise<T>,
    ): Promise<T> {
      const { method, tool, carrier } = operationOf(body, headers);
      const from = now();
      const span = tracer.startSpan(
        tool === undefined ? method : `${method} ${tool}`,
        {
          kind: SpanKind.SERVER,
          attributes: { "mcp.method.name": method, ...(tool !== undefined && { "gen_ai.tool.name": tool }) },
        },
        propagation.extract(context.active(), carrier),
      );
      metrics.add(inFlight);
      try {
        return await context.with(trace.setSpan(context.active(), span), work);
      } catch (error) {
        failed(span, "defect");
        throw error;
      } finally {
        metrics.add(inFlight, {}, -1);
        // A call is timed with its outcome, where that is known.
        if (tool === undefined) metrics.observe(duration, { method, tool: "", outcome: "" }, took(from));
        span.end();
      }
    },
    call:
      (call: Caller): Caller =>
      (name, ...rest) => {
        const from = now();
        const running = call(name, ...rest);
        if (running === undefined) return undefined;
        const span = trace.getSpan(context.active());
        const done = (outcome: string, wrong: boolean) => {
          metrics.observe(
            duration,
            { method: "tools/call", tool: tools.has(name) ? name : other, outcome },
            took(from),
          );
          if (wrong) failed(span, outcome);
        };
        return running.then(
          (reply) => {
            done(reply.outcome, wentWrong(reply.outcome));
            return reply;
          },
          (error: Error) => {
            // A question is put by way of an error in this era.
            const asked = error instanceof InputRequired;
            done(asked ? "waiting" : "defect", !asked);
            throw error;
          },
        );
      },
    send:
      (send: Send): Send =>
      async (...request) => {
        try {
          const came = await send(...request);
          metrics.add(calls, { outcome: came.status < 400 ? "answered" : "turned_away" });
          return came;
        } catch (error) {
          metrics.add(calls, { outcome: "lost" });
          throw error;
        }
      },
    pause:
      (pause: (ms: number, signal: AbortSignal) => Promise<void>) =>
      async (ms: number, signal: AbortSignal): Promise<void> => {
        const from = now();
        try {
          await pause(ms, signal);
        } finally {
          metrics.add(waits, {}, took(from));
        }
      },
  };
}
export type Observed = ReturnType<typeof createObserved>;

function failed(span: Span | undefined, type: string): void {
  span?.setAttribute("error.type", type).setStatus({ code: SpanStatusCode.ERROR });
}
