import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Exchanged, exchanged, linesIn } from "./exchanged.ts";
import type { HostId, Installed } from "./installed.ts";
import { shownAs } from "./judge.ts";
import { launch, type Typed } from "./launch.ts";
import { serveModel } from "./scripted-model.ts";
import type { Call, Reply, Task } from "./task.ts";

/** A file of `examples/`, run as it stands: only the environment says where its model is. */
export interface Example {
  /** Whose packages it needs. */
  readonly host: HostId;
  /** `examples/<folder>/agent.mjs`. */
  readonly folder: string;
  readonly env: (model: string) => Readonly<Record<string, string>>;
  /** Where it asks in the terminal: what a person types there. The others leave the question to the page. */
  readonly typed?: Typed;
}

const anthropic = (model: string) => ({ ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: "none" });
const openai = (model: string) => ({ OPENAI_BASE_URL: `${model}/v1`, OPENAI_API_KEY: "none" });

export const examples: readonly Example[] = [
  { host: "ai", folder: "ai-sdk", env: (model) => anthropic(`${model}/v1`) },
  { host: "langchain", folder: "langchain", env: anthropic },
  { host: "openai-agents", folder: "openai-agents", env: openai },
  { host: "mastra", folder: "mastra", env: openai },
  {
    host: "google-adk",
    folder: "google-adk",
    env: (model) => ({ GOOGLE_GEMINI_BASE_URL: model, GEMINI_API_KEY: "none" }),
  },
  {
    host: "claude-agent-sdk",
    folder: "claude-agent-sdk",
    env: anthropic,
    typed: { after: "Your answer", line: "yes" },
  },
  { host: "anthropic-sdk", folder: "anthropic-sdk", env: anthropic },
];

/** What the examples ask for, as a model would do it. */
const calls: readonly Call[] = [
  { tool: "training_status", args: { group: "Sales Team", show: "overdue" } },
  { tool: "enroll_user_in_course", args: { user_id: 101, course_id: 203 } },
  { tool: "remove_user_from_user_group", args: { user_id: 101, user_group_id: 301 } },
];

/** The line of each reply that its person wants to know, and what it must be. */
const wanted = [
  /^overdue: \d+ \(\d+ people\)$/m,
  /\[sandbox\] Done: Enroll a person in a course[^\n]*$/m,
  /\[sandbox\] Done: Take a person out of a group[^\n]*$/m,
];

interface ExampleTask extends Task<Reply & { readonly tool: string }> {
  /** What the model says in the end: of each reply the line that was wanted. */
  closing(): string;
}

export function createExampleTask(): ExampleTask {
  const seen: (Reply & { tool: string })[] = [];
  return {
    seen,
    async next(reply) {
      if (reply !== undefined) seen.push({ ...reply, tool: calls[seen.length]?.tool ?? "" });
      return calls[seen.length];
    },
    // Some show it as JSON, in which a line ends in \n.
    closing: () =>
      seen
        .map(({ text }, at) => wanted[at]?.exec(text.replaceAll("\\n", "\n"))?.[0] ?? "(not told)")
        .join("; "),
  };
}

export interface ExampleRun {
  readonly seen: readonly (Reply & { readonly tool: string })[];
  readonly exchanged: Exchanged;
  /** What the model said in the end. */
  readonly closing: string;
  readonly said: string;
  readonly failed?: string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));

/** Runs it with `skyprep-mcp` and a browser on its path, a home of its own, and the scripted model. */
export async function runExample(
  { folder, env, typed }: Example,
  installed: Installed,
  { seconds }: { readonly seconds: number },
): Promise<ExampleRun> {
  const base = mkdtempSync(join(tmpdir(), `skyprep-example-${folder}-`));
  const [log = "", home = "", temporary = "", bin = ""] = ["log", "home", "tmp", "bin"].map((name) => {
    mkdirSync(join(base, name));
    return join(base, name);
  });
  const command = (name: string, ...words: string[]) => {
    const quoted = [process.execPath, ...words].map((word) => `'${word}'`).join(" ");
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  };
  command("skyprep-mcp", here("tap.mjs"), log, program);
  command("xdg-open", here("browser.mjs"));
  const task = createExampleTask();
  const model = await serveModel(task);
  try {
    const { said, failed } = await launch({
      command: installed.node,
      args: [join(installed.folder, "examples", folder, "agent.mjs")],
      home,
      temporary,
      env: { ...env(model.url), PATH: `${bin}:${process.env.PATH}`, DISPLAY: ":0", SKYPREP_TAP_SCREEN: "1" },
      seconds,
      ...(typed !== undefined && { typed }),
    });
    return {
      seen: task.seen,
      exchanged: exchanged(linesIn(log)),
      closing: task.closing(),
      said,
      ...(failed !== undefined && { failed }),
    };
  } finally {
    model.close();
    if (process.env.SKYPREP_HOSTS_KEEP) process.stderr.write(`${folder}: ${base}\n`);
    else rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What falls short of: each reply seen as it was sent, the figure and what was done shown to whoever started it. */
export function faultsOf({ typed }: Example, run: ExampleRun): string[] {
  const { seen, exchanged, closing, said, failed } = run;
  const replies = calls.flatMap(({ tool }, at) => {
    const reply = seen[at];
    if (reply === undefined) return [`${tool}: never came to it`];
    const sent = exchanged.sent.filter((one) => one.tool === tool);
    return [
      ...(sent.length === 1 ? [] : [`${tool}: sent ${sent.length} times`]),
      ...(shownAs(reply.text, sent) === undefined
        ? [`${tool}: the model did not see the server's text`]
        : []),
      ...(wanted[at]?.test(reply.text.replaceAll("\\n", "\n"))
        ? []
        : [`${tool}: ${reply.text.slice(0, 200)}`]),
    ];
  });
  const forms = exchanged.forms.map(({ action }) => action).join();
  return [
    ...(failed === undefined ? [] : [failed]),
    ...replies,
    ...(said.includes(closing) ? [] : ["did not show what the model said"]),
    ...(forms === (typed === undefined ? "" : "accept") ? [] : [`its forms: ${forms || "none"}`]),
  ];
}
