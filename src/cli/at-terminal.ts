import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadStream, WriteStream } from "node:tty";
import type { PolicyTool } from "../catalogue/toolsets.ts";
import { type Config, readConfig } from "../config/read-config.ts";
import type { Send } from "../skyprep/send.ts";
import { lookAt } from "./account.ts";
import { runDoctor } from "./doctor.ts";
import { runInit } from "./init.ts";
import { typedYes } from "./probe/typed-yes.ts";
import { runProbe } from "./probe.ts";

/** What a command that people type finds where it runs. */
export interface Terminal {
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly stateFolder: string;
  readonly sections: readonly string[];
  /** All tools there are, as a policy tells them apart. */
  readonly tools: readonly PolicyTool[];
  readonly protocols: readonly string[];
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly say: (line: string) => void;
  /** The file that was started. */
  readonly started: string;
  readonly version: string;
  /** The way to SkyPrep, or to the pretend academy. */
  readonly open: (config: Config) => { readonly send: Send; readonly close: () => void };
  readonly onSignal: (end: () => void) => void;
}

export async function init(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { settings, stateFolder, stdin, stdout, say } = terminal;
  const { baseUrl, proxy, callsPerMinute } = readConfig([], settings, []);
  const asking = async () =>
    (await import("./init/asking.ts")).createAsking({ input: stdin, output: stdout });
  return runInit(argv, {
    ...hereOf(terminal),
    say,
    print: printTo(stdout),
    asking: stdin.isTTY && stdout.isTTY ? asking : undefined,
    look: lookAt({ baseUrl, proxy, callsPerMinute, stateFolder }),
    now: () => new Date(),
  });
}

export async function doctor(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { stateFolder, sections, tools, protocols, stdout, say } = terminal;
  return runDoctor(argv, {
    ...hereOf(terminal),
    say,
    print: printTo(stdout),
    stateFolder,
    sections,
    tools,
    protocols,
    lookAt,
    nodeVersion: process.versions.node,
    now: Date.now,
  });
}

export async function probe(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { stateFolder, sections, tools, version, open, stdin, stdout, say, onSignal } = terminal;
  return runProbe(argv, {
    ...hereOf(terminal),
    say,
    print: printTo(stdout),
    stateFolder,
    sections,
    tools,
    version,
    open,
    yes: stdin.isTTY && stdout.isTTY ? typedYes({ stdin, stdout }) : undefined,
    onSignal,
    now: Date.now,
    pause: (ms, signal) => sleep(ms, undefined, { signal }),
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    chance: Math.random,
  });
}

const printTo = (stdout: WriteStream) => (line: string) => void stdout.write(`${line}\n`);

function hereOf({ settings, started }: Terminal) {
  return {
    platform: process.platform,
    env: settings,
    home: homedir(),
    cwd: process.cwd(),
    exists: existsSync,
    namesIn,
    node: process.execPath,
    program: programOf(started),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The built program, also where its source was started, or a link to it. */
function programOf(started: string): string {
  const file = realpathSync(started);
  return file.endsWith("main.ts") ? join(dirname(file), "..", "dist", "skyprep-mcp.js") : file;
}
