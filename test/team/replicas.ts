import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FirstTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { AcademyGrant } from "../../src/http/grants.ts";
import { makeToken, tokensText } from "../../src/http/token.ts";
import { serveSandbox } from "../../src/sandbox/server/http.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { start } from "../http/built-program.ts";
import { replicaCommand } from "../support/compose.ts";
import { type Entrance, publicName, startNginx } from "../support/nginx.ts";
import { answersForms, opensPages, type Person } from "../support/person.ts";
import { freePort } from "../support/postgres-cluster.ts";
import { opensAddresses, type StatelessCall, showsForms, statelessCall } from "../support/stateless-call.ts";
import { temporaryFolder } from "../support/temporary.ts";

export const sealKey = "canary-seal-key-".repeat(3);

/** One call as it came to a pretend academy. */
export interface Arrived {
  readonly academy: string;
  readonly route: string;
  readonly body: string;
  readonly at: number;
}

export interface ReplicasOptions {
  readonly databaseUrl: string;
  /** Each called from an address of its own: so each has a minute of its own. */
  readonly academies?: readonly string[];
  /** Person → what they may; each has a token. */
  readonly people: Readonly<Record<string, readonly AcademyGrant[]>>;
  readonly count?: number;
  /** What identity.json says: where people sign in; left out: nowhere. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** Settings of each academy beside its account. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The same of one alone. */
  readonly own?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Before each call is answered. */
  readonly arrived?: (call: Arrived) => void | Promise<void>;
  /** What stands between the replicas and each academy. */
  readonly behind?: (send: Send, academy: string) => Send;
  /** Of each process, beside what all have. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands before the replicas; left out: nginx. */
  readonly front?: (ports: readonly number[]) => Promise<Entrance>;
}

/** Replicas as built, each a process, behind nginx, before pretend academies that are one for all of them. */
export async function startReplicas(options: ReplicasOptions) {
  const { databaseUrl, people, academies = ["acme"], count = 3 } = options;
  const arrived: Arrived[] = [];
  const pretended = await Promise.all(
    academies.map(async (name) => {
      const account = { apiKey: `canary-key-of-${name}`, domain: `${name}.example.com` };
      const sandbox = createSandbox({ ...account, callsPerMinute: Number.POSITIVE_INFINITY });
      const answer = options.behind?.(sandbox.send, name) ?? sandbox.send;
      const served = await serveSandbox({
        port: 0,
        send: async (request, signal) => {
          const call = { academy: name, route: request.route, body: request.body, at: Date.now() };
          arrived.push(call);
          await options.arrived?.(call);
          return answer(request, signal);
        },
      });
      return { name, account, sandbox, served };
    }),
  );
  const folder = temporaryFolder("team");
  writeFileSync(
    join(folder, "academies.json"),
    JSON.stringify({
      egress: Object.fromEntries(academies.map((name) => [name, {}])),
      academies: pretended.map(({ name, account, served }) => ({
        ...options.settings,
        ...options.own?.[name],
        name,
        egress: name,
        domain: account.domain,
        key: { env: `KEY_OF_${name.toUpperCase()}` },
        base_url: `http://127.0.0.1:${served.port}/admin/api`,
      })),
    }),
  );
  const made = Object.keys(people).map((person) => ({ person, ...makeToken({ person, now: Date.now() }) }));
  writeFileSync(join(folder, "tokens.json"), tokensText(made.map(({ kept }) => kept)));
  writeFileSync(join(folder, "grants.json"), JSON.stringify({ people }));
  if (options.identity) writeFileSync(join(folder, "identity.json"), JSON.stringify(options.identity));
  const files = { "database-url": databaseUrl, "seal-key": sealKey };
  for (const [name, said] of Object.entries(files)) writeFileSync(join(folder, name), `${said}\n`);
  const env = {
    ...options.env,
    ...Object.fromEntries(
      pretended.map(({ name, account }) => [`KEY_OF_${name.toUpperCase()}`, account.apiKey]),
    ),
  };
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const begin = async (port: number): Promise<Replica> => {
    const words = replicaCommand({
      "--http": `127.0.0.1:${port}`,
      "--operate": "127.0.0.1:0",
      "--public-url": `https://${publicName}`,
      "--team": folder,
      "--seal-key": join(folder, "seal-key"),
      "--database": join(folder, "database-url"),
    });
    const program = start(words, env);
    const ready = await program.until(/(http:\/\/127\.0\.0\.1:\d+\/readyz)/);
    return { ...program, port, ready };
  };
  const replicas = await Promise.all(ports.map(begin));
  const lives = [...replicas];
  const proxy = await (options.front ?? startNginx)(ports);
  const tokenFor = (person: string) => made.find((one) => one.person === person)?.token ?? "";
  return {
    arrived,
    /** Of an academy, to look into. */
    academy: (name = academies[0]) => pretended.find((one) => one.name === name)?.sandbox,
    proxy,
    replicas,
    tokenFor,
    /** A process in the place of one that ended. */
    async again(place: number) {
      const next = await begin(ports[place] ?? 0);
      replicas[place] = next;
      lives.push(next);
    },
    /** Whatever any replica has ever said. */
    said: () => lives.map((one) => one.said()).join("\n"),
    /** What nobody may say. */
    secrets: [...made.map(({ token }) => token), ...pretended.map(({ account }) => account.apiKey), sealKey],
    async close() {
      for (const { child } of lives) child.kill("SIGTERM");
      await Promise.all(lives.map(({ over }) => over));
      await proxy.close();
      for (const { served } of pretended) await served.close();
    },
  };
}
export type Replicas = Awaited<ReturnType<typeof startReplicas>>;

