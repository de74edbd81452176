import {
  type AuthInfo,
  type ClientCapabilities,
  type Implementation,
  isInitializeRequest,
  isLegacyRequest,
  type McpHttpHandler,
  PROTOCOL_VERSION_META_KEY,
  type Server,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { appsExtension, appType, declaresApps } from "../mcp/protocols.ts";
import { createSealing } from "./seal.ts";

/** Whom a session was begun for; good for nobody and nowhere else. */
export interface SessionOwner {
  readonly person: string;
  readonly academy: string;
}

const Sealed = z.strictObject({
  person: z.string(),
  academy: z.string(),
  /** Epoch milliseconds. */
  until: z.number(),
  protocol: z.string(),
  client: z.strictObject({ name: z.string(), version: z.string() }),
  capabilities: z.strictObject({
    elicitation: z
      .strictObject({ form: z.strictObject({}).optional(), url: z.strictObject({}).optional() })
      .optional(),
    extensions: z
      .strictObject({ [appsExtension]: z.strictObject({ mimeTypes: z.tuple([z.literal(appType)]) }) })
      .optional(),
  }),
});
/** What a client of the 2025 era said when it began, to be read by each replica. */
export type SealedSession = z.output<typeof Sealed>;

const sessionMs = 7 * 86_400_000;
/** Of some hundred bytes each. */
const mostOpened = 4_096;
const header = "mcp-session-id";
const statelessSince = "2026-07-28";

interface ErasWorld {
  readonly handler: Pick<McpHttpHandler, "fetch">;
  /** Shared by all replicas. */
  readonly sealKey: Uint8Array;
  readonly now: () => number;
}

export interface EraRequest {
  readonly authInfo: AuthInfo;
  readonly owner: SessionOwner;
  readonly parsedBody?: unknown;
}

/**
 * Both eras behind one door. Of 2026-07-28 a request says all there is to know; of the years before, the handshake is
 * sealed into the session's id, so that no request needs the replica that answered the last.
 */
export function createEras({ handler, sealKey, now }: ErasWorld) {
  const { seal, open } = createSealing(sealKey, "session");
  const opened = new Map<string, SealedSession>();
  /** Opened once while it is in use: each of its client's requests brings it. */
  const sessionIn = (sealed: string): SealedSession | undefined => {
    const known = opened.get(sealed);
    if (known !== undefined) return known;
    const text = open(sealed);
    const session = text === undefined ? undefined : Sealed.safeParse(JSON.parse(text)).data;
    if (session === undefined) return undefined;
    const [oldest] = opened.keys();
    if (oldest !== undefined && opened.size >= mostOpened) opened.delete(oldest);
    opened.set(sealed, session);
    return session;
  };
  return async (request: Request, { authInfo, owner, parsedBody }: EraRequest): Promise<Response> => {
    const body = parsedBody === undefined ? {} : { parsedBody };
    const pass = (auth: AuthInfo) => handler.fetch(request, { authInfo: auth, ...body });
    if (namesNewest(parsedBody) || !(await isLegacyRequest(request, parsedBody))) return pass(authInfo);
    if (isInitializeRequest(parsedBody)) {
      const answer = await pass(authInfo);
      if (!answer.ok) return answer;
      const { capabilities, clientInfo, protocolVersion } = parsedBody.params;
      const session: SealedSession = {
        ...owner,
        until: now() + sessionMs,
        protocol: spoken(protocolVersion),
        client: { name: clientInfo.name.slice(0, 128), version: clientInfo.version.slice(0, 64) },
        capabilities: known(capabilities),
      };
      const headers = new Headers(answer.headers);
      headers.set(header, seal(JSON.stringify(session)));
      return new Response(answer.body, { status: answer.status, headers });
    }
    // Neither is held open here: the handler says so itself.
    if (request.method !== "POST") return pass(authInfo);
    const given = request.headers.get(header);
    if (given === null)
      return refuse(400, "Bad Request: begin with initialize, then send Mcp-Session-Id with every request.");
    const session = sessionIn(given);
    if (
      session === undefined ||
      session.until <= now() ||
      session.person !== owner.person ||
      session.academy !== owner.academy
    )
      return refuse(404, "Session not found: begin anew with initialize.");
    return pass({ ...authInfo, extra: { ...authInfo.extra, session } });
  };
}

/**
 * Whether a message itself says that it is of 2026: then the handler has to look, and takes it for that or for nothing.
 * To ask the SDK first is the same look a second time.
 */
function namesNewest(body: unknown): boolean {
  if (typeof body !== "object" || body === null || "result" in body || "error" in body) return false;
  const { method, params } = body as { method?: unknown; params?: { _meta?: unknown } | null };
  const meta = (params?._meta ?? {}) as Readonly<Record<string, unknown>>;
  return (
    typeof method === "string" &&
    method !== "initialize" &&
    meta[PROTOCOL_VERSION_META_KEY] === statelessSince
  );
}

const refuse = (status: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });

/** The SDK's own rule: what was asked for where it is spoken, else the newest of that era. */
const spoken = (asked: string): string => {
  const [newest = asked] = SUPPORTED_PROTOCOL_VERSIONS;
  return SUPPORTED_PROTOCOL_VERSIONS.includes(asked) ? asked : newest;
};

/** Only what questions are put by, and whether apps are shown: a header has no room for more. */
function known(said: ClientCapabilities): SealedSession["capabilities"] {
  const { elicitation } = said;
  return {
    ...(elicitation !== undefined && {
      elicitation: {
        ...("form" in elicitation && elicitation.form !== undefined && { form: {} }),
        ...("url" in elicitation && elicitation.url !== undefined && { url: {} }),
      },
    }),
    ...(declaresApps(said) && { extensions: { [appsExtension]: { mimeTypes: [appType] } } }),
  };
}

/**
 * A server object that was not there when the client began knows what was said then: which revision was agreed on,
 * and who is asked how. (To have it hear the beginning again takes a tenth of a call.)
 */
export function begunWith(server: Server, { capabilities, client, protocol }: SealedSession): Server {
  const clientInfo: Implementation = client;
  return Object.assign(server, {
    getClientCapabilities: () => capabilities,
    getClientVersion: () => clientInfo,
    getNegotiatedProtocolVersion: () => protocol,
  });
}
