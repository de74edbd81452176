import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  inputRequired,
  type JSONRPCMessage,
  type Tool as ListedTool,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  SdkError,
  SdkErrorCode,
  SERVER_INFO_META_KEY,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Directory } from "../academy/directory.ts";
import { type Progress, silent } from "../call/call-deadline.ts";
import type { Caller } from "../call/job-context.ts";
import { namesNow } from "../catalogue/former-names.ts";
import type { LeftOut, OfferedTool } from "../catalogue/tool-list.ts";
import type { Asker } from "../guard/channels/approval-channels.ts";
import { type Answer, InputRequired, type Question, textOf, typeThis } from "../guard/question/question.ts";
import { type CallOutcome, type Reply, wentWrong } from "../reply/reply.ts";
import { structureOf } from "../reply/structure.ts";
import type { Exports } from "../state/ports.ts";
import { boardMeta, offeredApps } from "./apps.ts";
import { serveCompletions } from "./completions.ts";
import { icons } from "./icon.ts";
import { textsOf } from "./kept-exports.ts";
import { offeredPrompts, servePrompts } from "./prompts.ts";

import { asKnownTo, knows, showsApps } from "./protocols.ts";
import { serveResources, spellNotFound } from "./resources.ts";
import { serveSkills, skillsExtension, skillsOf } from "./skills.ts";

const anHour = { ttlMs: 3_600_000, cacheScope: "private" } as const;

/** How a client is given the address of a page that asks (URL elicitation). */
export interface Links {
  isShown(capabilities: ClientCapabilities | undefined): boolean;
  /** What came back of one. */
  said(response: unknown): NonNullable<Asker["opening"]>["said"];
  /** @throws UrlElicitationRequiredError, in the eras before 2026 */
  put(asked: InputRequired, codec: Codec, ctx: ServerContext): Promise<InputRequiredResult>;
}

export interface ServerParts {
  readonly version: string;
  /** What settings offer; it never changes while the process lives. */
  readonly tools: readonly OfferedTool[];
  /** Names of all that can be called, the unlisted through another one. */
  readonly reach: ReadonlySet<string>;
  readonly leftOut: LeftOut;
  readonly call: Caller;
  readonly directory: Directory;
  readonly exports: Pick<Exports, "list" | "read">;
  readonly sandbox: boolean;
  /** SKYPREP_STRUCTURED: whoever reads replies is a program, and gets `structuredContent` beside the text. */
  readonly structured?: boolean;
  readonly instructions: string;
  /** 32 random bytes of this process: what it seals, nobody else can. Asked for once, when first needed. */
  readonly sealKey: () => Uint8Array;
  /** Many persons come over HTTP, each request on its own; left out: one client, on a connection that stays. */
  readonly http?: {
    /** Whose a request is: what was sealed for one is no other's. */
    readonly owner: () => string;
    readonly links: Links;
  };
}

/**
 * A factory of servers that all offer the same: one is made for each connection and protocol era.
 */
export function createServers(parts: ServerParts): () => Server {
  const { version, tools, reach, call, directory, sandbox, instructions, structured = false } = parts;
  // Of this process: an answer to a question that another one put counts for nothing here.
  let made: Codec | undefined;
  const codec = () => {
    made ??= createRequestStateCodec<Seal>({
      key: parts.sealKey(),
      ...(parts.http && { bind: parts.http.owner }),
    });
    return made;
  };
  const names = new Set(tools.map(({ name }) => name));
  /** Whose answers an app shows. */
  const looked = new Set(tools.flatMap(({ name, _meta }) => (_meta?.ui ? [name] : [])));
  const now = namesNow(tools);
  // Never on its way through a call, where every other reply is told to be of the pretend academy.
  const leftOut: LeftOut = (name) => {
    const reply = parts.leftOut(name);
    return reply && sandbox ? { ...reply, text: `[sandbox] ${reply.text}` } : reply;
  };
  const listed = tools.map(({ section: _, coded: __, effect: ___, was: ____, ...tool }): ListedTool => tool);
  const exports = textsOf(parts.exports);
  const through: Caller = (name, args, ...rest) =>
    names.has(name)
      ? call(name, args, ...rest)
      : call("read_operation", { operation: name, arguments: args }, ...rest);
  const offered = (tool: string) => reach.has(tool);
  const prompts = offeredPrompts(offered);
  const skills = skillsOf(prompts);
  const edge = {
    call: through,
    directory,
    exports,
    sandbox,
    offered,
    prompts,
    skills,
    apps: offeredApps(tools),
  };
  return () => {
    const server = new Server(
      { name: "skyprep-mcp", title: "SkyPrep", version, icons },
      {
        // None says listChanged: a stream that only listens would have to end with the token that it was opened with.
        capabilities: {
          tools: {},
          resources: {},
          prompts: {},
          completions: {},
          extensions: { [skillsExtension]: {} },
        },
        instructions,
        // None for resources/list: kept exports come and go.
        cacheHints: {
          "tools/list": anHour,
          "prompts/list": anHour,
          "resources/templates/list": anHour,
          "resources/read": { ttlMs: 60_000, cacheScope: "private" },
        },
      },
    );
    onlyWhatIsKnown(server);
    serveResources(server, edge);
    serveSkills(server, skills);
    servePrompts(server, prompts);
    serveCompletions(server, edge);
    server.setRequestHandler("tools/list", () => ({ tools: listed }));
    server.setRequestHandler("tools/call", async ({ params }, ctx) => {
      const progress = progressOf(ctx);
      const came = (ctx.mcpReq.envelope && (await returnedWith(ctx, codec(), parts.http?.links))) ?? {};
      const asker = askerOf(server, ctx, { progress, ...came, links: parts.http?.links });
      try {
        const name = now.get(params.name) ?? params.name;
        const around = {
          progress,
          asker,
          showsApps: looked.has(name) && showsApps(server, ctx),
          ...(name !== params.name && { calledAs: params.name }),
        };
        const reply = call(name, params.arguments, ctx.mcpReq.signal, around) ?? leftOut(params.name);
        if (reply === undefined)
          throw new ProtocolError(
            ProtocolErrorCode.InvalidParams,
            `Unknown tool: ${params.name.slice(0, 64)}`,
          );
        return result(await reply, structured ? server.getNegotiatedProtocolVersion() : textOnly, sandbox);
      } catch (error) {
        if (!(error instanceof InputRequired)) throw error;
        const { address } = error;
        const put = address === undefined ? questionIn : (parts.http?.links.put ?? questionIn);
        const asking = await put(error, codec(), ctx);
        return structured ? { ...asking, _meta: { ...asking._meta, ...waiting } } : asking;
      }
    });
    return server;
  };
}

