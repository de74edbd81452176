import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}
export interface Line {
  readonly from: "host" | "server";
  readonly message: Message;
}

/** What the server answered to a call, as it left it. */
export interface Sent {
  readonly tool: string;
  readonly parts: readonly { readonly type: string; readonly text?: string }[];
  readonly structured: boolean;
  readonly error: boolean;
}
/** A form that the host was asked to show, and what it answered: accept, decline, cancel or an error. */
export interface Form {
  readonly tool: string;
  readonly message: string;
  readonly action: string;
}
export interface Exchanged {
  readonly client: string;
  readonly revision: string;
  readonly tools: readonly string[];
  readonly sent: readonly Sent[];
  readonly forms: readonly Form[];
  readonly processes: number;
}

/** The lines that the tap wrote, a list for each process, in the order in which they began. */
export function linesIn(folder: string): readonly (readonly Line[])[] {
  return readdirSync(folder)
    .sort()
    .map((file) =>
      readFileSync(join(folder, file), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line),
    );
}

const versionKey = "io.modelcontextprotocol/protocolVersion";
const nameKey = "io.modelcontextprotocol/clientInfo";

/** What went over the wire, put together from both directions. */
export function exchanged(processes: readonly (readonly Line[])[]): Exchanged {
  const all = processes.map(ofOne);
  return {
    client: all.find(({ client }) => client !== "")?.client ?? "",
    revision: all.find(({ revision }) => revision !== "")?.revision ?? "",
    tools: all
      .map(({ tools }) => tools)
      .reduce((most, some) => (some.length > most.length ? some : most), []),
    sent: all.flatMap(({ sent }) => sent),
    forms: all.flatMap(({ forms }) => forms),
    processes: processes.length,
  };
}

function ofOne(lines: readonly Line[]) {
  const asked = new Map<number | string, Message>();
  const shown = new Map<number | string, { tool: string; message: string }>();
  const tools: string[] = [];
  const sent: Sent[] = [];
  const forms: Form[] = [];
  let client = "";
  let revision = "";
  let tool = "";
  /** The question of the 2026 era, until the call comes back with its answer. */
  let open: string | undefined;

  function fromHost(message: Message): void {
    const { id, method, params } = message;
    if (method === undefined) {
      const form = id === undefined ? undefined : shown.get(id);
      if (form) forms.push({ ...form, action: String(message.result?.action ?? "error") });
      return;
    }
    if (id !== undefined) asked.set(id, message);
    const meta = (params?._meta ?? {}) as Record<string, unknown>;
    const info = (params?.clientInfo ?? meta[nameKey]) as { name?: string; version?: string } | undefined;
    if (info && client === "") client = `${info.name} ${info.version}`;
    revision = String(meta[versionKey] ?? revision);
    if (method !== "tools/call") return;
    tool = String(params?.name);
    const answers = Object.values((params?.inputResponses ?? {}) as Record<string, { action?: string }>);
    const [answer] = answers;
    if (open !== undefined && answer) forms.push({ tool, message: open, action: String(answer.action) });
    open = undefined;
  }

  function fromServer({ id, method, params, result, error }: Message): void {
    if (method === "elicitation/create" && id !== undefined)
      shown.set(id, { tool, message: String(params?.message) });
    if (method !== undefined || id === undefined) return;
    const request = asked.get(id);
    if (request?.method === "initialize" && revision === "") revision = String(result?.protocolVersion ?? "");
    if (request?.method === "tools/list" && result)
      tools.push(...(result.tools as { name: string }[]).map(({ name }) => name));
    if (request?.method !== "tools/call") return;
    const requests = Object.values(
      (result?.inputRequests ?? {}) as Record<string, { params?: Message["params"] }>,
    );
    if (result?.resultType === "input_required") {
      open = String(requests[0]?.params?.message);
      return;
    }
    sent.push({
      tool: String(request.params?.name),
      parts: error ? [{ type: "text", text: error.message }] : ((result?.content ?? []) as Sent["parts"]),
      structured: result?.structuredContent !== undefined,
      error: error !== undefined || result?.isError === true,
    });
  }

  for (const { from, message } of lines) (from === "host" ? fromHost : fromServer)(message);
  return { client, revision, tools: [...new Set(tools)], sent, forms };
}