interface Replica extends ReturnType<typeof start> {
  readonly port: number;
  /** Where it says whether it can answer. */
  readonly ready: string;
}

interface Connecting {
  readonly academy?: string;
  /** Who answers forms; left out: the client shows none. */
  readonly person?: Person;
  /** Opens the address of a page; left out: the client opens none. */
  readonly opens?: (address: string) => Promise<void>;
  /** An identity provider's; left out: the one that was made for them. */
  readonly token?: string;
}
const signedIn = ({ proxy, tokenFor }: Replicas, who: string, { academy = "acme", token }: Connecting) =>
  [
    new URL(`${proxy.base}/mcp/${academy}`),
    { fetch: proxy.fetch, requestInit: { headers: { authorization: `Bearer ${token ?? tokenFor(who)}` } } },
  ] as const;

/** A client of the second SDK, of either era, through nginx. */
export async function connectThrough(
  replicas: Replicas,
  who: string,
  connecting: Connecting & { readonly era?: "2025" | "2026" } = {},
) {
  const { era = "2026", person, opens } = connecting;
  const client = new Client(
    { name: `sdk-2-of-${era}`, version: "1" },
    {
      versionNegotiation: { mode: era === "2026" ? "auto" : "legacy" },
      ...(person && { capabilities: showsForms }),
      ...(opens && { capabilities: opensAddresses }),
    },
  );
  if (person) answersForms(client, person);
  if (opens) opensPages(client, opens);
  await client.connect(new StreamableHTTPClientTransport(...signedIn(replicas, who, connecting)));
  return client;
}

/** One of the first SDK. */
export async function connectFirst(
  replicas: Replicas,
  who: string,
  connecting: Omit<Connecting, "person" | "opens"> = {},
) {
  const client = new FirstClient({ name: "sdk-1", version: "1" });
  const transport = new FirstTransport(...signedIn(replicas, who, connecting));
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

interface RawCall extends Omit<StatelessCall, "token" | "client"> {
  readonly path: string;
  readonly token?: string;
}

/** One call of 2026-07-28, through whatever stands before the replicas. */
export async function callRaw({ proxy, tokenFor }: Replicas, who: string, call: RawCall) {
  const { path, token = tokenFor(who), capabilities = showsForms, ...asked } = call;
  const answer = await proxy.fetch(`${proxy.base}${path}`, {
    method: "POST",
    ...statelessCall({ ...asked, token, capabilities }),
  });
  return { status: answer.status, text: await answer.text() };
}
