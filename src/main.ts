#!/usr/bin/env node
import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import type { App } from "./app/compose.ts";
import { lazyApp } from "./app/lazy-app.ts";
import { openingOf } from "./app/opening.ts";
import { prebuiltTools, sectionNames } from "./app/prebuilt-tools.ts";
import type { Runtime } from "./app/runtime.ts";
import type { AppState } from "./app/state.ts";
import { openWorld } from "./app/world.ts";
import { leftOutTools, offeredTools, reachableTools } from "./catalogue/tool-list.ts";
import { reachesAll } from "./catalogue/toolsets.ts";
import { splitAtCall } from "./cli/call/command-line.ts";
import { help } from "./cli/help.ts";
import { strayWord } from "./cli/stray-word.ts";
import { type Config, problemText, readConfig } from "./config/read-config.ts";
import { secretVariables, teamSecrets } from "./config/settings.ts";
import type { Pages } from "./guard/channels/approval-channels.ts";
import { instructions } from "./mcp/instructions.ts";
import { protocols } from "./mcp/protocols.ts";
import { createServers } from "./mcp/server.ts";
import { serve } from "./mcp/stdio.ts";
import type { Send } from "./skyprep/send.ts";
import { stateFolder, strangersFolder } from "./state/files/safe-files.ts";

const { argv, env, stdin, stdout, stderr } = process;
const settings = { ...env };
// Whatever this process starts, or is asked to print, has no keys.
for (const name of [...secretVariables, ...teamSecrets]) delete env[name];
// A host that reads no stderr may close it: nobody is there to be told, and that ends nothing.
stderr.on("error", () => {});
// A limit to the size of files is a write that fails, and no reason to end.
process.on("SIGXFSZ", () => {});
const say = (line: string) => void stderr.write(`${line}\n`);
// Never `once`: the locking library ends the process at a signal that nobody else listens to any more.
const endings = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
const [command, ...rest] = argv.slice(2);

switch (command) {
  case "--help":
  case "-h":
  case "help":
    stdout.write(help(sectionNames));
    break;
  case "--version":
  case "-v":
    stdout.write(`${packageJson.version}\n`);
    break;
  case "sandbox":
  case "journal":
  case "runs":
  case "policy":
  case "init":
  case "doctor":
  case "probe":
    void run(command);
    break;
  case "serve":
    void serveTeam();
    break;
  case "token":
    void makeTokens();
    break;
  default: {
    const calling = splitAtCall(argv.slice(2));
    if (calling) void callOnce(calling);
    else serveOrSay(argv.slice(2));
  }
}

function onSignal(end: () => void): void {
  for (const signal of endings) process.on(signal, end);
}

type Command = "sandbox" | "journal" | "runs" | "policy" | "init" | "doctor" | "probe";

async function run(command: Command): Promise<void> {
  if (rest.some((word) => word === "--help" || word === "-h")) {
    stdout.write(`${(await usageOf(command)).trimEnd()}\n`);
    return;
  }
  const stateFolder = stateOf(readConfig([], settings, []));
  if (command === "sandbox") {
    const { runSandbox } = await import("./cli/sandbox.ts");
    process.exitCode = await runSandbox(rest, { stdout, say });
  } else if (command === "journal") {
    const { runJournal } = await import("./cli/journal.ts");
    process.exitCode = await runJournal(rest, {
      stdout,
      say,
      stateFolder,
      databaseUrl: settings.SKYPREP_DATABASE_URL,
      withTeam: async () => (await import("./http/command.ts")).withTeamJournal,
    });
  } else if (command === "runs") {
    const { runRuns } = await import("./cli/runs.ts");
    process.exitCode = await runRuns(rest, { stdout, say, stateFolder });
  } else if (command === "policy") {
    const { runPolicy } = await import("./cli/policy.ts");
    process.exitCode = runPolicy(rest, { stdout, say, tools: prebuiltTools });
  } else {
    const commands = await import("./cli/at-terminal.ts");
    const terminal = {
      settings,
      stateFolder,
      sections: sectionNames,
      tools: prebuiltTools,
      protocols,
      stdin,
      stdout,
      say,
    };
    process.exitCode = await commands[command](rest, {
      ...terminal,
      started: argv[1] ?? "",
      version: packageJson.version,
      open: (config) => openWorld(config, say),
      onSignal,
    });
  }
}

