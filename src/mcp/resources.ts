import {
  type JSONRPCMessage,
  ProtocolError,
  ProtocolErrorCode,
  type Resource,
  ResourceNotFoundError,
  type Server,
} from "@modelcontextprotocol/server";
import { type Directory, type DirectoryKind, listToolOf } from "../academy/directory.ts";
import type { Caller } from "../call/job-context.ts";
import type { Reply } from "../reply/reply.ts";
import { cleanText } from "../text/english.ts";
import { listedApp, type OfferedApps, readApp } from "./apps.ts";
import type { ExportType, KeptExports } from "./kept-exports.ts";
import { showsApps } from "./protocols.ts";
import { type Asked, addressOf, readAddress, variableOf } from "./resource-address.ts";
import { type ResourceRecord, resourceRecords, type ToolSource } from "./resource-records.ts";
import { textPage } from "./text-page.ts";

export interface ResourceParts {
  readonly call: Caller;
  readonly directory: Directory;
  readonly exports: KeptExports;
  /** Whether the settings offer this tool; what it would answer is then offered as well. */
  readonly offered: (tool: string) => boolean;
  readonly sandbox: boolean;
  /** Read by their addresses, and listed by their own method. */
  readonly skills?: ReadonlyMap<string, string>;
  /** Read by their addresses, and listed only for clients that show apps. */
  readonly apps?: OfferedApps;
}

const plain = "text/plain";
/** What the revisions before 2026 say where a resource is missing; on its way through the SDK it has another number. */
const notFound = -32002;
const legacyNotFound = -32_802;
/** What a kept export may be called; anything else is not even looked for. */
const exportId = /^[a-z0-9][a-z0-9-]{0,63}$/;
const mostCandidates = 10;

/** Resources of contract §8: the tools' own replies under addresses, all read-only. */
export function serveResources(server: Server, parts: ResourceParts): void {
  const there = Object.entries(resourceRecords).filter(
    ([, { source }]) => source === "exports" || parts.offered(source.tool),
  );
  const shown = ({ name, title, description }: ResourceRecord) => ({
    name,
    title,
    description,
    mimeType: plain,
  });

  server.setRequestHandler("resources/list", async (_, ctx) => ({
    resources: [
      ...(showsApps(server, ctx) ? [...(parts.apps ?? new Map()).values()].map(listedApp) : []),
      ...there
        .filter(([address]) => variableOf(address) === undefined)
        .map(([uri, record]): Resource => ({ uri, ...shown(record) })),
      ...(await listExports(parts.exports)),
    ],
  }));

  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: there.flatMap(([address, record]) => {
      const template = variableOf(address) === undefined ? record.template : address;
      return template === undefined ? [] : [{ uriTemplate: template, ...shown(record) }];
    }),
  }));

  server.setRequestHandler("resources/read", async ({ params: { uri } }, ctx) => {
    const skill = parts.skills?.get(uri);
    if (skill !== undefined) return { contents: [{ uri, text: skill, mimeType: "text/markdown" }] };
    if (parts.apps?.has(uri)) return { contents: [await readApp(uri)], ...held(ctx.mcpReq.envelope) };
    const asked = readAddress(uri);
    try {
      if (asked === undefined) throw new ResourceNotFoundError(uri, `There is no resource ${quoted(uri)}.`);
      if (typeof asked === "string") throw wrong(asked);
      return { contents: [{ uri, ...(await read(uri, asked, parts, ctx.mcpReq.signal)) }] };
    } catch (error) {
      if (!(error instanceof ResourceNotFoundError)) throw error;
      const { message } = error;
      // The revisions before 2026 have a code of its own for it.
      if (ctx.mcpReq.envelope === undefined)
        throw new ProtocolError(legacyNotFound, message, { uri: shortened(uri) });
      throw new ResourceNotFoundError(shortened(uri), message);
    }
  });
}

/** An app's page is the same for everybody as long as the program is; before 2026 an answer says nothing of that. */
const held = (envelope: unknown) =>
  envelope === undefined ? {} : { ttlMs: 3_600_000, cacheScope: "private" };

/** An address is as long as whoever writes it likes. */
const shortened = (uri: string): string => (uri.length > 200 ? `${uri.slice(0, 199)}…` : uri);

/** The SDK writes -32602 for -32002 in every era; what a client of the 2025 era knows is put back as it leaves. */
export const spellNotFound = (message: JSONRPCMessage): JSONRPCMessage =>
  "error" in message && message.error.code === legacyNotFound
    ? { ...message, error: { ...message.error, code: notFound } }
    : message;

async function listExports(exports: KeptExports): Promise<Resource[]> {
  const kept = await exports.list();
  return kept.map(({ id, name, bytes, createdAt, type }) => ({
    uri: addressOf(exportAddress(id)),
    name: id,
    title: cleanText(name),
    description: descriptionOf(type),
    mimeType: type,
    size: bytes,
    annotations: { lastModified: new Date(createdAt).toISOString() },
  }));
}

const descriptionOf = (type: ExportType): string =>
  type === "text/html"
    ? "A page to look at, kept for 7 days; with ?whole=true the file itself, to be saved."
    : "A report kept on this computer.";

interface Content {
  readonly text: string;
  readonly mimeType: ExportType;
}

