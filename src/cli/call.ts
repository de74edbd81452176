import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import type { App } from "../app/compose.ts";
import type { Progress } from "../call/call-deadline.ts";
import { isCalledNow, namesNow } from "../catalogue/former-names.ts";
import { metaTools } from "../catalogue/meta-tools.ts";
import { type Shape, shapeOf } from "../catalogue/schema.ts";
import { leftOutTools, type OfferedTool, offeredTools } from "../catalogue/tool-list.ts";
import { type Config, problemText } from "../config/read-config.ts";
import type { Asker, Pages } from "../guard/channels/approval-channels.ts";
import { endedAs, failure, type Reply } from "../reply/reply.ts";
import { lettersIn } from "../skyprep/letters.ts";
import { readArguments, type Sources } from "./call/arguments.ts";
import { pagesOfCall, terminalAsker } from "./call/at-the-terminal.ts";
import { helpOf, listed, usage } from "./call/call-help.ts";
import { readCommandLine } from "./call/command-line.ts";
import { exitCodeOf, exitCodes } from "./call/exit-code.ts";
import { asTyped, didYouMean, WrongUse } from "./call/wrong-use.ts";

type Terminal = { readonly isTTY?: boolean | undefined };

export interface CallCommand {
  /** Words before `call`, and behind it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly tools: readonly OfferedTool[];
  readonly stdin: Readable & Terminal;
  readonly stdout: Writable;
  readonly stderr: Writable & Terminal;
  readonly say: (line: string) => void;
  readonly read: (settings: readonly string[]) => Promise<Config>;
  /** The server of these settings, in this process. `wrap`: what becomes of the approval page. */
  readonly open: (config: Config, wrap: (pages: Pages) => Pages) => Promise<OpenedServer>;
  /** Calls back when the process is told to end. */
  readonly onSignal: (end: () => void) => void;
  readonly now: () => number;
}

export interface OpenedServer {
  readonly app: Pick<App, "call" | "catalogue" | "jobs" | "end">;
  readonly close: () => void;
}

/** `skyprep-mcp call`: one tool, on the path of every other call, without a model. Gives the exit code. */
export async function runCall(command: CallCommand): Promise<number> {
  let json = command.after.includes("--json");
  try {
    const line = readCommandLine(command.before, command.after);
    json = line.json;
    return await run(line, command);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    const text = `skyprep-mcp call: ${error.message}`;
    command.say(text);
    if (json) await print(command, jsonOf({ outcome: "refused", text: error.message }));
    return exitCodes.wrongUse;
  }
}

async function run(line: ReturnType<typeof readCommandLine>, command: CallCommand): Promise<number> {
  const config = await command.read(line.settings);
  const offered = offeredTools(command.tools, config);
  if (line.list || (line.help && line.tool === undefined)) {
    await print(command, line.list ? listed(offered) : usage);
    return exitCodes.done;
  }
  if (line.tool === undefined) throw new WrongUse(`say which tool, e.g. call find --text avery.\n${usage}`);
  const tool = toolNamed(line.tool, offered);
  if (tool === undefined) return unknownTool(line.tool, offered, config, { command, json: line.json });
  if (namesNow(offered).has(spelt(line.tool)))
    command.say(`skyprep-mcp: ${isCalledNow(spelt(line.tool), tool.name)}`);
  if (!line.help) mayBeCalled(config);
  if (!line.help) for (const note of config.notes) command.say(`skyprep-mcp: ${note}`);

  const isAsked = command.stdin.isTTY === true && command.stderr.isTTY === true;
  let waiting = () => false;
  const { app, close } = await command.open(config, (pages) => {
    const own = pagesOfCall(pages, isAsked ? command.say : undefined);
    waiting = own.waiting;
    return own.pages;
  });
  try {
    const shape = shapeIn(app, tool.name);
    if (line.help) {
      await print(command, helpOf(tool, shape));
      return exitCodes.done;
    }
    const args = await readArguments(line, { name: tool.name, shape }, sourcesOf(command));
    const tell: Progress = line.quiet ? () => {} : progressTo(command.say);
    const asker = askerOf(isAsked && line.args !== "-", tell, command);
    command.onSignal(() => void app.end());
    const calling = { name: tool.name, args, asker, tell };
    const reply = await answered(app, calling, { waiting, now: command.now }).catch((error: unknown) =>
      defect(tool, error),
    );
    const lost = await print(command, line.json ? jsonOf(reply) : reply.text);
    if (lost !== undefined && lost !== "EPIPE") {
      command.say(`skyprep-mcp call: the reply could not be written to stdout (${lost}).`);
      if (tool.effect === "read") return Math.max(exitCodes.failed, exitCodeOf(reply));
    }
    return exitCodeOf(reply);
  } finally {
    await app.end();
    close();
  }
}