const smallStep = 0.01;

/** Progress goes out only where the client asked for it, and never holds a call up. */
function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return silent;
  let last = Number.NEGATIVE_INFINITY;
  return (done, total, message) => {
    // Seconds waited and things done are told in turn; the protocol wants one number that grows.
    const progress = done > last ? done : last + smallStep;
    last = progress;
    const params = {
      progressToken,
      progress,
      ...(total !== undefined && total >= progress && { total }),
      message,
    };
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}

/** Older than any revision: such a client knows text and nothing else. */
const textOnly = "0";

/** How the call ended, for programs that ask for structure: six of the hosts tried show their model all of `_meta`. */
const outcomeKey = "skyprep/outcome";
const waiting = { [outcomeKey]: "waiting" satisfies CallOutcome };

/**
 * The one place where a reply becomes the protocol's: what the client does not know, or nobody asked for, is left out
 * here and nowhere else, and so is said what is an error. What is not wanted is not even read: it is made when read.
 */
function result(reply: Reply, revision: string | undefined, sandbox: boolean): CallToolResult {
  const { text, link, outcome } = reply;
  const meta = {
    ...(revision !== textOnly && { [outcomeKey]: outcome }),
    ...(reply.board && boardMeta(reply.board)),
  };
  const structured = knows(revision, "structuredContent")
    ? (reply.structured ?? structureOf(reply, { sandbox, isTold: true }))
    : undefined;
  const linked = link !== undefined && knows(revision, "content/resource_link");
  return {
    content: [{ type: "text", text }, ...(linked ? [{ type: "resource_link" as const, ...link }] : [])],
    ...(structured && { structuredContent: structured }),
    ...(wentWrong(outcome) && { isError: true }),
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
  };
}

/**
 * What an answer of the 2026 era is sealed with: the question, the digest of the very call it was asked for, when it
 * went out, and whether a phrase had to be typed.
 */
export interface Seal {
  readonly question: string;
  readonly call: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly phrase?: true;
  /** An address was to be opened: whatever comes back says only that. */
  readonly page?: true;
}
export type Codec = RequestStateCodec<Seal>;

/** A person's time: as long as a question is good. */
const formMs = 600_000;
const field = { typed: "typed", answer: "answer" } as const;

interface Asking {
  readonly progress: Progress;
  readonly returned?: Asker["returned"];
  readonly opening?: Asker["opening"];
  /** Left out: the connection stays. Where it does not, an answer to a request of ours could reach another process. */
  readonly links?: Links | undefined;
}

