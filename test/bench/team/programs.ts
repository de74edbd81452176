import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { makeToken, tokensText } from "../../../src/http/token.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const look = fileURLToPath(new URL("look.cjs", import.meta.url));

/** What a server still holds when all that can go is gone. */
export interface Held {
  readonly heap: number;
  readonly descriptors: number;
}

export interface Served {
  readonly port: number;
  readonly path: string;
  /** Of client n. */
  readonly headers: (n: number) => Readonly<Record<string, string>>;
  readonly held: () => Promise<Held>;
  /** Milliseconds of processor time so far. */
  readonly worked: () => Promise<number>;

  readonly stop: () => Promise<void>;
}

async function started(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  headers: Served["headers"],
): Promise<Served> {
  const profile = process.env.BENCH_PROFILE;
  const own = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const child: ChildProcess = spawn(process.execPath, [...own, "--expose-gc", "--require", look, ...argv], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let said = "";
  const [, port = "", path = ""] = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:(\d+)(\/\S+)\n/.exec(said);
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`${argv[0]} ended with ${code}: ${said}`)));
  });
  const told = async <T>(what: string): Promise<T> => {
    const heard = once(child, "message");
    child.send(what);
    return (await heard)[0] as T;
  };
  return {
    port: Number(port),
    path,
    headers,
    held: () => told<Held>("held"),
    worked: async () => (await told<{ ms: number }>("worked")).ms,
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

export interface TeamSettings {
  readonly folder: string;
  readonly persons: number;
  /** Left out: the state folder's files. */
  readonly database?: string | undefined;
}

/** The built program, before one pretend academy; a token for each person. */
export async function ourServer({ folder, persons, database }: TeamSettings): Promise<Served> {
  const team = join(folder, "team");
  mkdirSync(team);
  const made = Array.from({ length: persons }, (_, n) =>
    makeToken({ person: `person-${n}`, now: Date.now(), grants: [{ academy: "acme", scopes: ["write"] }] }),
  );
  writeFileSync(
    join(team, "academies.json"),
    JSON.stringify({ academies: [{ name: "acme", sandbox: true }] }),
  );
  writeFileSync(join(team, "tokens.json"), tokensText(made.map(({ kept }) => kept)));
  const argv = ["serve", "--http", "127.0.0.1:0", "--team", team, "--state-dir", join(folder, "state")];
  return started(
    [join(root, "dist/skyprep-mcp.js"), ...argv],
    {
      ...(database !== undefined && {
        SKYPREP_DATABASE_URL: database,
        SKYPREP_SEAL_KEY: "of the bench alone, 32 characters",
      }),
    },
    (n) => ({ authorization: `Bearer ${made[n]?.token ?? ""}` }),
  );
}

/** Whoever asks gets `answer`. */
export async function minimalServer(folder: string, answer: string): Promise<Served> {
  const outfile = join(folder, "minimal-http.cjs");
  await build({
    entryPoints: [join(root, "test/bench/team/minimal-http.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  return started([outfile], { BENCH_ANSWER: answer }, () => ({}));
}
