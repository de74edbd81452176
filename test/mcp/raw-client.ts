import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  InMemoryTransport,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import type { Caller } from "../../src/call/job-context.ts";
import { createServers } from "../../src/mcp/server.ts";
import { nobody } from "./edge.ts";

export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
}

const kept = {
  about: {
    ...{
      id: "a1b2c3d4e5f6",
      name: "all_users",
      extension: "csv" as const,
      file: "/kept/a.csv",
      bytes: 3,
      rows: 1,
      columns: ["a"],
    },
    createdAt: "2026-11-01T00:00:00Z",
  },
  content: new TextEncoder().encode("a,b"),
};

export interface Around {
  readonly structured: boolean;
  /** What its form comes back with; left out: it shows none. */
  readonly answers?: Record<string, unknown>;
  /** All that the server sent. */
  readonly heard: Message[];
}

/** A client of one revision that speaks in raw messages, and hears all that is sent to it. */
export async function speak(revision: string, call: Caller, { structured, answers, heard }: Around) {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const servers = createServers({
    version: "0.0.0-test",
    tools: prebuiltTools,
    reach: new Set(prebuiltTools.map(({ name }) => name)),
    leftOut: () => undefined,
    call,
    directory: nobody,
    exports: { list: async () => [kept.about], read: async () => kept },
    sandbox: false,
    structured,
    instructions: "Read this.",
    sealKey: () => new Uint8Array(32).fill(7),
  });
  const served = serveStdio(servers, { transport: ours });
  const waiting = new Map<unknown, (result: Record<string, unknown>) => void>();
  theirs.onmessage = (message) => {
    const own = message as Message;
    heard.push(own);
    if (own.method === undefined) waiting.get(own.id)?.(own.result ?? {});
    else if (own.id !== undefined) void theirs.send({ jsonrpc: "2.0", id: own.id, result: answers ?? {} });
  };
  await theirs.start();
  const isModern = revision >= "2026";
  const capabilities = answers === undefined ? {} : { elicitation: { form: {} } };
  const clientInfo = { name: "raw", version: "1" };
  const envelope = isModern && {
    [PROTOCOL_VERSION_META_KEY]: revision,
    [CLIENT_INFO_META_KEY]: clientInfo,
    [CLIENT_CAPABILITIES_META_KEY]: capabilities,
  };
  let ids = 0;
  const ask = (method: string, params: Record<string, unknown> = {}) =>
    new Promise<Record<string, unknown>>((resolve) => {
      ids += 1;
      waiting.set(ids, resolve);
      const _meta = { progressToken: `token ${ids}`, ...envelope };
      void theirs.send({ jsonrpc: "2.0", id: ids, method, params: { ...params, _meta } });
    });
  const hello = isModern
    ? await ask("server/discover")
    : await ask("initialize", { protocolVersion: revision, capabilities, clientInfo });
  if (!isModern) await theirs.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  return { ask, hello, close: () => served.close() };
}
