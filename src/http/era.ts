import {
  type AuthInfo,
  type ClientCapabilities,
  type Implementation,
  isInitializeRequest,
  isLegacyRequest,
  type JSONRPCMessage,
  type McpHttpHandler,
  type Server,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import { z } from "zod";
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
  }),
});
/** What a client of the 2025 era said when it began, to be read by each replica. */
export type SealedSession = z.output<typeof Sealed>;

const sessionMs = 7 * 86_400_000;
const header = "mcp-session-id";

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
  return async (request: Request, { authInfo, owner, parsedBody }: EraRequest): Promise<Response> => {
    const body = parsedBody === undefined ? {} : { parsedBody };
    const pass = (auth: AuthInfo) => handler.fetch(request, { authInfo: auth, ...body });
    if (!(await isLegacyRequest(request, parsedBody))) return pass(authInfo);
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
    const session = read(open(given));
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

function read(text: string | undefined): SealedSession | undefined {
  return text === undefined ? undefined : Sealed.safeParse(JSON.parse(text)).data;
}

const refuse = (status: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });

/** The SDK's own rule: what was asked for where it is spoken, else the newest of that era. */
const spoken = (asked: string): string => {
  const [newest = asked] = SUPPORTED_PROTOCOL_VERSIONS;
  return SUPPORTED_PROTOCOL_VERSIONS.includes(asked) ? asked : newest;
};

/** Only what questions are put by: a header has no room for more. */
const known = ({ elicitation }: ClientCapabilities): SealedSession["capabilities"] =>
  elicitation === undefined
    ? {}
    : {
        elicitation: {
          ...("form" in elicitation && elicitation.form !== undefined && { form: {} }),
          ...("url" in elicitation && elicitation.url !== undefined && { url: {} }),
        },
      };

const handshake = "sealed handshake";

/**
 * A server object that was not there when the client began hears the beginning before anything else; its answer goes
 * to nobody.
 */
export function begunWith(server: Server, { capabilities, client, protocol }: SealedSession): Server {
  const connect = server.connect.bind(server);
  server.connect = async (transport) => {
    const send = transport.send.bind(transport);
    let heard = () => {};
    const begun = new Promise<void>((resolve) => {
      heard = resolve;
    });
    transport.send = async (message, ...rest) => {
      if ("id" in message && message.id === handshake) return heard();
      return send(message, ...rest);
    };
    await connect(transport);
    const clientInfo: Implementation = client;
    const beginning: JSONRPCMessage = {
      jsonrpc: "2.0",
      id: handshake,
      method: "initialize",
      params: { protocolVersion: protocol, capabilities, clientInfo },
    };
    transport.onmessage?.(beginning);
    await begun;
  };
  return server;
}
