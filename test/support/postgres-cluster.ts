import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

/** A cluster of our own on 127.0.0.1. */
export interface Cluster {
  readonly folder: string;
  readonly port: number;
  /** Of its users `postgres` and `skyprep`. */
  readonly password: string;
}

interface Here {
  /** With `initdb` and `pg_ctl` in it. */
  readonly bin: string;
  /** Who runs it: PostgreSQL refuses root. */
  readonly as: { readonly uid?: number; readonly gid?: number };
}

/** Undefined: PostgreSQL is not installed, or nobody but root is here to run it. */
export const here: Here | undefined = look();

function look(): Here | undefined {
  const bin = folders().find((one) => existsSync(join(one, "initdb")) && existsSync(join(one, "pg_ctl")));
  const as = process.getuid?.() === 0 ? ordinaryUser() : {};
  return bin === undefined || as === undefined ? undefined : { bin, as };
}

/** Debian keeps each version's programs in a folder that is on nobody's path. */
function folders(): string[] {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? readdirSync(base) : [];
  const newest = versions.filter((one) => /^\d+$/.test(one)).sort((a, b) => Number(b) - Number(a));
  return [...newest.map((one) => join(base, one, "bin")), ...(process.env.PATH ?? "").split(delimiter)];
}

function ordinaryUser(): Here["as"] | undefined {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const found = ["postgres", "nobody"]
    .map((name) => users.find((one) => one[0] === name))
    .find((one) => one !== undefined);
  return found && { uid: Number(found[2]), gid: Number(found[3]) };
}

function run(folder: string, program: string, ...args: string[]): void {
  if (here === undefined) throw new Error("PostgreSQL is not installed");
  const log = join(folder, "commands.log");
  // Through a file: what it starts would keep a pipe of ours open.
  const done = spawnSync(
    "/bin/sh",
    ["-c", 'log=$1; shift; exec "$@" >>"$log" 2>&1', "sh", log, join(here.bin, program), ...args],
    {
      cwd: folder,
      ...here.as,
      stdio: "ignore",
    },
  );
  if (done.status !== 0)
    throw new Error(
      `${program} ended with ${done.status}: ${existsSync(log) ? readFileSync(log, "utf8") : done.error}`,
    );
}

export interface StartOptions {
  /** The process that it ends with, whatever becomes of that. */
  readonly endsWith: number;
  readonly prepare?: (cluster: Cluster) => Promise<void>;
  /** Lines for `postgresql.conf`. */
  readonly settings?: readonly string[];
}

/** In a folder that is there and empty. */
export async function startCluster(
  folder: string,
  { endsWith, prepare = async () => {}, settings = [] }: StartOptions,
): Promise<Cluster> {
  if (here === undefined) throw new Error("PostgreSQL is not installed");
  if (here.as.uid !== undefined) chownSync(folder, here.as.uid, here.as.gid ?? here.as.uid);
  const password = `canary-${randomBytes(12).toString("hex")}`;
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  run(
    folder,
    "initdb",
    "-D",
    dataOf(folder),
    "-U",
    "postgres",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  );
  rmSync(passwordFile);
  const cluster = { folder, password, port: await freePort() };
  const conf = [
    `port = ${cluster.port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    // Of what is gone with the test nothing must outlive the computer.
    "fsync = off",
    "full_page_writes = off",
    "shared_buffers = 32MB",
    "max_connections = 400",
    "autovacuum = off",
    ...settings,
  ];
  writeFileSync(join(dataOf(folder), "postgresql.auto.conf"), `${conf.join("\n")}\n`);
  resume(cluster);
  endWith(cluster, endsWith);
  await prepare(cluster);
  writeFileSync(join(folder, "cluster.part"), JSON.stringify(cluster));
  renameSync(join(folder, "cluster.part"), join(folder, "cluster.json"));
  return cluster;
}

/** A standby that follows another cluster, in a folder that is there and empty. */
export async function copyOf(
  of: Cluster,
  folder: string,
  { endsWith }: Pick<StartOptions, "endsWith">,
): Promise<Cluster> {
  if (here?.as.uid !== undefined) chownSync(folder, here.as.uid, here.as.gid ?? here.as.uid);
  const from = `postgres://postgres:${of.password}@127.0.0.1:${of.port}/`;
  run(
    folder,
    "pg_basebackup",
    "-D",
    dataOf(folder),
    "-R",
    "-X",
    "stream",
    "-c",
    "fast",
    "--no-sync",
    "-d",
    from,
  );
  const copy = { ...of, folder, port: await freePort() };
  appendFileSync(join(dataOf(folder), "postgresql.auto.conf"), `port = ${copy.port}\n`);
  resume(copy);
  endWith(copy, endsWith);
  return copy;
}

/** Undefined: it is not ready. */
export function readCluster(folder: string): Cluster | undefined {
  const file = join(folder, "cluster.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Cluster) : undefined;
}

export const dataOf = (folder: string): string => join(folder, "data");

/** Starts one that was stopped. */
export const resume = ({ folder }: Pick<Cluster, "folder">): void =>
  run(folder, "pg_ctl", "start", "-w", "-t", "30", "-D", dataOf(folder), "-l", join(folder, "server.log"));

/** `immediate`: as if the power was cut. */
export const halt = ({ folder }: Pick<Cluster, "folder">, mode: "fast" | "immediate"): void =>
  run(folder, "pg_ctl", "stop", "-w", "-m", mode, "-D", dataOf(folder));

/** Takes a standby's place as the primary. */
export const promote = ({ folder }: Pick<Cluster, "folder">): void =>
  run(folder, "pg_ctl", "promote", "-w", "-D", dataOf(folder));

/** Gone, with its folder; nothing where there is none. */
export function remove(folder: string): void {
  if (!existsSync(folder)) return;
  if (existsSync(join(dataOf(folder), "postmaster.pid"))) halt({ folder }, "immediate");
  rmSync(folder, { recursive: true, force: true });
}

/** A test run that is killed leaves no server behind. */
function endWith({ folder }: Cluster, pid: number): void {
  if (here === undefined || !Number.isInteger(pid) || pid <= 1)
    throw new Error(`no process to end with: ${pid}`);
  const script = `while kill -0 ${pid} 2>/dev/null && [ -d "$1" ]; do sleep 1; done
    [ -d "$1" ] && { "$2" stop -m immediate -D "$1/data"; rm -rf "$1"; }`;
  spawn("/bin/sh", ["-c", script, "sh", folder, join(here.bin, "pg_ctl")], {
    cwd: "/",
    detached: true,
    stdio: "ignore",
  }).unref();
}

/** Of this computer, now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
