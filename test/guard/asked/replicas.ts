import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Client, isInputRequiredResult } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { asPrincipal } from "../../../src/access/principal.ts";
import { openApp } from "../../../src/app/definition.ts";
import { prebuiltTools, sectionNames } from "../../../src/app/prebuilt-tools.ts";
import type { AppState } from "../../../src/app/state.ts";
import { filesState } from "../../../src/app/state.ts";
import { readConfig } from "../../../src/config/read-config.ts";
import { links } from "../../../src/http/links.ts";
import type { Journal } from "../../../src/journal/line.ts";
import { createServers } from "../../../src/mcp/server.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { noon } from "../../support/academy.ts";
import { reads } from "../../support/catalogue.ts";
import { createClock } from "../../support/clock.ts";
import { stateIn } from "../../support/database-state.ts";
import { freshDatabase } from "../../support/postgres.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { population } from "./cases.ts";

export type Keeper = "files" | "postgres";

/** A client's answer as it goes over the wire. */
export interface Put {
  readonly state: string;
  readonly message: string;
  /** What a person who agrees sends back. */
  readonly yes: Record<string, unknown>;
  readonly no: Record<string, unknown>;
}
export type Leg =
  | { readonly put: Put; readonly text?: never }
  | { readonly put?: never; readonly text: string };

interface Replica {
  readonly person?: string;
  readonly academy?: string;
  readonly env?: Record<string, string>;
  readonly forms?: boolean;
  readonly mode?: "legacy" | "auto";
  /** As if killed once the yes is used, before the intent is written. */
  readonly dies?: boolean;
  /** How long a call to SkyPrep takes. */
  readonly callMs?: number;
  /** Before SkyPrep answers a call of this route. */
  readonly answers?: (route: string) => Promise<void>;
}

const answerOf = (put: Put, content: Record<string, unknown> | "decline") => ({
  requestState: put.state,
  inputResponses: {
    answer: content === "decline" ? { action: "decline" } : { action: "accept", content },
  },
});

/** Whoever is dead keeps nothing any more. */
function dying(state: AppState): AppState {
  let isDead = false;
  const journal: AppState["journal"] = (kept) => {
    const own = state.journal(kept);
    const intend: Journal["intend"] = (intent, more) =>
      own.intend(intent, {
        ...more,
        use: async () => {
          await more?.use?.();
          isDead = true;
          throw new Error("killed");
        },
      });
    return { ...own, intend };
  };
  const stamped: AppState["stamped"] = (...of) => {
    const own = state.stamped(...of);
    return {
      ...own,
      alone: async (work) => {
        if (isDead) throw new Error("killed");
        return own.alone(work);
      },
    };
  };
  return { ...state, journal, stamped };
}

/** One academy, one state, and as many replicas before it as are opened, each with a client of the 2026 era. */
export async function team(keeper: Keeper) {
  const clock = createClock(noon);
  const sandbox = createSandbox({
    now: clock.now,
    people: population,
    callsPerMinute: Infinity,
    tables: seededTables,
  });
  const folder = temporaryFolder("team");
  const database = keeper === "postgres" ? await freshDatabase() : undefined;
  await database?.setClock(noon);
  const closing: (() => Promise<unknown>)[] = [];
  const sent: string[] = [];
  const after = () => () => {};
  const stateOf = (academy: string): AppState => {
    const opened = database?.open();
    return opened
      ? stateIn(opened, { academy, egress: "default", now: clock.now })
      : filesState(`${folder}/${academy}`, { now: clock.now, random: randomUUID, after });
  };

  async function replica({
    person = "mia",
    academy = "acme",
    env = {},
    forms = true,
    mode = "auto",
    dies = false,
    callMs = 0,
    answers,
  }: Replica = {}) {
    const config = {
      ...readConfig([], { SKYPREP_SANDBOX: "true", ...env }, sectionNames),
      codes: false as const,
    };
    const state = stateOf(academy);
    const principal = { person, scopes: ["write" as const], replica: randomUUID() };
    const app = openApp(config, {
      send: async (request, ...rest) => {
        clock.set(clock.now() + callMs);
        if (!reads.has(request.route)) sent.push(request.route);
        await answers?.(request.route);
        return sandbox.send(request, ...rest);
      },
      now: clock.now,
      pause: async () => {},
      after,
      random: randomUUID,
      chance: () => 0.5,
      bytes: randomBytes,
      say: () => {},
      terminal: false,
      over: "http",
      state: dies ? dying(state) : state,
    });
    const servers = createServers({
      ...app,
      call: (...given) => asPrincipal(principal, () => app.call(...given)),
      tools: prebuiltTools,
      reach: new Set(prebuiltTools.map(({ name }) => name)),
      leftOut: () => undefined,
      version: "0.0.0-test",
      sealKey: () => new Uint8Array(32).fill(7),
      http: { owner: () => JSON.stringify([academy, person]), links },
      sandbox: true,
      instructions: "",
    });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const served = serveStdio(servers, { transport: ours });
    const client = new Client(
      { name: "test", version: "1" },
      { versionNegotiation: { mode }, ...(forms && { capabilities: { elicitation: { form: {} } } }) },
    );
    if (forms) client.setRequestHandler("elicitation/create", () => ({ action: "cancel" as const }));
    await client.connect(theirs);
    closing.push(
      () => client.close(),
      () => served.close(),
      app.end,
    );

    /** One leg of a call: nothing is answered by the client's library. */
    const call = async (name: string, args: Record<string, unknown>, more = {}): Promise<Leg> => {
      const result: unknown = await client.request(
        { method: "tools/call", params: { name, arguments: args, ...more } },
        { allowInputRequired: true },
      );
      if (!isInputRequiredResult(result)) {
        const { content } = result as { content?: { text?: string }[] };
        return { text: (content ?? []).map(({ text }) => text ?? "").join("\n") };
      }
      const { answer } = result.inputRequests as unknown as { answer: { params: { message: string } } };
      const { message } = answer.params;
      const phrase = /^Type (.*) to go on\.$/m.exec(message)?.[1];
      const put: Put = {
        state: String(result.requestState),
        message,
        yes: {},
        no: {},
      };
      // Whoever reads a question takes longer than a moment.
      clock.set(clock.now() + 2_000);
      return {
        put: {
          ...put,
          yes: answerOf(put, phrase === undefined ? { answer: "yes" } : { typed: phrase }),
          no: answerOf(put, "decline"),
        },
      };
    };
    const asked = async (name: string, args: Record<string, unknown>): Promise<Put> => {
      const { put, text } = await call(name, args);
      if (put === undefined) throw new Error(`nobody was asked: ${text}`);
      return put;
    };
    /** Its lines, as they are kept. */
    const journal = async () => {
      if (database) {
        const rows = await database.admin("select content from skyprep.journal_lines order by seq");
        return rows.map(({ content }) => String(content)).join("\n");
      }
      const kept = readdirSync(`${folder}/${academy}/journal`).filter((name) => name.endsWith(".jsonl"));
      return kept.map((name) => readFileSync(`${folder}/${academy}/journal/${name}`, "utf8")).join("\n");
    };
    return { call, asked, state, journal };
  }

  return {
    clock,
    world: sandbox.world,
    sent,
    folder,
    database,
    replica,
    typing: (put: Put, typed: string) => answerOf(put, { typed }),
    close: async () => {
      for (const one of closing.splice(0)) await one();
    },
  };
}
export type RunningTeam = Awaited<ReturnType<typeof team>>;
