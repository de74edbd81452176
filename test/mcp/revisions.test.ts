import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/call/job-context.ts";
import { InputRequired } from "../../src/guard/question/question.ts";
import { asKnownTo, protocols } from "../../src/mcp/protocols.ts";
import { type Message, speak } from "./raw-client.ts";

const [first = ""] = protocols;
/** Of a revision: what its published schema names, by the first one that does (schema/<revision>/schema.json). */
type Names = Readonly<Record<string, string | readonly [since: string, inside: Schema]>>;
type Schema = Names | "anything";

const meta = [first, "anything"] as const;
const icons = [
  "2025-11-25",
  { src: "2025-11-25", mimeType: "2025-11-25", sizes: "2025-11-25", theme: "2025-11-25" },
] as const;
const named = { name: first, title: "2025-06-18", icons } as const;
const described = { ...named, description: first, _meta: ["2025-06-18", "anything"] } as const;
const annotations = [first, { audience: first, priority: first, lastModified: "2025-06-18" }] as const;
const cached = { ttlMs: "2026-07-28", cacheScope: "2026-07-28", resultType: "2026-07-28" } as const;
const result = { _meta: meta, ...cached } as const;
const page = { ...result, nextCursor: first } as const;
const server = { ...named, version: first, websiteUrl: "2025-11-25", description: "2025-11-25" } as const;
const capabilities: Names = {
  experimental: meta,
  logging: meta,
  prompts: meta,
  resources: meta,
  tools: meta,
  completions: ["2025-03-26", "anything"],
  tasks: ["2025-11-25", "anything"],
  // Named in 2026; what a server may declare is no closed set, and hosts of the year before look for it.
  extensions: ["2025-11-25", "anything"],
};
const text = { type: first, text: first, annotations, _meta: ["2025-06-18", "anything"] } as const;
const link = {
  ...{ type: "2025-06-18", uri: "2025-06-18", name: "2025-06-18", title: "2025-06-18" },
  ...{ description: "2025-06-18", mimeType: "2025-06-18", size: "2025-06-18", annotations, icons },
};
const form = {
  message: "2025-06-18",
  mode: "2025-11-25",
  requestedSchema: ["2025-06-18", "anything"],
  task: ["2025-11-25", "anything"],
  _meta: meta,
} as const;

const schemas: Readonly<Record<string, Names>> = {
  initialize: {
    ...{ protocolVersion: first, instructions: first, capabilities: [first, capabilities] },
    ...{ serverInfo: [first, server], _meta: meta },
  },
  "server/discover": {
    ...result,
    ...{ supportedVersions: "2026-07-28", instructions: "2026-07-28" },
    ...{ capabilities: ["2026-07-28", capabilities], serverInfo: ["2026-07-28", server] },
  },
  "tools/list": {
    ...page,
    tools: [
      first,
      {
        ...described,
        inputSchema: [first, "anything"],
        annotations: ["2025-03-26", "anything"],
        outputSchema: ["2025-06-18", "anything"],
        execution: ["2025-11-25", "anything"],
      },
    ],
  },
  "prompts/list": {
    ...page,
    prompts: [
      first,
      {
        ...described,
        arguments: [first, { name: first, title: "2025-06-18", description: first, required: first }],
      },
    ],
  },
  "prompts/get": {
    ...result,
    description: first,
    messages: [first, { role: first, content: [first, text] }],
  },
  "resources/list": {
    ...page,
    resources: [first, { ...described, uri: first, mimeType: first, size: first, annotations }],
  },
  "resources/templates/list": {
    ...page,
    resourceTemplates: [first, { ...described, uriTemplate: first, mimeType: first, annotations }],
  },
  "resources/read": {
    ...result,
    contents: [
      first,
      { uri: first, mimeType: first, text: first, blob: first, _meta: ["2025-06-18", "anything"] },
    ],
  },
  "completion/complete": { ...result, completion: [first, { values: first, total: first, hasMore: first }] },
  "tools/call": {
    ...result,
    content: [first, { ...link, ...text }],
    isError: first,
    structuredContent: ["2025-06-18", "anything"],
    ...{ inputRequests: ["2026-07-28", "anything"], requestState: "2026-07-28" },
  },
  ping: result,
  "elicitation/create": form,
  "notifications/progress": {
    ...{ progressToken: first, progress: first, total: first, message: "2025-03-26", _meta: meta },
  },
  "notifications/cancelled": { requestId: first, reason: first, _meta: meta },
};