async function read(uri: string, asked: Asked, parts: ResourceParts, signal: AbortSignal): Promise<Content> {
  const { record, item, query } = asked;
  const address = uri.replace(/\?.*$/, "");
  if (record.source === "exports") {
    const kept = await readExport(item, parts.exports);
    if (kept === undefined) {
      throw new ResourceNotFoundError(
        uri,
        `There is no export ${quoted(item ?? "")} (any more): get the report again.`,
      );
    }
    return content(kept, parts, query, address);
  }
  const { source } = record;
  const args = { ...Object.fromEntries(query), ...(await itemArgument(uri, source, item, parts, signal)) };
  if (record.whole) delete args.offset;
  const reply = await parts.call(source.tool, args, signal);
  if (reply === undefined) {
    throw new ResourceNotFoundError(uri, `${source.tool}, which reads this, is not offered by this server.`);
  }
  if (reply.missing) throw new ResourceNotFoundError(uri, reply.text);
  if (reply.outcome !== "done") throw new ProtocolError(ProtocolErrorCode.InternalError, reply.text);
  if (!record.whole) return { text: withNext(reply, address, query), mimeType: plain };

  // The copy that was kept is the whole report, and stays the same from page to page.
  const id = keptAs(reply);
  const kept = id === undefined ? undefined : await readExport(id, parts.exports);
  return kept === undefined
    ? { text: page(reply.text, query, address), mimeType: plain }
    : content(kept, parts, query, exportAddress(id));
}

type Kept = NonNullable<Awaited<ReturnType<KeptExports["read"]>>>;

function content(
  { text, type }: Kept,
  parts: ResourceParts,
  query: Asked["query"],
  address: string,
): Content {
  if (type === "text/html") return pageContent(text, query, address);
  if (query.has("whole")) throw wrong("whole is for pages: read this one from offset to offset.");
  return { text: page(marked(text, parts), query, address), mimeType: type };
}

/**
 * A page is for eyes and some hundred kB long: all of it, to the letter, goes to whoever asks for just that, and a part
 * like any text's to whoever only reads. It says itself that it is of the pretend academy.
 */
function pageContent(text: string, query: Asked["query"], address: string): Content {
  const whole = query.get("whole");
  if (whole === undefined) {
    const hint = `; the file itself: ${addressOf(address, { whole: "true" })}`;
    return { text: page(text, query, address, (next) => `<!-- ${next}${hint} -->`), mimeType: "text/html" };
  }
  if (whole !== "true" || query.has("offset")) throw wrong("whole takes true, and no offset beside it.");
  return { text, mimeType: "text/html" };
}

const exportAddress = (id: string | undefined): string => `skyprep://exports/${id}`;

async function readExport(id: string | undefined, exports: KeptExports): Promise<Kept | undefined> {
  return id !== undefined && exportId.test(id) ? exports.read(id) : undefined;
}

/** Where a reply says that the whole file is (src/reply/report.ts). */
function keptAs({ structured }: Reply): string | undefined {
  const { id } = (structured?.export ?? {}) as { id?: unknown };
  return typeof id === "string" ? id : undefined;
}

const marked = (text: string, { sandbox }: ResourceParts): string => (sandbox ? `[sandbox]\n${text}` : text);

/** A number as it is; a name, login or code as the one number it can only mean. */
async function itemArgument(
  uri: string,
  { item: rule }: ToolSource,
  item: string | undefined,
  { directory }: ResourceParts,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  if (rule === undefined || item === undefined) return {};
  if (/^[1-9]\d{0,14}$/.test(item)) return { [rule.argument]: Number(item) };
  const found = await directory.find(rule.kind, item, signal);
  const [only, ...others] = found;
  if (only === undefined) throw nobody(uri, rule.kind, item);
  if (others.length > 0) throw several(rule.kind, item, found);
  return { [rule.argument]: only.id };
}

const nobody = (uri: string, kind: DirectoryKind, item: string) =>
  new ResourceNotFoundError(
    uri,
    `No ${kind} has ${quoted(item)} in a name, login or code. Look with ${listToolOf(kind)}.`,
  );

function several(kind: DirectoryKind, item: string, found: Awaited<ReturnType<Directory["find"]>>) {
  const listed = found.slice(0, mostCandidates).map(({ id, label }) => `${id} ${label}`);
  const more = found.length > listed.length ? [`and ${found.length - listed.length} more`] : [];
  return wrong(
    [`${quoted(item)} may mean ${found.length} of kind ${kind}: use a number.`, ...listed, ...more].join(
      "\n",
    ),
  );
}

function withNext({ text, structured }: Reply, address: string, query: Asked["query"]): string {
  const cursor = structured?.next_cursor;
  if (typeof cursor !== "string") return text;
  return `${text}\nNext page: ${addressOf(address, { ...Object.fromEntries(query), cursor })}`;
}

function page(
  text: string,
  query: Asked["query"],
  address: string,
  said: (next: string) => string = (next) => next,
): string {
  const offset = query.get("offset") ?? "0";
  if (!/^\d{1,12}$/.test(offset)) throw wrong("offset must be a whole number of characters, 0 or more.");
  const part = textPage(text, Number(offset));
  if (part === undefined) throw wrong(`offset ${offset} is past the end: ${text.length} characters in all.`);
  if (part.next === undefined) return part.text;
  const next = addressOf(address, { offset: String(part.next) });
  return `${part.text.replace(/\n$/, "")}\n${said(`Next page: ${next} (${text.length} characters in all)`)}`;
}

const quoted = (text: string) => JSON.stringify(cleanText(text).slice(0, 200));
const wrong = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
