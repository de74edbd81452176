import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { submit } from "../guard/approval/pages.ts";
import { type Exchanged, exchanged, linesIn } from "./exchanged.ts";
import type { Host } from "./hosts.ts";
import type { Installed } from "./installed.ts";
import { serveModel } from "./scripted-model.ts";
import { createTask, type Seen } from "./task.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const tap = fileURLToPath(new URL("tap.mjs", import.meta.url));
const prompt = "Do what the training department asks, with the tools of skyprep.";

export interface Driven {
  readonly seen: readonly Seen[];
  /** The tools the model was offered, by the host's names. */
  readonly offered: readonly string[];
  /** Tools of ours that the model was told the names of, defined or not. */
  readonly named: readonly string[];
  readonly exchanged: Exchanged;
  /** All the host wrote beside its answer. */
  readonly said: string;
  /** How it ended, where that was not well. */
  readonly failed?: string;
  readonly seconds: number;
}

/** Telemetry, updates and whatever else would look for the network off; it would find none. */
const quiet = {
  DISABLE_AUTOUPDATER: "1",
  DISABLE_ERROR_REPORTING: "1",
  DISABLE_TELEMETRY: "1",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  COPILOT_OFFLINE: "true",
  DO_NOT_TRACK: "1",
  GENKIT_ENV: "prod",
  LANGCHAIN_TRACING_V2: "false",
  MASTRA_TELEMETRY_DISABLED: "1",
  MCP_USE_ANONYMIZED_TELEMETRY: "false",
  NEXT_TELEMETRY_DISABLED: "1",
  NO_UPDATE_NOTIFIER: "1",
  OPENAI_AGENTS_DISABLE_TRACING: "1",
  OTEL_SDK_DISABLED: "true",
};

/** One host at its whole task, with a pretend academy, a state folder, a home and a model of its own. */
export async function drive(
  host: Host,
  installed: Installed,
  { seconds }: { seconds: number },
): Promise<Driven> {
  const begun = performance.now();
  const base = mkdtempSync(join(tmpdir(), `skyprep-host-${host.id}-`));
  const folder = (name: string) => {
    mkdirSync(join(base, name));
    return join(base, name);
  };
  const [log, home, state, temporary] = [folder("log"), folder("home"), folder("state"), folder("tmp")];
  const task = createTask(async (address, phrase) => {
    try {
      const { status } = await submit(address, {
        answer: "approve",
        ...(phrase !== undefined && { phrase }),
      });
      return status < 400;
    } catch {
      return false;
    }
  });
  const model = await serveModel(task);
  const server = {
    command: process.execPath,
    args: [tap, log, program, "--sandbox", `--state-dir=${state}`],
  };
  try {
    const given = { ...installed, home, server, model: model.url, prompt };
    const { command, args, env } = await host.command(given);
    const child = spawn(command, args, {
      cwd: home,
      // A group of its own, so that what it started ends with it.
      detached: true,
      env: {
        ...quiet,
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: temporary,
        TERM: "dumb",
        SKYPREP_HOST_RUN: JSON.stringify({ server, model: model.url, prompt }),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    const failed = await ended(child, seconds);
    const seenOnTheWire = exchanged(linesIn(log));
    return {
      seen: task.seen,
      offered: model.offered(),
      named: seenOnTheWire.tools.filter(model.names),
      exchanged: seenOnTheWire,
      said: said.replaceAll(base, ""),
      ...(failed !== undefined && { failed }),
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    model.close();
    if (process.env.SKYPREP_HOSTS_KEEP) process.stderr.write(`${host.id}: ${base}\n`);
    else rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** How it ended; undefined is well. */
function ended(child: ReturnType<typeof spawn>, seconds: number): Promise<string | undefined> {
  const stop = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of it has ended.
    }
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stop();
      resolve(`not done after ${seconds} s`);
    }, seconds * 1000);
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      stop();
      resolve(code === 0 ? undefined : `ended with ${code ?? signal}`);
    });
  });
}
