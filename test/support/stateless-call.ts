export const statelessRevision = "2026-07-28";

export interface StatelessCall {
  /** Empty: none is sent. */
  readonly token: string;
  readonly name: string;
  readonly args: object;
  /** Beside name and arguments, e.g. an answer. */
  readonly more?: object;
  /** What the client says it can do. */
  readonly capabilities?: object;
  /** What the client calls itself. */
  readonly client?: string;
}

export const showsForms = { elicitation: { form: {} } } as const;
export const opensAddresses = { elicitation: { url: {} } } as const;

/** One call of 2026-07-28 as it is on the wire: of a client that keeps to no rule of the SDK's. */
export function statelessCall(call: StatelessCall): {
  readonly headers: Record<string, string>;
  readonly body: string;
} {
  const { token, name, args, more = {}, capabilities = {}, client = "raw" } = call;
  return {
    headers: {
      ...(token !== "" && { authorization: `Bearer ${token}` }),
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": statelessRevision,
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name,
        arguments: args,
        ...more,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": statelessRevision,
          "io.modelcontextprotocol/clientInfo": { name: client, version: "1" },
          "io.modelcontextprotocol/clientCapabilities": capabilities,
        },
      },
    }),
  };
}

/** The answer to it: of JSON, or a stream's last message. @throws where it ended before that */
export function answerIn<T>(text: string): T {
  const answer = answerIfWhole<T>(text);
  if (answer === undefined) throw new Error(`no answer: ${text}`);
  return answer;
}

/** The same; undefined where it ended before that. */
export function answerIfWhole<T>(text: string): T | undefined {
  const last = text.startsWith("{") ? text : text.split("\n").findLast((line) => line.startsWith("data: {"));
  return last === undefined ? undefined : (JSON.parse(last.replace(/^data: /, "")) as T);
}
