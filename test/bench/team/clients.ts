import { type Connection, type Message, open, requestOf } from "./connections.ts";
import type { Served } from "./programs.ts";

export type Era = "2025" | "2026";
interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export const person: Call = {
  method: "tools/call",
  params: { name: "get_user", arguments: { user_id: 101 } },
};
export const list: Call = { method: "tools/list", params: {} };

const clientInfo = { name: "bench", version: "1" };
const handshake = {
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
};
const newest = "2026-07-28";

/** Many that stay connected, each a person of their own where there are persons. */
export interface Clients {
  /** Of one era, by one client, in turn; the body of what came. */
  readonly ask: (era: Era, call: Call) => Promise<string>;
  readonly count: number;
  readonly close: () => void;
}

interface OneClient {
  readonly connection: Connection;
  readonly session: string;
  readonly made: Map<Call, Record<Era, Buffer>>;
}

export async function connectMany(served: Served, count: number): Promise<Clients> {
  const { port, path } = served;
  const message = (n: number, more: Record<string, string>, body: unknown): Message => ({
    path,
    headers: { ...served.headers(n), ...more },
    body,
  });
  const clients: OneClient[] = [];
  for (let n = 0; n < count; n++) {
    const connection = await open(port);
    const hello = message(n, {}, { jsonrpc: "2.0", id: 1, ...handshake });
    const text = await connection.ask(requestOf(port, hello));
    if (!text.startsWith("HTTP/1.1 200")) throw new Error(text);
    const [, session = ""] = /\nmcp-session-id: (\S+)/i.exec(text) ?? [];
    clients.push({ connection, session, made: new Map() });
  }
  const requests = (n: number, { session, made }: OneClient, call: Call) => {
    const known = made.get(call);
    if (known) return known;
    const { method, params } = call;
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": newest,
      "io.modelcontextprotocol/clientInfo": clientInfo,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const name = params.name === undefined ? {} : { "mcp-name": String(params.name) };
    const both = {
      2025: message(
        n,
        { "mcp-protocol-version": "2025-11-25", ...(session && { "mcp-session-id": session }) },
        { jsonrpc: "2.0", id: 2, method, params },
      ),
      2026: message(
        n,
        { "mcp-protocol-version": newest, "mcp-method": method, ...name },
        { jsonrpc: "2.0", id: 2, method, params: { ...params, _meta } },
      ),
    };
    const bytes = { 2025: requestOf(port, both[2025]), 2026: requestOf(port, both[2026]) };
    made.set(call, bytes);
    return bytes;
  };
  // Who has no answer yet asks nothing else.
  const free = clients.map((_, n) => n);
  return {
    count,
    async ask(era, call) {
      const n = free.shift();
      const client = n === undefined ? undefined : clients[n];
      if (n === undefined || client === undefined) throw new Error("every client waits for an answer");
      const text = await client.connection.ask(requests(n, client, call)[era]);
      free.push(n);
      if (
        !text.startsWith("HTTP/1.1 200") ||
        /"isError":true|"error":/.test(text) ||
        !text.includes('"result"')
      )
        throw new Error(text.slice(0, 800));
      return text;
    },
    close: () => {
      for (const { connection } of clients) connection.close();
    },
  };
}
