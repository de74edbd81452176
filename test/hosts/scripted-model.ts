import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropic } from "./dialects/anthropic.ts";
import type { Answer, Body, Dialect, Read } from "./dialects/dialect.ts";
import { gemini } from "./dialects/gemini.ts";
import { openaiChat } from "./dialects/openai-chat.ts";
import { openaiResponses } from "./dialects/openai-responses.ts";
import { plain } from "./dialects/plain.ts";
import { nameOf } from "./offered.ts";
import type { Call, Reply, Task } from "./task.ts";

const dialects: readonly Dialect[] = [plain, anthropic, openaiResponses, openaiChat, gemini];

export interface ScriptedModel {
  /** http://127.0.0.1:PORT, without what a dialect puts behind it. */
  readonly url: string;
  /** The most tools that any request offered, by the names the host gave them. */
  offered(): readonly string[];
  /** Whether a request says this tool's name behind ours: some hosts name their tools, and define what is searched for. */
  names(tool: string): boolean;
  close(): void;
}

/**
 * A model that wants one task's calls in turn, whatever it is asked, and keeps what it got for each. It listens on
 * 127.0.0.1 and speaks the interfaces that hosts speak. Requests that offer no tool (titles, summaries, moods) get a word.
 * `unlisted` is how a tool is called that the host has, and did not offer by name.
 */
export async function serveModel(task: Task<Reply>, unlisted = "mcp__skyprep__"): Promise<ScriptedModel> {
  let offered: readonly string[] = [];
  let names: readonly string[] = [];
  let longest = "";
  let turn: Promise<unknown> = Promise.resolve();
  let begun = false;
  let call: Call | undefined;
  /** Which replies are no news: hosts send the whole talk each time, some only what is new, and some twice. */
  const known = new Set<string>();

  async function callAfter(replies: Read["replies"]): Promise<Call | undefined> {
    const ids = replies.map(({ id }, index) => id ?? `${index}`);
    const last = replies.findLast((_, index) => !known.has(ids[index] ?? ""));
    for (const id of ids) known.add(id);
    if (last !== undefined || !begun) call = await task.next(last && { text: last.text, error: last.error });
    begun = true;
    return call;
  }

  async function answer(dialect: Dialect, body: Body): Promise<Answer> {
    const { tools, replies, continues } = dialect.read(body);
    if (tools.length > offered.length) offered = tools;
    if (tools.length === 0 && !continues) return { text: "ok" };
    if (tools.length > 0) names = tools;
    const wanted = await callAfter(replies);
    if (wanted === undefined) return { text: task.closing?.() ?? "All done." };
    return { call: { name: nameOf(names, wanted.tool) ?? `${unlisted}${wanted.tool}`, args: wanted.args } };
  }

  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const raw = await textOf(request);
    if (raw.length > longest.length) longest = raw;
    const body = parsed(raw);
    const dialect = request.method === "POST" ? dialects.find((one) => one.takes(path)) : undefined;
    if (dialect === undefined) {
      // Lists of models, settings, telemetry: nothing is known, and nothing is wrong.
      response.writeHead(path.endsWith("/models") || path.includes("/api/") ? 200 : 404, json);
      response.end(JSON.stringify({ object: "list", data: [], models: [] }));
      return;
    }
    const said = turn.then(() => answer(dialect, body));
    turn = said.catch(() => {});
    try {
      const { events, whole } = dialect.write(await said, body, path);
      response.writeHead(200, events ? { "content-type": "text/event-stream" } : json);
      response.end(events?.join("") ?? JSON.stringify(whole));
    } catch (error) {
      response.writeHead(500, json);
      response.end(JSON.stringify({ error: { message: String(error) } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    offered: () => offered,
    names: (tool) => new RegExp(`skyprep[^a-z0-9]{1,3}${tool}(?![a-z_])`).test(longest),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const json = { "content-type": "application/json" };

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(raw: string): Body {
  try {
    return JSON.parse(raw) as Body;
  } catch {
    return {};
  }
}
