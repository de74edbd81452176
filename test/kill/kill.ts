import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { changesOf, readLines } from "../../src/journal/entry.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import { verify } from "../../src/journal/verify.ts";
import { serveSandbox } from "../../src/sandbox/server/http.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const account = { apiKey: "kill-key-4711", domain: "kill.example.com" };
const longestLifeMs = 1_500;
const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "kill", version: "1" } };

export interface Killed {
  readonly runs: number;
  readonly writes: number;
  /** In flight when the program was killed, and said to be unknown. */
  readonly unknown: number;
  /** Of those, how many the academy had done. */
  readonly unknownDone: number;
  readonly torn: number;
  readonly faults: readonly string[];
}

/** Kills the built program at a random moment of its writing, so many times, and compares its journal with the academy. */
export async function killRuns(runs: number, random: () => number): Promise<Killed> {
  const applied = new Set<string>();
  const sandbox = createSandbox({ ...account, callsPerMinute: Number.POSITIVE_INFINITY });
  const send: Send = async (request, signal) => {
    await sleep(random() * 8);
    const answer = await sandbox.send(request, new AbortController().signal);
    const mark = markOf(Object.fromEntries(new URLSearchParams(request.body)));
    if (answer.status === 200 && mark !== undefined) applied.add(mark);
    await sleep(random() * 8, undefined, { signal }).catch(() => {});
    return answer;
  };
  const served = await serveSandbox({ port: 0, send });
  const total = { writes: 0, unknown: 0, unknownDone: 0, torn: 0 };
  const faults: string[] = [];
  for (let run = 0; run < runs; run++) {
    const state = mkdtempSync(join(tmpdir(), "skyprep-kill-"));
    const replied = await live(run, { state, port: served.port, lifeMs: random() * longestLifeMs });
    // What was on its way when it died arrives.
    await sleep(20);

    const folder = journalFolder(state);
    const changes = changesOf(await readLines(folder, () => true));
    const { breaks, torn } = await verify(folder);
    total.torn += torn === undefined ? 0 : 1;
    const say = (why: string) => faults.push(`run ${run}: ${why}`);
    for (const { why, seq } of breaks) say(`the chain breaks at line ${seq}: ${why}`);
    const known = new Set<string>();
    for (const [at, { intent, outcome }] of changes.entries()) {
      const mark = markOf(intent.arguments) ?? "";
      known.add(mark);
      total.writes += 1;
      if (outcome?.is === "done" && !applied.has(mark)) say(`${mark} is done in the journal only`);
      if (outcome?.is === "failed" && applied.has(mark)) say(`${mark} is failed in the journal only`);
      if (outcome !== undefined && outcome.is !== "unknown") continue;
      total.unknown += 1;
      if (applied.has(mark)) total.unknownDone += 1;
      if (at !== changes.length - 1) say(`${mark} is unknown, and was not in flight`);
      if (replied.has(mark)) say(`${mark} is unknown, and was answered`);
    }
    for (const mark of replied) if (!known.has(mark)) say(`${mark} was answered, and is in no journal`);
    for (const mark of applied)
      if (mark.startsWith(`r${run}-`) && !known.has(mark)) say(`${mark} was done, and is in no journal`);
    rmSync(state, { recursive: true, force: true });
  }
  await served.close();
  return { runs, ...total, faults };
}

/** What tells one write from all others, wherever it stands. */
const markOf = (values: Readonly<Record<string, unknown>>): string | undefined =>
  /r\d+-\d+/.exec(`${values.title ?? ""} ${values.email ?? ""}`)?.[0];

/** One life of the program: writes one after the other until it is killed. Gives the writes that were answered. */
async function live(run: number, { state, port, lifeMs }: { state: string; port: number; lifeMs: number }) {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH ?? "",
      SKYPREP_API_KEY: account.apiKey,
      SKYPREP_ACCT_KEY: account.domain,
      SKYPREP_BASE_URL: `http://127.0.0.1:${port}/admin/api`,
      SKYPREP_STATE_DIR: state,
      SKYPREP_CALLS_PER_MINUTE: "10000",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  const replied = new Set<string>();
  const send = (id: number, method: string, params: unknown) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  const next = (id: number) => {
    const mark = `r${run}-${id}`;
    const [name, args] =
      id % 3 === 0
        ? ["create_user", { email: `${mark}@example.com`, first_name: "A", last_name: "B" }]
        : ["update_user", { user_id: 101, title: mark }];
    send(id, "tools/call", { name, arguments: args });
  };
  const exit = once(child, "exit");
  send(0, "initialize", hello);
  let id = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { id?: number; result?: { isError?: boolean } };
    if (message.id !== id) continue;
    if (id > 0 && !message.result?.isError) replied.add(`r${run}-${id}`);
    // Every other life begins with the first write on its way, the others when it was answered: however slow the
    // machine, there are writes to speak of.
    if (id === run % 2) setTimeout(() => child.kill("SIGKILL"), lifeMs);
    id += 1;
    next(id);
  }
  await exit;
  return replied;
}