/** As it stands in the list, or with hyphens, as flags have; or as it was called before. */
function toolNamed(typed: string, offered: readonly OfferedTool[]): OfferedTool | undefined {
  const name = namesNow(offered).get(spelt(typed)) ?? spelt(typed);
  return offered.find((tool) => tool.name === typed) ?? offered.find((tool) => tool.name === name);
}

const spelt = (typed: string): string => typed.toLowerCase().replaceAll("-", "_");

async function unknownTool(
  typed: string,
  offered: readonly OfferedTool[],
  config: Config,
  { command, json }: { readonly command: CallCommand; readonly json: boolean },
): Promise<number> {
  const leftOut = leftOutTools(command.tools, config)(typed.replaceAll("-", "_"));
  if (leftOut === undefined) {
    const names = offered.map(({ name }) => name);
    throw new WrongUse(
      `${asTyped(typed)}is no tool.${didYouMean(typed, names)} skyprep-mcp call --list names all.`,
    );
  }
  await print(command, json ? jsonOf(leftOut) : leftOut.text);
  return exitCodeOf(leftOut);
}

/** Nobody sits between a script and its calls: with nobody asked either, a slip of one would remove without a stop. */
function mayBeCalled({ confirm, problems }: Config): void {
  if (problems.length > 0) throw new WrongUse(`nothing was sent.\n${problems.map(problemText).join("\n")}`);
  if (confirm !== "off") return;
  throw new WrongUse(
    "it does not run with SKYPREP_CONFIRM=off: with no model and nobody asked, nothing would stop a script's mistake. Set it to unattended (enrolling many goes on unasked, everything else that needs a person is refused), or to ask.",
  );
}

function shapeIn(app: OpenedServer["app"], name: string): Shape {
  const tool = app.jobs.get(name) ?? app.catalogue.tools.get(name);
  return tool?.shape ?? shapeOf(metaTools[name as keyof typeof metaTools].input);
}

const largestInput = 8 * 1024 * 1024;

function sourcesOf({ stdin }: CallCommand): Sources {
  return {
    async stdin() {
      if (stdin.isTTY)
        throw new WrongUse("stdin is a terminal: hand the arguments on through a pipe or a file.");
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of stdin as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > largestInput) throw new WrongUse("stdin holds more than 8 MiB.");
        chunks.push(chunk);
      }
      return lettersIn(Buffer.concat(chunks)).text;
    },
    async file(path) {
      try {
        return lettersIn(await readFile(path)).text;
      } catch (error) {
        const { code = "unknown" } = error as NodeJS.ErrnoException;
        throw new WrongUse(`a file that was named could not be read (${code}).`);
      }
    },
  };
}

/** Each thing once: how often it is told is meant for a bar that moves. */
function progressTo(say: (line: string) => void): Progress {
  let last = "";
  return (_done, _total, text) => {
    if (text !== last) say(text);
    last = text;
  };
}

function askerOf(isAsked: boolean, tell: Progress, streams: CallCommand): Asker {
  const say = (text: string) => tell(0, undefined, text);
  return isAsked ? terminalAsker(streams, say) : { client: "skyprep-mcp call", tell: say };
}

/** Where a write may have been sent, whether it was done has to be looked for. */
function defect({ effect }: OfferedTool, error: unknown): Reply {
  const why = error instanceof Error ? error.message : String(error);
  return effect === "read"
    ? failure(why)
    : endedAs("unknown", why, "Whether anything was done is not known: look with list_changes or a read.");
}

interface Calling {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly asker: Asker;
  readonly tell: Progress;
}

/** As long as a question is good. */
const tenMinutes = 600_000;

/** The reply; while a page is open that somebody may answer, the same call is made again, as its reply says. */
async function answered(
  app: OpenedServer["app"],
  { name, args, asker, tell }: Calling,
  { waiting, now }: { readonly waiting: () => boolean; readonly now: () => number },
): Promise<Reply> {
  const began = now();
  for (;;) {
    const signal = new AbortController().signal;
    const reply = await app.call(name, args, signal, { asker, progress: tell });
    if (reply === undefined) throw new Error(`${name} is listed, but is not there`);
    const again = reply.outcome === "waiting" && waiting() && now() - began < tenMinutes;
    if (!again) return reply;
  }
}

const jsonOf = ({ outcome, text, structured }: Pick<Reply, "outcome" | "text" | "structured">): string =>
  JSON.stringify({ outcome, text, data: structured ?? null });

/** Why it could not be written, as a code of the system's. */
function print({ stdout }: CallCommand, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException | null | undefined) =>
      resolve(error ? (error.code ?? error.name) : undefined);
    stdout.on("error", failed);
    stdout.write(text.endsWith("\n") ? text : `${text}\n`, failed);
  });
}
