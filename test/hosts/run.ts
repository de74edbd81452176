import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentOf } from "./document.ts";
import { drive } from "./drive.ts";
import { examples, faultsOf, runExample } from "./examples.ts";
import { type Host, hosts } from "./hosts.ts";
import { type Installed, install } from "./installed.ts";
import { judge } from "./judge.ts";
import { type Row, rowOf, rowsIn, tableOf } from "./table.ts";

/**
 * `npm run hosts [-- --all | ID…]`: installs what is chosen, then drives it where there is no network but 127.0.0.1, and
 * writes docs/hosts.md. Ends with 1 where a row falls short.
 */
const document = fileURLToPath(new URL("../../docs/hosts.md", import.meta.url));
const script = fileURLToPath(import.meta.url);
const print = (line: string) => void process.stdout.write(`${line}\n`);
/** Two at a time, in turn. */
async function inTurn<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    while (next < all.length) {
      const index = next++;
      results[index] = await each(all[index] as T);
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

function chosen(names: readonly string[]): readonly Host[] {
  if (names.includes("--all")) return hosts;
  if (names.length === 0) return hosts.filter(({ first }) => first);
  const unknown = names.filter((name) => !hosts.some(({ id }) => id === name));
  if (unknown.length > 0)
    throw new Error(`no host ${unknown.join(", ")}; there are ${hosts.map(({ id }) => id).join(", ")}`);
  return hosts.filter(({ id }) => names.includes(id));
}

/** A network of its own with nothing in it but this computer, and what was left running ends with it. */
function isolated(): readonly string[] | undefined {
  const up = "ip link set lo up || ifconfig lo up";
  const own = ["--map-root-user", "--net", "--pid", "--fork", "--kill-child"];
  const tried = spawnSync("unshare", [...own, "sh", "-c", up], { stdio: "ignore" });
  return tried.status === 0 ? ["unshare", ...own, "sh", "-c", `(${up}) && exec "$@"`, "sh"] : undefined;
}

/** The outer half: what needs the registry, then the inner half without a network. */
async function outer(): Promise<number> {
  const begun = performance.now();
  // Those that share their packages share a folder: one after the other.
  const there: Record<string, Installed> = {};
  await inTurn(chosen(process.argv.slice(2)), async (host) => {
    const installed = await install(host.id, host);
    if (installed === undefined) print(`${host.title}: NOT RUN, the registry did not give it`);
    else there[host.id] = installed;
  });
  print(`installed after ${Math.round((performance.now() - begun) / 1000)} s`);
  const shut = isolated();
  if (shut === undefined) print("no network namespace here: hosts run with the network that there is");
  const [command = "", ...args] = [...(shut ?? []), process.execPath, ...process.execArgv, script];
  const env = { ...process.env, SKYPREP_HOSTS: JSON.stringify(there) };
  return spawnSync(command, args, { stdio: "inherit", env }).status ?? 1;
}

async function inner(there: Readonly<Record<string, Installed>>): Promise<number> {
  const running = hosts.filter(({ id }) => there[id] !== undefined);
  const rows = await inTurn(running, async (host): Promise<Row> => {
    const driven = await drive(host, there[host.id] as Installed, { seconds: host.first ? 60 : 240 });
    const verdict = judge(driven);
    const { revision, client, processes } = driven.exchanged;
    print(
      `${verdict.faults.length === 0 ? "ok  " : "FAIL"} ${host.title} (${client}, ${revision}, ${processes} of the server, ${driven.seconds.toFixed(1)} s)`,
    );
    for (const fault of verdict.faults) print(`       ${fault}`);
    if (verdict.faults.length > 0 && process.env.SKYPREP_HOSTS_KEEP) print(driven.said);
    return { host, driven, verdict };
  });
  const shown = await inTurn(
    examples.filter(({ host }) => there[host] !== undefined),
    async (example) => {
      const seconds = hosts.find(({ id }) => id === example.host)?.first ? 60 : 240;
      const run = await runExample(example, there[example.host] as Installed, { seconds });
      const faults = faultsOf(example, run);
      print(`${faults.length === 0 ? "ok  " : "FAIL"} examples/${example.folder}`);
      for (const fault of faults) print(`       ${fault}`);
      if (faults.length > 0 && process.env.SKYPREP_HOSTS_KEEP) print(run.said);
      return faults;
    },
  );
  const old = existsSync(document) ? readFileSync(document, "utf8") : "";
  const day = new Date().toISOString().slice(0, 10);
  const fresh = new Map(rows.map((row) => [row.host.title, rowOf(row, day)]));
  writeFileSync(document, documentOf(tableOf(hosts, fresh, rowsIn(old)), rows, old));
  return rows.some(({ verdict }) => verdict.faults.length > 0) || shown.some((faults) => faults.length > 0)
    ? 1
    : 0;
}

const inside = process.env.SKYPREP_HOSTS;
process.exitCode = await (inside === undefined
  ? outer()
  : inner(JSON.parse(inside) as Readonly<Record<string, Installed>>));
