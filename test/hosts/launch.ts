import { spawn } from "node:child_process";

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

export interface Typed {
  readonly after: string;
  readonly line: string;
}
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly home: string;
  readonly temporary: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly seconds: number;
  /** What a person types, once it stands there that they are asked. */
  readonly typed?: Typed;
}
export interface Launched {
  readonly said: string;
  /** How it ended, where that was not well. */
  readonly failed?: string;
}

/** A program of somebody else's, in a home of its own; what it started ends with it. */
export async function launch({
  command,
  args,
  home,
  temporary,
  env,
  seconds,
  typed,
}: Launch): Promise<Launched> {
  const child = spawn(command, args, {
    cwd: home,
    // A group of its own, so that what it started ends with it.
    detached: true,
    env: { ...quiet, PATH: process.env.PATH, HOME: home, TMPDIR: temporary, TERM: "dumb", ...env },
    stdio: [typed === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.on("error", () => {});
  let said = "";
  let asked = false;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (typed === undefined || asked || !said.includes(typed.after)) return;
      asked = true;
      child.stdin?.write(`${typed.line}\n`);
    });
  const failed = await ended(child, seconds);
  return { said, ...(failed !== undefined && { failed }) };
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
