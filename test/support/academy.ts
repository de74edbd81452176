import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { Client, type ClientCapabilities } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { allTools } from "../../src/app/all-tools.ts";
import { compose } from "../../src/app/compose.ts";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { filesState } from "../../src/app/state.ts";
import { leftOutTools, offeredTools, reachableTools } from "../../src/catalogue/tool-list.ts";
import { reachesAll } from "../../src/catalogue/toolsets.ts";
import { readConfig } from "../../src/config/read-config.ts";
import type { Pages } from "../../src/guard/channels/approval-channels.ts";
import { jobs } from "../../src/jobs/index.ts";
import type { Job } from "../../src/jobs/job.ts";
import { instructions } from "../../src/mcp/instructions.ts";
import { createServers } from "../../src/mcp/server.ts";
import { explain } from "../../src/policy/explain.ts";
import { readPolicyAt } from "../../src/policy/read-policy.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Dialect } from "../../src/skyprep/assumptions.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";
import { agreeing, answersForms, type Person } from "./person.ts";
import { seededTables } from "./seeded.ts";
import { temporaryFolder } from "./temporary.ts";

const definition = { sections, jobs, listing, confirming };

export interface Reply {
  text: string;
  structured: Record<string, unknown> | undefined;
  isError: boolean;
  /** The one word for how it ended; empty where the reply has none. */
  outcome: string;
}

export type Call = (name: string, args?: Record<string, unknown>) => Promise<Reply>;

export interface Around {
  mode?: "legacy" | "auto";
  /** Who answers the client's forms; left out: the client shows none. */
  person?: Person;
  /** How long they read a form, on whatever clock there is: faster than a person can, it would count for less. */
  seconds?: number;
  pages?: Pages;
  /** Jobs besides the real ones. */
  jobs?: Readonly<Record<string, Job>>;
  clock?: { now: () => number; after: (ms: number, then: () => void) => () => void };
  /** Left out: time passes at once. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Records in place of the real ones. */
  sections?: typeof sections;
  /** What the client says it can besides forms. */
  extensions?: ClientCapabilities["extensions"];
  /** Lines to stderr. */
  say?: (line: string) => void;
}

/** A real client on our server, in memory, before whatever answers as SkyPrep. */
export async function connect(
  send: Send,
  env: Record<string, string> = {},
  {
    mode = "legacy",
    person,
    seconds = 2,
    pages,
    clock,
    pause,
    jobs: more,
    sections: own,
    extensions,
    say = () => {},
  }: Around = {},
) {
  const stateFolder = env.SKYPREP_STATE_DIR ?? temporaryFolder("state");
  const config = readConfig([], env, sectionNames, (path) => readPolicyAt(path, { tools: prebuiltTools }));
  let now = noon;
  let read = 0;
  let files = 0;
  const kept = {
    now: () => (clock ? clock.now() : now) + read,
    // Nobody in a test waits for a second to pass.
    after: clock?.after ?? (() => () => {}),
    random: () => `test${String(++files).padStart(8, "0")}`,
  };
  const composed = compose(
    config,
    { ...definition, ...(own && { sections: own }), jobs: { ...jobs, ...more } },
    {
      send,
      ...kept,
      // Time passes at once, and only while somebody waits.
      pause:
        pause ??
        (async (ms) => {
          now += ms;
        }),
      pages,
      chance: () => 0.5,
      say,
      terminal: false,
      bytes: randomBytes,
      state: filesState(stateFolder, kept),
    },
  );
  const every = more
    ? allTools({ ...definition, ...(own && { sections: own }), jobs: { ...jobs, ...more } })
    : prebuiltTools;
  const servers = createServers({
    ...composed,
    tools: offeredTools(every, config),
    reach: reachableTools(every, config),
    leftOut: leftOutTools(every, config),
    version: "0.0.0-test",
    sealKey: () => new Uint8Array(32).fill(7),
    sandbox: config.sandbox.on,
    // Tests read both, unless they say otherwise.
    structured: config.structured || env.SKYPREP_STRUCTURED === undefined,
    instructions: instructions({
      sandbox: config.sandbox.on,
      readOnly: config.readOnly,
      confirm: config.confirm,
      essentials: reachesAll(config.sections),
      policy: config.policy && explain(config.policy),
    }),
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const served = serveStdio(servers, { transport: ours });
  const client = new Client(
    { name: "test", version: "1" },
    {
      versionNegotiation: { mode },
      capabilities: { ...(person && { elicitation: { form: {} } }), ...(extensions && { extensions }) },
    },
  );
  if (person) {
    answersForms(client, (form) => {
      read += seconds * 1_000;
      return person(form);
    });
  }
  await client.connect(theirs);
  return {
    client,
    catalogue: composed.catalogue,
    jobs: composed.jobs,
    end: composed.end,
    call: ((name, args) => callOf(client, name, args)) as Call,
    close: async () => {
      await client.close();
      await served.close();
      if (env.SKYPREP_STATE_DIR === undefined) rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

/** Left out is left out: a client need not send arguments where none are given. */
async function callOf(client: Client, name: string, args?: Record<string, unknown>): Promise<Reply> {
  const result = await client.callTool({ name, ...(args && { arguments: args }) });
  const text = (result.content as { type: string; text?: string }[])
    .map((part) => part.text ?? "")
    .join("\n");
  return {
    text,
    structured: result.structuredContent as Reply["structured"],
    isError: result.isError === true,
    outcome: String(result._meta?.["skyprep/outcome"] ?? ""),
  };
}

/** 2026-11-23 12:00 UTC, whenever the tests run. */
export const noon = Date.UTC(2026, 10, 23, 12);

export interface AcademyOptions extends Around {
  strict?: boolean;
  people?: number;
  env?: Record<string, string>;
  /** A client that shows no forms. */
  formless?: boolean;
  /** Where the academy is otherwise than assumed. */
  dialect?: Dialect;
}

/** A fresh academy and a client that administers it, with nobody counting the calls. */
export async function openAcademy({
  strict = false,
  people = 302,
  env = {},
  formless = false,
  dialect,
  ...around
}: AcademyOptions = {}) {
  const sandbox = createSandbox({
    now: () => noon,
    strict,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
    ...(dialect && { dialect }),
  });
  const connected = await connect(
    sandbox.send,
    { SKYPREP_SANDBOX: "true", ...env },
    {
      ...(!formless && { person: agreeing }),
      ...around,
    },
  );
  return { ...connected, sandbox };
}

/** A `Send` that answers the same to everything and keeps what it was sent. */
export function answering(
  body: string | Uint8Array,
  { status = 200, contentType = "application/json" } = {},
) {
  const sent: { route: string; form: URLSearchParams; headers: Readonly<Record<string, string>> }[] = [];
  const send: Send = async ({ route, headers, body: form }) => {
    sent.push({ route, form: new URLSearchParams(form), headers });
    return { status, contentType, body: typeof body === "string" ? new TextEncoder().encode(body) : body };
  };
  return { send, sent };
}

/** Settings of a live account; nothing listens behind the addresses used in tests. */
export const liveAccount = {
  SKYPREP_API_KEY: "test-key-4711-secret",
  SKYPREP_ACCT_KEY: "academy.example.com",
};