/** Where a message says what its revision has no name for. */
function strange(value: unknown, schema: Schema, revision: string, at = ""): string[] {
  if (schema === "anything" || typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => strange(one, schema, revision, `${at}[]`));
  return Object.entries(value).flatMap(([name, own]) => {
    const known = Object.hasOwn(schema, name) ? schema[name] : undefined;
    const [since = "never", inside] = typeof known === "string" ? [known] : (known ?? []);
    if (since === "never" || since > revision) return [`${at}.${name}`];
    const isLink =
      name === "content" && revision < "2025-06-18" && JSON.stringify(own).includes("resource_link");
    return [
      ...(isLink ? [`${at}.${name}: resource_link`] : []),
      ...strange(own, inside ?? "anything", revision, `${at}.${name}`),
    ];
  });
}

const question = {
  id: "q",
  kind: "removing" as const,
  tool: "get_user",
  facts: ["Really?"],
  stored: [],
  expiresAt: 600_000,
};

/** Answers with everything that an answer may hold, tells how far it is, and asks where it can. */
const everything: Caller = async (name, _, signal, around) => {
  around?.progress?.(1, 2, "halfway");
  const { form } = around?.asker ?? {};
  if (name === "get_courses" && form === "suspends") throw new InputRequired(question, "digest", 0);
  if (name === "get_courses" && typeof form === "function") await form(question, signal);
  return {
    outcome: "done",
    text: "one\ntwo",
    structured: { id: 1 },
    link: { uri: "skyprep://exports/x", name: "x", mimeType: "text/plain", size: 3 },
  };
};

const calls: readonly (readonly [string, Record<string, unknown>])[] = [
  ["tools/list", {}],
  ["prompts/list", {}],
  ["resources/list", {}],
  ["resources/templates/list", {}],
  ["prompts/get", { name: "offboard_leaver", arguments: { person: "x" } }],
  ["resources/read", { uri: "skyprep://exports/a1b2c3d4e5f6" }],
  [
    "completion/complete",
    { ref: { type: "ref/prompt", name: "offboard_leaver" }, argument: { name: "person", value: "a" } },
  ],
  ["tools/call", { name: "get_user", arguments: {} }],
  ["tools/call", { name: "get_courses", arguments: {} }],
];

describe.each(protocols)("a client of %s", (revision) => {
  it.each([false, true])(
    "never gets what its revision has no name for (structure: %s)",
    async (structured) => {
      const heard: Message[] = [];
      const client = await speak(revision, everything, { structured, answers: { action: "decline" }, heard });

      const said: [string, unknown][] = [
        [revision >= "2026" ? "server/discover" : "initialize", client.hello],
      ];
      for (const [method, params] of [...calls, ...(revision < "2026" ? [["ping", {}] as const] : [])])
        said.push([method, await client.ask(method, params)]);
      await client.close();

      const sent = heard.filter(({ method }) => method !== undefined);
      said.push(...sent.map(({ method, params }): [string, unknown] => [method ?? "", params]));
      const unknown = said.flatMap(([method, value]) => {
        const schema = schemas[method];
        return schema ? strange(value, schema, revision).map((one) => `${method} ${one}`) : [`${method}?`];
      });
      expect([...new Set(unknown)]).toEqual([]);
      for (const [method, value] of said)
        if (method !== "ping") expect(Object.keys(value as object), method).not.toEqual([]);
      // What it knows is not kept from it.
      const listed = said.find(([method]) => method === "prompts/list")?.[1] as { prompts: object[] };
      expect("title" in (listed.prompts[0] ?? {})).toBe(revision >= "2025-06-18");
      expect(sent.some(({ method }) => method === "notifications/progress")).toBe(true);
      expect(sent.some(({ method }) => method === "elicitation/create")).toBe(
        revision >= "2025-06-18" && revision < "2026",
      );
    },
  );
});

it("a message that holds nothing strange is handed on as it is", () => {
  const message = { jsonrpc: "2.0" as const, id: 1, result: { content: [{ type: "text", text: "a" }] } };

  for (const revision of protocols) expect(asKnownTo(revision, message)).toBe(message);
});
