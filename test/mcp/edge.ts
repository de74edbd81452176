import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport, ProtocolError, Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Directory } from "../../src/academy/directory.ts";
import { serveCompletions } from "../../src/mcp/completions.ts";
import type { ExportType, KeptExports } from "../../src/mcp/kept-exports.ts";
import { offeredPrompts, servePrompts } from "../../src/mcp/prompts.ts";
import { type ResourceParts, serveResources } from "../../src/mcp/resources.ts";
import { onlyWhatIsKnown } from "../../src/mcp/server.ts";

export const eras = ["legacy", "auto"] as const;
export type Era = (typeof eras)[number];

export type Asked = { tool: string; args: unknown };

/** A directory in which nobody is. */
export const nobody: Directory = {
  complete: async () => [],
  find: async () => [],
  meant: async () => ({ found: [] }),
};

/** One that finds these, whatever is asked. */
export const finding = (...found: { id: number; label: string }[]): Directory => ({
  ...nobody,
  find: async () => found,
});

/** Exports of which one is kept. */
export const keeping = (
  text: string,
  { id = "audit-2026", type = "text/csv" }: { id?: string; type?: ExportType } = {},
): KeptExports => ({
  list: async () => [
    {
      id,
      name: "Audit",
      bytes: Buffer.byteLength(text),
      createdAt: Date.UTC(2026, 10, 23),
      type,
    },
  ],
  read: async (asked) => (asked === id ? { text, type } : undefined),
});

/** A client on a server of nothing but resources, prompts and completions. */
export async function openEdge(parts: Partial<ResourceParts> = {}, mode: Era = "legacy") {
  const asked: Asked[] = [];
  const whole: ResourceParts = {
    call: (tool, args) => {
      asked.push({ tool, args });
      return Promise.resolve({ outcome: "done" as const, text: `${tool} ${JSON.stringify(args)}` });
    },
    directory: nobody,
    exports: { list: async () => [], read: async () => undefined },
    offered: () => true,
    sandbox: false,
    ...parts,
  };
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  // As it stands on the wire: the client reads either code of a missing resource as the same error.
  const codes: number[] = [];
  const send = ours.send.bind(ours);
  ours.send = (message, ...rest) => {
    if ("error" in message) codes.push(message.error.code);
    return send(message, ...rest);
  };
  const served = serveStdio(
    () => {
      const server = new Server(
        { name: "edge", version: "0" },
        {
          capabilities: { resources: {}, prompts: {}, completions: {} },
          cacheHints: { "resources/read": { ttlMs: 60_000, cacheScope: "private" } },
        },
      );
      onlyWhatIsKnown(server);
      const prompts = offeredPrompts(whole.offered);
      serveResources(server, whole);
      servePrompts(server, prompts);
      serveCompletions(server, { ...whole, prompts });
      return server;
    },
    { transport: ours },
  );
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(theirs);
  return {
    client,
    asked,
    codes,
    read: async (uri: string) => textOf(await client.readResource({ uri })),
    refusal: async (uri: string) => failure(client.readResource({ uri })),
    complete: async (ref: string, name: string, value: string) => {
      const of = ref.includes("://")
        ? { type: "ref/resource" as const, uri: ref }
        : { type: "ref/prompt" as const, name: ref };
      return (await client.complete({ ref: of, argument: { name, value } })).completion.values;
    },
    close: async () => {
      await client.close();
      await served.close();
    },
  };
}

function textOf({ contents }: { contents: readonly object[] }): string {
  return contents.map((one) => ("text" in one ? String(one.text) : "")).join("\n");
}

/** The protocol's own error; fails where there is none. */
export async function failure(work: Promise<unknown>): Promise<ProtocolError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
