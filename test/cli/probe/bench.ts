import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { prebuiltTools, sectionNames } from "../../../src/app/prebuilt-tools.ts";
import { runProbe } from "../../../src/cli/probe.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import type { Outgoing, Send } from "../../../src/skyprep/send.ts";
import { noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";

export const key = "probe-key-4711-secret";
export const domain = "academy.example.com";

/** Of the academy and whoever probes it: it passes while somebody waits. */
let now = noon;

/** The pretend academy under a live account's key and domain. */
export const academyOf = ({
  people = 302,
  strict = false,
  dialect = {},
  at = domain,
}: {
  people?: number;
  strict?: boolean;
  dialect?: Dialect;
  /** Its domain. */
  at?: string;
} = {}) =>
  createSandbox({
    now: () => now,
    people,
    strict,
    dialect,
    callsPerMinute: Number.POSITIVE_INFINITY,
    apiKey: key,
    domain: at,
    tables: seededTables,
  });

type Answering = (question: string) => boolean;

/** A folder, an account, and whoever probes it. */
export function newProbe(send: Send, { callsPerMinute = 1_000, env = {} as Record<string, string> } = {}) {
  const folder = temporaryFolder("probe");
  const stateFolder = join(folder, "state");
  const sent: Outgoing[] = [];
  const lines: string[] = [];
  const questions: string[] = [];
  now = noon;
  let end = () => {};
  const live = {
    SKYPREP_API_KEY: key,
    SKYPREP_ACCT_KEY: domain,
    SKYPREP_CALLS_PER_MINUTE: String(callsPerMinute),
    ...env,
  };
  const filesIn = (path: string): string[] =>
    existsSync(path)
      ? readdirSync(path, { recursive: true, encoding: "utf8" })
          .map((name) => join(path, name))
          .filter((one) => statSync(one).isFile())
      : [];
  const run = (stateFolder: string, argv: string[] = [], answer?: Answering) =>
    runProbe(argv, {
      platform: "linux",
      env: live,
      home: join(folder, "home"),
      cwd: folder,
      exists: existsSync,
      namesIn: () => [],
      print: (line) => void lines.push(line),
      say: (line) => void lines.push(line),
      stateFolder,
      sections: sectionNames,
      tools: prebuiltTools,
      version: "0.1.0",
      open: () => ({
        send: async (request, signal, context) => {
          sent.push(request);
          return send(request, signal, context);
        },
        close: () => {},
      }),
      yes:
        answer &&
        (async (question) => {
          questions.push(question);
          return answer(question);
        }),
      onSignal: (stop) => {
        end = stop;
      },
      now: () => now,
      pause: async (ms, signal) => {
        signal.throwIfAborted();
        now += ms;
      },
      after: () => () => {},
      chance: () => 0.5,
    });
  return {
    folder,
    stateFolder,
    sent,
    lines,
    questions,
    /** Ctrl+C. */
    end: () => end(),
    run: (argv: string[] = [], answer?: Answering) => run(stateFolder, argv, answer),
    /** With what another left in its state folder. */
    runIn: run,
    file: () => join(folder, "skyprep-mcp-probe-2026-11-23.md"),
    text: () => readFileSync(join(folder, "skyprep-mcp-probe-2026-11-23.md"), "utf8"),
    json: () => blockOf(readFileSync(join(folder, "skyprep-mcp-probe-2026-11-23.md"), "utf8")),
    /** All that was written, anywhere, and all that was said. */
    everything: () => [...filesIn(folder).map((file) => readFileSync(file, "utf8")), ...lines].join("\n"),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Block {
  readonly seen: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, string>>;
  readonly calls: number;
  readonly shut: readonly string[];
  readonly shapes: readonly { readonly route: string; readonly came: string }[];
}

const blockOf = (text: string): Block =>
  JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "null") as Block;