/** Loads a bundle of its own: stdio starts without a word of it. */
async function serveTeam(): Promise<void> {
  const { runServe } = await import("./http/command.ts");
  const { readPolicyAt } = await import("./policy/read-policy.ts");
  const { explain } = await import("./policy/explain.ts");
  const { filesIn } = await import("./state/files/files-state.ts");
  const { createSignOuts } = await import("./state/sign-outs.ts");
  const code = await runServe(rest, {
    settings,
    tools: prebuiltTools,
    sections: sectionNames,
    version: packageJson.version,
    stdout,
    say,
    now: Date.now,
    explain,
    folderOf: stateOf,
    signOutsIn: (folder) => createSignOuts({ state: filesIn(folder), now: async () => Date.now() }),
    configOf: (variables) =>
      readConfig([], variables, sectionNames, (path) => readPolicyAt(path, { tools: prebuiltTools })),
    open: (config, academy, watched, inDatabase) => {
      const world = openWorld(config, say);
      const app = lazyApp(new Set(prebuiltTools.map(({ name }) => name)), () =>
        openServer(config, {
          send: watched.send(world.send),
          watched: watched.pause,
          over: "http",
          approvals: watched.approvals,
          pageAt: watched.pageAt,
          openState: async (own) => {
            if (inDatabase) return inDatabase(own);
            const { personsState } = await import("./app/persons-state.ts");
            return personsState(stateOf(config), { ...own, academy: academy.name });
          },
        }),
      );
      return { ...app, end: () => app.end().then(() => world.close()) };
    },
    onSignal: (end) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
    },
    onReload: (again) => void process.on("SIGHUP", again),
  });
  // What is kept open to SkyPrep may live for some seconds more.
  process.exit(code);
}

async function makeTokens(): Promise<void> {
  const { runToken } = await import("./http/command.ts");
  const { createLock } = await import("./state/files/shared-folder.ts");
  const { writeWhole } = await import("./state/files/safe-files.ts");
  process.exitCode = await runToken(rest, {
    team: settings.SKYPREP_TEAM,
    stdout,
    say,
    now: Date.now,
    alone: (folder, work) => createLock(folder, { name: "tokens" })(work),
    write: writeWhole,
  });
}

async function usageOf(command: Command): Promise<string> {
  switch (command) {
    case "sandbox":
      return (await import("./cli/sandbox.ts")).usage;
    case "journal":
      return (await import("./cli/journal.ts")).usage;
    case "runs":
      return (await import("./cli/runs.ts")).usage;
    case "policy":
      return (await import("./cli/policy.ts")).usage;
    case "init":
      return (await import("./cli/init.ts")).usage;
    case "doctor":
      return (await import("./cli/doctor.ts")).usage;
    case "probe":
      return (await import("./cli/probe.ts")).usage;
  }
}

/** Policies load only where one is set. */
async function configOf(flags: readonly string[]): Promise<Config> {
  const config = readConfig(flags, settings, sectionNames);
  if (config.policyFile === undefined) return config;
  const { readPolicyAt } = await import("./policy/read-policy.ts");
  return readConfig(flags, settings, sectionNames, (path) => readPolicyAt(path, { tools: prebuiltTools }));
}

/** Wrong values are said by every call; a word that is no command was no wish for a server. */
function serveOrSay(words: readonly string[]): void {
  const stray = strayWord(words);
  if (stray === undefined) return void serveConfigured(words);
  say(`skyprep-mcp: nothing was started.\n${stray}`);
  process.exitCode = 2;
}

async function serveConfigured(flags: readonly string[]): Promise<void> {
  const config = await configOf(flags);
  const policy = config.policy && (await import("./policy/explain.ts")).explain(config.policy);
  serveStdio(config, policy);
}

function stateOf({ stateDir }: Config): string {
  return stateDir ?? stateFolder(process.platform, env, home());
}

/** Whoever has none, as some cron jobs and services, gets a place that cannot be made, and none where they happen to stand. */
function home(): string {
  try {
    const found = homedir() || userInfo().homedir;
    return isAbsolute(found) ? found : "/dev/null";
  } catch {
    return "/dev/null";
  }
}

async function callOnce({ before, after }: NonNullable<ReturnType<typeof splitAtCall>>): Promise<void> {
  const { runCall } = await import("./cli/call.ts");
  const code = await runCall({
    before,
    after,
    tools: prebuiltTools,
    stdin,
    stdout,
    stderr,
    say,
    read: configOf,
    open: async (config, wrap) => {
      const world = openWorld(config, say);
      const theirs = strangersAt(stateOf(config));
      if (theirs !== undefined) say(`skyprep-mcp: ${notOurs(theirs)}`);
      return {
        app: await openServer(config, {
          send: world.send,
          pages: wrap(pagesOf(config)),
          openPage: openingOf(config, env),
        }),
        close: world.close,
      };
    },
    onSignal,
    now: Date.now,
  });
  // A page that was answered, or a connection that is kept, may live for some seconds more: nobody waits for those.
  process.exit(code);
}

