import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type JSONRPCMessage,
  type Server,
  type ServerContext,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";

/** The revisions of the protocol that clients may speak, the oldest first: those the SDK takes in an `initialize`, and those of the era after it, which it tells only when asked. */
export const protocols: readonly string[] = [...SUPPORTED_PROTOCOL_VERSIONS, "2026-07-28"].sort();

/**
 * What we send, by where it stands and the first revision whose published schema knows it; in a list, of each in it,
 * or one of that `type`. What a client of an earlier one does not know it may throw on. Before 2024-11-05 nothing was
 * published: such a client is taken for one of that day.
 */
const since = {
  "serverInfo/title": "2025-06-18",
  "serverInfo/icons": "2025-11-25",
  "capabilities/completions": "2025-03-26",
  // By its name of 2026. A server may declare what it likes, and hosts of the year before look for it.
  "capabilities/extensions": "2025-11-25",
  "tools/annotations": "2025-03-26",
  "tools/title": "2025-06-18",
  "tools/outputSchema": "2025-06-18",
  "tools/_meta": "2025-06-18",
  "tools/icons": "2025-11-25",
  "prompts/title": "2025-06-18",
  "prompts/arguments/title": "2025-06-18",
  "prompts/_meta": "2025-06-18",
  "prompts/icons": "2025-11-25",
  "resources/title": "2025-06-18",
  "resources/annotations/lastModified": "2025-06-18",
  "resources/_meta": "2025-06-18",
  "resources/icons": "2025-11-25",
  "resourceTemplates/title": "2025-06-18",
  "resourceTemplates/_meta": "2025-06-18",
  "resourceTemplates/icons": "2025-11-25",
  "contents/_meta": "2025-06-18",
  structuredContent: "2025-06-18",
  "content/resource_link": "2025-06-18",
  "notifications/progress:message": "2025-03-26",
  "elicitation/create:": "2025-06-18",
  "elicitation/create:mode": "2025-11-25",
} as const;

/** Whether a client that negotiated this revision knows such a thing; undefined: none was, and the newest is meant. */
export const knows = (revision: string | undefined, thing: keyof typeof since): boolean =>
  revision === undefined || revision >= since[thing];

type Path = readonly string[];
interface Strange {
  readonly ofResults: readonly Path[];
  /** Of what the server sends by itself. */
  readonly ofMethods: ReadonlyMap<string, readonly Path[]>;
}
const perRevision = new Map<string, Strange>();

/** What a client of this revision does not know. */
function strangeTo(revision: string): Strange {
  const known = perRevision.get(revision);
  if (known !== undefined) return known;
  const things = (Object.keys(since) as (keyof typeof since)[]).filter((one) => !knows(revision, one));
  const paths = things.map((one): [string, string] => {
    const [method, path] = one.split(":");
    return path === undefined ? ["", one] : [method ?? "", path];
  });
  const methods = [...new Set(paths.map(([method]) => method))];
  const of = (method: string) =>
    paths.flatMap(([own, path]) => (own === method && path !== "" ? [path.split("/")] : []));
  const strange = {
    ofResults: of(""),
    ofMethods: new Map(methods.filter((one) => one !== "").map((one) => [one, of(one)])),
  };
  perRevision.set(revision, strange);
  return strange;
}

/** A message as a client of this revision knows one. The answer to `initialize` names the one that is agreed on in it. */
export function asKnownTo(negotiated: string | undefined, message: JSONRPCMessage): JSONRPCMessage {
  if ("result" in message) {
    const { protocolVersion } = message.result;
    const revision = typeof protocolVersion === "string" ? protocolVersion : negotiated;
    const paths = revision === undefined ? [] : strangeTo(revision).ofResults;
    const result = withoutAll(message.result, paths);
    return result === message.result ? message : { ...message, result };
  }
  if (!("method" in message) || message.params === undefined || negotiated === undefined) return message;
  const paths = strangeTo(negotiated).ofMethods.get(message.method) ?? [];
  const params = withoutAll(message.params, paths);
  return params === message.params ? message : { ...message, params };
}

const withoutAll = <T>(value: T, paths: readonly Path[]): T =>
  paths.reduce((left, path) => without(left, path) as T, value);

/** The value itself where there is no such thing in it. */
function without(value: unknown, [name = "", ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    const left = value
      .filter((one) => rest.length > 0 || (one as { type?: unknown } | null)?.type !== name)
      .map((one) => without(one, [name, ...rest]));
    return left.length === value.length && left.every((one, at) => one === value[at]) ? value : left;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  const { [name]: own, ...others } = value as Record<string, unknown>;
  if (rest.length === 0) return others;
  const left = without(own, rest);
  if (left === own) return value;
  // With nothing left in it, it says nothing.
  return Object.keys(left as object).length === 0 ? others : { ...others, [name]: left };
}

/** MCP Apps: what a host declares that shows HTML of a server's in the chat. */
export const appsExtension = "io.modelcontextprotocol/ui";
export const appType = "text/html;profile=mcp-app";

/** Whether the client of this request shows apps, in its own protocol era. */
export function showsApps(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as
    | { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities }
    | undefined;
  return declaresApps(envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities());
}

export function declaresApps(capabilities: ClientCapabilities | undefined): boolean {
  const declared = capabilities?.extensions?.[appsExtension] as { readonly mimeTypes?: unknown } | undefined;
  return Array.isArray(declared?.mimeTypes) && declared.mimeTypes.includes(appType);
}