/** How the client of this request can be asked, in its own protocol era. */
export function askerOf(
  server: Server,
  ctx: ServerContext,
  { progress, returned, opening, links }: Asking,
): Asker {
  const { envelope } = ctx.mcpReq;
  const own = (envelope ?? {}) as {
    readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
    readonly [CLIENT_INFO_META_KEY]?: { readonly name?: string };
  };
  const capabilities = own[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  const client = own[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  let waited = 0;
  return {
    client: client?.name ?? "",
    tell: (text) => progress(++waited, undefined, text),
    ...(knows(server.getNegotiatedProtocolVersion(), "elicitation/create:") &&
      (envelope !== undefined || links === undefined) &&
      showsForms(capabilities) && { form: envelope ? "suspends" : legacyForm(ctx) }),
    ...(links?.isShown(capabilities) && { link: envelope ? "suspends" : "refuses" }),
    ...(returned && { returned }),
    ...(opening && { opening }),
  };
}

/** `{}` was forms before there was anything else to declare. */
const showsForms = (capabilities: ClientCapabilities | undefined): boolean => {
  const elicitation = capabilities?.elicitation;
  return elicitation !== undefined && ("form" in elicitation || Object.keys(elicitation).length === 0);
};

/** The 2025 era: a request to the client while the call waits. */
const legacyForm =
  ({ mcpReq }: ServerContext): Exclude<Asker["form"], "suspends" | undefined> =>
  async (question, signal) => {
    try {
      // As it came: a check of the whole form before it is read would turn a no with a slip beside it into no answer.
      const asking = { method: "elicitation/create", params: formOf(question) } as const;
      const response = await mcpReq.send(asking, { timeout: formMs, signal });
      return answerIn(response, question.phrase === undefined ? "answer" : "typed");
    } catch (error) {
      signal.throwIfAborted();
      // Silence is no failure of the form: nobody answered, and nobody is asked again unless called again.
      const late = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
      return { said: late ? "cancelled" : "failed" };
    }
  };

/** The 2026 era: the answer that came back, if the seal around it is ours. */
async function returnedWith(
  ctx: ServerContext,
  codec: Codec,
  links: Links | undefined,
): Promise<Pick<Asker, "returned" | "opening"> | undefined> {
  const state = ctx.mcpReq.requestState<string>();
  const response = ctx.mcpReq.inputResponses?.[field.answer];
  if (typeof state !== "string") return undefined;
  try {
    const { question, call, at, phrase, page } = await codec.verify(state, ctx);
    if (page) return links && { opening: { question, at, said: links.said(response) } };
    return { returned: { question, call, at, answer: answerIn(response, phrase ? "typed" : "answer") } };
  } catch {
    // Not ours, altered or too old: it counts for nothing, and the question is put anew.
    return undefined;
  }
}

/** The 2026 era: the call ends with the question, and begins again with what was said. */
export async function questionIn(
  { question, call, at }: InputRequired,
  codec: Codec,
  ctx: ServerContext,
): Promise<InputRequiredResult> {
  return inputRequired({
    inputRequests: { [field.answer]: inputRequired.elicit(formOf(question)) },
    requestState: await codec.mint(
      { question: question.id, call, at, ...(question.phrase !== undefined && { phrase: true as const }) },
      ctx,
    ),
  });
}

/** One object for all: the SDK compiles each schema it has not met, and keeps it as long as the process lives. */
const yesOrNo: ElicitRequestFormParams["requestedSchema"] = {
  type: "object",
  properties: { [field.answer]: { type: "string", title: "Your answer", enum: ["yes", "no"] } },
  required: [field.answer],
};
const typing = (phrase: string): ElicitRequestFormParams["requestedSchema"] => ({
  type: "object",
  properties: { [field.typed]: { type: "string", title: typeThis(phrase), maxLength: 255 } },
  required: [field.typed],
});

const formOf = (question: Question): ElicitRequestFormParams => ({
  mode: "form",
  message: textOf(question),
  requestedSchema: question.phrase === undefined ? yesOrNo : typing(question.phrase),
});

/**
 * Anything that is not plainly a yes is none: the one field that was asked for, as it was asked for. A no beside
 * it wins; a form that comes back otherwise has failed.
 */
function answerIn(response: unknown, asked: keyof typeof field): Answer {
  const { action, content } = (response ?? {}) as { action?: unknown; content?: unknown };
  if (action === "decline") return { said: "no" };
  if (action === "cancel") return { said: "cancelled" };
  if (action !== "accept") return { said: "failed" };
  // Fields of its own only: an inherited one was given by nobody.
  const given = new Map(typeof content === "object" && content !== null ? Object.entries(content) : []);
  if (given.get(field.answer) === "no") return { said: "no" };
  const value = given.get(field[asked]);
  if (Array.isArray(content) || given.size !== 1 || typeof value !== "string") return { said: "failed" };
  if (asked === "typed") return { said: "yes", typed: value };
  return { said: value === "yes" ? "yes" : "failed" };
}

/**
 * A client that negotiated a revision without a thing never gets the thing: the SDK tells every one of them the same.
 * The one place that looks at what leaves.
 */
export function onlyWhatIsKnown(server: Server): void {
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, ...rest) =>
      send(asKnownTo(server.getNegotiatedProtocolVersion(), withoutPicture(spellNotFound(message))), ...rest);
    return connect(transport);
  };
}

type Named = Readonly<Record<string, unknown>> | undefined;

/** Every answer of the 2026 era carries the server's name, which some hosts show their model: without its picture. */
function withoutPicture(message: JSONRPCMessage): JSONRPCMessage {
  if (!("result" in message)) return message;
  const { result } = message;
  const meta = result._meta as Named;
  const named = meta?.[SERVER_INFO_META_KEY] as Named;
  if (named?.icons === undefined || result.serverInfo !== undefined || result.capabilities !== undefined)
    return message;
  const { icons: _, ...info } = named;
  const _meta = { ...meta, [SERVER_INFO_META_KEY]: info } as Record<string, unknown>;
  return { ...message, result: { ...result, _meta } as typeof result };
}