type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

interface Opening extends Pick<Runtime, "over" | "approvals" | "pageAt" | "pages" | "openPage"> {
  readonly send: Send;
  readonly watched?: (pause: Pause) => Pause;
  /** Left out: the files of the state folder. */
  readonly openState?: (
    world: Pick<Runtime, "now" | "after" | "random"> & { readonly pause: (ms: number) => Promise<unknown> },
  ) => Promise<AppState>;
}

async function openServer(
  config: Config,
  { send, watched = (pause) => pause, openState, ...more }: Opening,
): Promise<App> {
  const { openApp } = await import("./app/definition.ts");
  const { filesState } = await import("./app/state.ts");
  const { randomBytes, randomUUID } = await import("node:crypto");
  const { setTimeout: sleep } = await import("node:timers/promises");
  const now = Date.now;
  const random = randomUUID;
  const after = (ms: number, then: () => void) => {
    const timer = setTimeout(then, ms).unref();
    return () => clearTimeout(timer);
  };
  const state = await (openState ?? (async (world) => filesState(stateOf(config), world)))({
    now,
    after,
    random,
    pause: sleep,
  });
  return openApp(config, {
    send,
    now,
    pause: watched((ms, signal) => sleep(ms, undefined, { signal })),
    after,
    random,
    chance: Math.random,
    say,
    terminal: stderr.isTTY === true,
    bytes: randomBytes,
    run: randomUUID(),
    state,
    ...more,
  });
}

/** Where nothing can be looked at, nothing can be written either: each call says so. */
function strangersAt(folder: string): string | undefined {
  try {
    return strangersFolder(folder);
  } catch {
    return undefined;
  }
}

function notOurs(folder: string): string {
  return `the state folder ${folder} belongs to another user of this computer: reading works, every change is refused. Set SKYPREP_STATE_DIR to a folder of your own.`;
}

function serveStdio(config: Config, policy: readonly string[] | undefined): void {
  for (const note of config.notes) say(`skyprep-mcp: ${note}`);
  for (const problem of config.problems) say(`skyprep-mcp: ${problemText(problem)}`);
  const theirs = strangersAt(stateOf(config));
  if (theirs !== undefined) say(`skyprep-mcp: ${notOurs(theirs)}`);
  const world = openWorld(config, say);
  const tools = offeredTools(prebuiltTools, config);
  // Records, guard and journal load with the first call.
  const app = lazyApp(new Set(tools.map(({ name }) => name)), () =>
    openServer(config, { send: world.send, pages: pagesOf(config), openPage: openingOf(config, env) }),
  );
  const servers = createServers({
    ...app,
    tools,
    reach: reachableTools(prebuiltTools, config),
    leftOut: leftOutTools(prebuiltTools, config),
    version: packageJson.version,
    sealKey: () => globalThis.crypto.getRandomValues(new Uint8Array(32)),
    sandbox: config.sandbox.on,
    structured: config.structured,
    instructions: instructions({
      sandbox: config.sandbox.on,
      readOnly: config.readOnly,
      confirm: config.confirm,
      essentials: reachesAll(config.sections),
      policy,
    }),
  });
  const end = async () => {
    await app.end();
    world.close();
  };
  const served = serve(servers, { stdin, stdout, say, end });
  for (const signal of endings) process.on(signal, served.end);
}

/** The approval page loads with the first question that needs it. */
function pagesOf(config: Config): Pages {
  const { approvalPin } = config;
  let loading: Promise<Pages> | undefined;
  const load = async () => {
    const { spawn } = await import("node:child_process");
    const { randomBytes } = await import("node:crypto");
    const { createPages } = await import("./guard/channels/page/page.ts");
    const { createOpener } = await import("./guard/channels/page/opener.ts");
    const { createPinCount } = await import("./guard/channels/page/pins.ts");
    const { createLock } = await import("./state/files/shared-folder.ts");
    const { smallFile } = await import("./state/files/safe-files.ts");
    const { placeIn } = await import("./state/state-places.ts");
    const folder = stateOf(config);
    return createPages({
      ...(approvalPin !== "" && { pin: approvalPin }),
      pins: createPinCount({
        file: smallFile(placeIn(folder, "pins")),
        // A browser that waits for its answer is cut off after some seconds.
        alone: createLock(folder, { name: "pins", patienceMs: 4_000 }),
        now: Date.now,
      }),
      open: createOpener({ platform: process.platform, env, spawn }),
      now: Date.now,
      random: randomBytes,
    });
  };
  return {
    put: async (question, asked) => {
      loading ??= load();
      return (await loading).put(question, asked);
    },
  };
}
