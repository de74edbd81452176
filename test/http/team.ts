import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { openApp } from "../../src/app/definition.ts";
import { lazyApp } from "../../src/app/lazy-app.ts";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { type AppState, filesState } from "../../src/app/state.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { type AcademiesWorld, readAcademies } from "../../src/http/academies.ts";
import { type AcademyGrant, noGrants } from "../../src/http/grants.ts";
import { serveTeam, type TeamWorld } from "../../src/http/team.ts";
import { makeToken, type Tokens } from "../../src/http/token.ts";
import { explain } from "../../src/policy/explain.ts";
import { readPolicyAt } from "../../src/policy/read-policy.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { answersForms, type Person } from "../support/person.ts";
import { showingApps } from "../support/showing-apps.ts";
import { temporaryFolder } from "../support/temporary.ts";

export const academiesWorld: AcademiesWorld = {
  env: {},
  readText: () => "a-key",
  configOf: (env) =>
    readConfig([], env, sectionNames, (path) => readPolicyAt(path, { tools: prebuiltTools })),
};

export interface Team {
  readonly academies?: readonly Record<string, unknown>[];
  /** Person → what they may; each has a token. */
  readonly people?: Readonly<Record<string, readonly AcademyGrant[]>>;
  /** What stands at SkyPrep's place, for an academy. */
  readonly send?: (academy: string) => Send;
  readonly over?: Partial<TeamWorld>;
  /** What an academy's replicas share; left out: files of this one's own. */
  readonly stateOf?: (academy: string) => AppState;
  readonly now?: () => number;
  /** Names what each app that is opened has of a pretend academy; left out: all have the same. */
  readonly run?: () => string;
  /** What keys and secrets are read from. */
  readonly env?: Record<string, string>;
}

/** A team's server as it is, on a free port of this computer, before pretend academies. */
export async function team({
  academies = [{ name: "acme", sandbox: true }],
  people = { mia: [{ academy: "acme", scopes: ["write", "approve"] }] },
  send,
  over = {},
  stateOf,
  now = Date.now,
  run,
  env = {},
}: Team = {}) {
  const said: string[] = [];
  const sent: { academy: string; route: string }[] = [];
  const read = readAcademies([{ file: "academies.json", text: JSON.stringify({ academies }) }], {
    ...academiesWorld,
    env,
    signsIn: () => over.login !== undefined || over.identity !== undefined,
  });
  if ("wrong" in read) throw new Error(read.wrong.join("\n"));
  const made = Object.keys(people).map((person) => ({ person, ...makeToken({ person, now: now() }) }));
  const tokens: Tokens = new Map(made.map(({ kept }) => [kept.hash, kept]));
  const stateFolder = temporaryFolder("team");
  const open: TeamWorld["open"] = (config, academy, watched) => {
    const inner = send?.(academy.name) ?? createSandbox({ callsPerMinute: Infinity }).send;
    const spied: Send = (request, ...rest) => {
      sent.push({ academy: academy.name, route: request.route });
      return inner(request, ...rest);
    };
    return lazyApp(new Set(prebuiltTools.map(({ name }) => name)), async () =>
      openApp(config, {
        send: watched.send(spied),
        now,
        pause: watched.pause((ms, signal) => sleep(Math.min(ms, 5), undefined, { signal })),
        after: () => () => {},
        random: randomUUID,
        chance: () => 0.5,
        say: (line) => void said.push(line),
        terminal: false,
        bytes: randomBytes,
        over: "http",
        ...(run && { run: run() }),
        approvals: watched.approvals,
        pageAt: watched.pageAt,
        state:
          stateOf?.(academy.name) ??
          filesState(stateFolder, { now, random: randomUUID, after: () => () => {} }),
      }),
    );
  };
  const world: TeamWorld = {
    listen: { host: "127.0.0.1", port: 0 },
    hosts: ["127.0.0.1", "localhost"],
    origins: ["127.0.0.1"],
    academies: () => read.value,
    tokens: () => tokens,
    grants: () => ({ ...noGrants, people: new Map(Object.entries(people)) }),
    sealKey: new Uint8Array(32).fill(9),
    tools: prebuiltTools,
    sections: sectionNames,
    version: "0.0.0-test",
    open,
    explain,
    now,
    say: (line) => void said.push(line),
    ...over,
  };
  const served = await serveTeam(world);
  const base = `http://127.0.0.1:${served.port}`;
  const tokenFor = (person: string) => made.find((one) => one.person === person)?.token ?? "";
  return { ...served, base, said, sent, stateFolder, world, tokenFor };
}
export type RunningTeam = Awaited<ReturnType<typeof team>>;

interface Connecting {
  readonly era?: "2025" | "2026";
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly person?: Person;
  /** The client shows apps, and says so. */
  readonly apps?: boolean;
}

/** The SDK's own client, with somebody's token. */
export async function connectAs(
  running: Pick<RunningTeam, "base" | "tokenFor">,
  who: string,
  { era = "2026", path = "/mcp/acme", headers = {}, person, apps = false }: Connecting = {},
) {
  const client = new Client(
    { name: "test", version: "1" },
    {
      versionNegotiation: { mode: era === "2026" ? "auto" : "legacy" },
      capabilities: {
        ...(person && { elicitation: { form: {} } }),
        ...(apps && { extensions: showingApps }),
      },
    },
  );
  if (person) answersForms(client, person);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${running.base}${path}`), {
      requestInit: { headers: { authorization: `Bearer ${running.tokenFor(who)}`, ...headers } },
    }),
  );
  return client;
}

export const textOf = (result: unknown): string =>
  ((result as { content?: { text?: string }[] }).content ?? []).map(({ text }) => text ?? "").join("\n");
