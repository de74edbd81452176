import { isAbsolute, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Address } from "./serve.ts";

export const serveUsage = `skyprep-mcp serve --http [host:port] serves a team over HTTP: Streamable HTTP, both protocol eras.
  --http HOST:PORT       where to listen (127.0.0.1:8080); off this computer only with --public-url
  --team FOLDER          academies.json (or a folder academies), tokens.json, grants.json, identity.json (SKYPREP_TEAM)
  --sandbox              one pretend academy instead, and a token that is printed once
  --public-url URL       https://… as clients write it, where a proxy that ends TLS stands in front
  --host NAME            another name that clients reach it by; may be given again
  --origin NAME          a web page's host that may call it; may be given again
  --seal-key FILE        32 characters or more, the same for all replicas (SKYPREP_SEAL_KEY)
  --database FILE        holds the address of a PostgreSQL for all replicas (SKYPREP_DATABASE_URL)
  --calls-per-person N   how many calls of one person run at a time (8)
  --operate HOST:PORT    /healthz, /readyz and /metrics on an address of their own (off)
  --state-dir FOLDER     where journal and reports stand without a database

skyprep-mcp token new|list|revoke makes the tokens: token --help.
`;

const options = {
  http: { type: "string" },
  team: { type: "string" },
  sandbox: { type: "boolean" },
  "public-url": { type: "string" },
  host: { type: "string", multiple: true },
  origin: { type: "string", multiple: true },
  "seal-key": { type: "string" },
  database: { type: "string" },
  "calls-per-person": { type: "string" },
  operate: { type: "string" },
  "state-dir": { type: "string" },
} as const;

/** The command line, understood. */
export interface ServeOptions {
  readonly listen: Address;
  /** Undefined: the pretend academy. */
  readonly team: string | undefined;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  /** As clients are told it, without an end. */
  readonly url: string | undefined;
  readonly sealKeyFile: string | undefined;
  readonly databaseFile: string | undefined;
  readonly callsPerPerson: number;
  readonly operate: Address | undefined;
  readonly stateDir: string | undefined;
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

/** What is to be served and where; or the first thing that keeps it from being so, in a sentence. */
export function readServeOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServeOptions | { readonly wrong: string } {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { wrong: error instanceof Error ? (error.message.split("\n")[0] ?? "") : "wrong arguments" };
  }
  if (values.http === undefined)
    return { wrong: "serve needs --http: without it, skyprep-mcp alone serves stdio." };
  const listen = addressOf(values.http || "127.0.0.1:8080");
  if (listen === undefined) return { wrong: "--http takes host:port, e.g. 127.0.0.1:8080." };
  const operate = values.operate === undefined ? undefined : addressOf(values.operate);
  if (values.operate !== undefined && operate === undefined)
    return { wrong: "--operate takes host:port, e.g. 127.0.0.1:9090." };
  const url = values["public-url"];
  const open = url === undefined ? undefined : URL.canParse(url) ? new URL(url) : undefined;
  if (
    url !== undefined &&
    (open?.protocol !== "https:" || open.pathname !== "/" || open.search || open.hash || open.username)
  )
    return {
      wrong:
        "--public-url takes https:// and a name, e.g. https://training.example.com: tokens are not sent in the open.",
    };
  if (open === undefined && !isLoopback(listen.host))
    return {
      wrong: `${listen.host} is reached from other computers: set --public-url to the https address that clients use, and let a proxy end TLS there.`,
    };
  const callsPerPerson = Number(values["calls-per-person"] ?? 8);
  if (!Number.isInteger(callsPerPerson) || callsPerPerson < 1 || callsPerPerson > 1_000)
    return { wrong: "--calls-per-person takes a whole number from 1 to 1000." };
  const team = values.team ?? env.SKYPREP_TEAM;
  if (values.sandbox && values.team !== undefined)
    return {
      wrong:
        "--sandbox and --team contradict: a pretend academy can stand in academies.json, too (sandbox: true).",
    };
  if (!values.sandbox && !team)
    return {
      wrong: "no academy is named: set --team to the folder with academies.json, or try with --sandbox.",
    };
  if (team !== undefined && !isAbsolute(team) && /^~|\$/.test(team))
    return { wrong: "--team takes a path as it is: ~ and variables are not filled in." };
  const names = [...(values.host ?? []), ...(values.origin ?? [])];
  if (names.some((name) => !/^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.test(name)))
    return { wrong: "--host and --origin take a bare host name in small letters, without port or https://." };
  const own = [...(isLoopback(listen.host) ? loopback : []), ...(open ? [open.hostname] : [])];
  return {
    listen,
    team: values.sandbox ? undefined : resolve(team ?? ""),
    hosts: [...own, ...(values.host ?? [])],
    origins: [...own, ...(values.origin ?? [])],
    url: open?.origin,
    databaseFile: values.database,
    sealKeyFile: values["seal-key"],
    callsPerPerson,
    operate,
    stateDir: values["state-dir"],
  };
}

/** `--http` alone is the usual address. */
const parse = (argv: readonly string[]) => {
  const args = argv.flatMap((word, at) =>
    word === "--http" && (argv[at + 1] === undefined || argv[at + 1]?.startsWith("-")) ? ["--http="] : [word],
  );
  return parseArgs({ args, options, strict: true }).values;
};

export function addressOf(text: string): Address | undefined {
  const [, v6, name, port = "8080"] = /^(?:\[([0-9a-fA-F:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = v6 ?? name;
  const number = Number(port);
  if (host === undefined || number > 65_535) return undefined;
  // A number alone is a port on this computer.
  return /^\d{1,5}$/.test(text) ? { host: "127.0.0.1", port: Number(text) } : { host, port: number };
}
