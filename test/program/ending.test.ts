import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { answer, listen } from "../support/loopback.ts";
import { expectPrivate } from "../support/private-files.ts";
import { windows } from "../support/system.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
const running: ChildProcessWithoutNullStreams[] = [];
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const close of open.splice(0)) await close();
});

/** The built program before a service that takes the write and answers when it is let. */
async function writing() {
  let arrived = () => {};
  const taken = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let let_ = () => {};
  const service = await listen((response, received) => {
    if (!received.url.endsWith("create_course")) return;
    let_ = () => answer('{"id":900,"name":"New"}')(response, received);
    arrived();
  });
  const state = mkdtempSync(join(tmpdir(), "skyprep-ending-"));
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH ?? "",
      SKYPREP_API_KEY: "ending-key-1234",
      SKYPREP_ACCT_KEY: "a.example.com",
      SKYPREP_BASE_URL: service.baseUrl,
      SKYPREP_STATE_DIR: state,
      SKYPREP_LOG: "info",
    },
  });
  running.push(child);
  open.push(service.close);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const send = (id: number, method: string, params: unknown) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  send(1, "initialize", hello);
  send(2, "tools/call", { name: "create_course", arguments: { name: "New" } });
  await taken;
  const exit = once(child, "exit").then(([code]) => code as number | null);
  const journal = () => readFileSync(join(state, "journal", "journal.jsonl"), "utf8");
  return {
    child,
    send,
    exit,
    letGo: () => let_(),
    received: service.received,
    out: () => out,
    err: () => err,
    state,
    journal,
  };
}

const until = async (there: () => boolean) => {
  while (!there()) await new Promise((resolve) => setImmediate(resolve));
};

async function endsWell(how: "SIGTERM" | "SIGHUP" | "the end of stdin") {
  const { child, exit, letGo, out, err, journal, send, received } = await writing();
  send(3, "tools/call", { name: "get_courses", arguments: {} });
  await until(() => received.length > 1);

  const signalled = how !== "the end of stdin";
  if (signalled) child.kill(how);
  else child.stdin.end();
  await until(() => out().includes('"id":3'));
  if (signalled) {
    send(4, "tools/call", { name: "create_course", arguments: { name: "Later" } });
    await until(() => out().includes('"id":4'));
  }
  letGo();

  expect(await exit).toBe(0);
  expect(journal()).toMatch(/"outcome":"done"/);
  expect(out()).toMatch(/Done: Create a course/);
  expect(out().match(/This server is ending; nothing was sent/g)).toHaveLength(signalled ? 2 : 1);
  expect(received.filter(({ url }) => url.endsWith("create_course"))).toHaveLength(1);
  const line =
    err()
      .split("\n")
      .find((one) => one.includes("create_course")) ?? "";
  expect(JSON.parse(line)).toMatchObject({ tool: "create_course", outcome: "done", status: 200, tries: 1 });
  expect(line).not.toMatch(/"New"|arguments/);
}

it("lets a write finish after the end of stdin, begins nothing new, and exits 0", () =>
  endsWell("the end of stdin"));

it.skipIf(windows).each(["SIGTERM", "SIGHUP"] as const)(
  "lets a write finish after %s, begins nothing new, and exits 0 (skipped on Windows: no signals)",
  endsWell,
);

it("keeps what it keeps for its owner's eyes only", async () => {
  const { exit, letGo, child, state } = await writing();
  letGo();
  child.stdin.end();
  await exit;

  const kept = readdirSync(state, { recursive: true, encoding: "utf8" });
  expect(kept).toEqual(expect.arrayContaining(["pace.json", "journal", join("journal", "journal.jsonl")]));
  expectPrivate(...kept.map((name) => join(state, name)));
});

it.skipIf(windows)(
  "has no keys in its environment once they were read (skipped on Windows: no signals)",
  async () => {
    const look = "process.on('SIGUSR2',()=>console.error('KEYS',Object.keys(process.env).join()))";
    const child = spawn(process.execPath, ["--import", `data:text/javascript,${look}`, program], {
      env: {
        PATH: process.env.PATH ?? "",
        SKYPREP_API_KEY: "k-1234",
        SKYPREP_APPROVAL_PIN: "4711",
        SKYPREP_LOG: "info",
      },
    });
    running.push(child);
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      err += chunk;
    });
    // It says that a setting is missing, so it has read them.
    await until(() => err.includes("SKYPREP_ACCT_KEY"));

    child.kill("SIGUSR2");
    await until(() => err.includes("KEYS"));

    expect(err).toMatch(/KEYS .*SKYPREP_LOG/);
    expect(err).not.toMatch(/KEYS .*SKYPREP_(API_KEY|APPROVAL_PIN)/);
  },
);
