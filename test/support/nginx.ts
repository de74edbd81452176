import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { freePort } from "./postgres-cluster.ts";
import { temporaryFolder } from "./temporary.ts";

/** The file that docs/team-server.md shows. */
export const conf = readFileSync(new URL("../../deploy/nginx.conf", import.meta.url), "utf8");
export const publicName = "training.example.com";

const find = (program: string): string | undefined =>
  ["/usr/sbin", ...(process.env.PATH ?? "").split(delimiter)]
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
const nginx = find("nginx");
const openssl = find("openssl");

/** Whether nginx is on this computer, and what makes it a certificate. */
export const hasNginx = nginx !== undefined && openssl !== undefined;

export interface Entrance {
  /** `https://training.example.com:PORT`, which only `fetch` finds. */
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
  /** Which replica took each request, in their order, by its place in the list. */
  readonly taken: () => number[];
  readonly close: () => Promise<void>;
}

/** Our own conf as it is, but for addresses and places, before replicas at these ports of this computer. */
export async function startNginx(ports: readonly number[]): Promise<Entrance> {
  if (nginx === undefined || openssl === undefined) throw new Error("nginx is not installed");
  const folder = temporaryFolder("nginx");
  const port = await freePort();
  const [certificate, key] = [join(folder, "public.pem"), join(folder, "public.key")];
  run(openssl, [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${publicName}`, "-addext", `subjectAltName=DNS:${publicName}`],
    ...["-keyout", key, "-out", certificate],
  ]);
  for (const one of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, one));
  writeFileSync(join(folder, "team.conf"), placed(conf, { port, ports, certificate, key }));
  writeFileSync(join(folder, "nginx.conf"), around(folder));
  const args = ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")];
  run(nginx, [...args, "-t"]);
  // Its end is that of our pipe: a test run that is killed leaves no server behind.
  const script = '"$@" </dev/null & read -r _; kill -QUIT $!; wait $!';
  const child = spawn("/bin/sh", ["-c", script, "sh", nginx, ...args], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const over = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await answering(port);

  const agent = new Agent({
    connect: {
      ca: readFileSync(certificate),
      lookup: (_, { all }, found) =>
        all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4),
    },
  });
  return {
    base: `https://${publicName}:${port}`,
    fetch: ((target: string | URL, init: object) =>
      fetch(target, { ...init, dispatcher: agent })) as unknown as typeof globalThis.fetch,
    taken: () =>
      readFileSync(join(folder, "access.log"), "utf8")
        .split("\n")
        .flatMap((line) => line.split(", "))
        .filter((line) => line !== "")
        .map((line) => ports.indexOf(Number(line.split(":").at(-1)))),
    async close() {
      await agent.destroy();
      child.stdin.end("\n");
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Placed {
  readonly port: number;
  readonly ports: readonly number[];
  readonly certificate: string;
  readonly key: string;
}

/** @throws where the conf has no such line any more: what is tried is what is shown. */
function placed(text: string, { port, ports, certificate, key }: Placed): string {
  const put = (from: RegExp, to: string) => (said: string) => {
    if (!from.test(said)) throw new Error(`deploy/nginx.conf has nothing like ${from}`);
    return said.replace(from, to);
  };
  const replicas = ports.map((one) => `  server 127.0.0.1:${one} max_fails=1 fail_timeout=2s;\n`).join("");
  return [
    put(/(?: {2}server skyprep-\d:8080 max_fails=1 fail_timeout=2s;\n)+/, replicas),
    put(/listen 443 ssl;/, `listen 127.0.0.1:${port} ssl;`),
    put(/ssl_certificate \S+;/, `ssl_certificate ${certificate};`),
    put(/ssl_certificate_key \S+;/, `ssl_certificate_key ${key};`),
  ].reduce((said, change) => change(said), text);
}

/** What /etc/nginx/nginx.conf is on a server, in one folder. */
const around = (folder: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 512; }
http {
  log_format taken "$upstream_addr";
  access_log ${folder}/access.log taken;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/team.conf;
}
`;

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
}

async function answering(port: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket
        .once("error", () => resolve(false))
        .once("connect", () => {
          socket.destroy();
          resolve(true);
        });
    });
    if (isThere) return;
    await pause(10);
  }
  throw new Error("nginx did not begin to listen");
}
