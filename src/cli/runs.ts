import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { figuresOf, summaryOf } from "../call/run/run-record.ts";
import { isRunName } from "../config/run-name.ts";
import { journalFolder } from "../journal/journal.ts";
import { changesOfRun } from "../journal/run-changes.ts";
import { filesIn } from "../state/files/files-state.ts";
import { createRunSummaries, type RunSummary } from "../state/run-summaries.ts";
import { count } from "../text/english.ts";
import { didYouMean } from "./call/wrong-use.ts";

const options = { "state-dir": { type: "string" }, json: { type: "boolean" } } as const;

export const usage = `skyprep-mcp runs           the runs there are (SKYPREP_RUN), one a line
skyprep-mcp runs NAME      what one came to: changes, questions, calls, minutes
  --json                   as one line of JSON
Each takes --state-dir where SKYPREP_STATE_DIR is not set. list_changes lists the changes of a run.`;

export interface RunsCommand {
  readonly stdout: Writable;
  readonly say: (line: string) => void;
  readonly stateFolder: string;
}

/** `skyprep-mcp runs`: what was done under a name. Gives the exit code. */
export async function runRuns(
  argv: readonly string[],
  { stdout, say, stateFolder }: RunsCommand,
): Promise<number> {
  const wrong = (why: string) => {
    say(`skyprep-mcp runs: ${why}\n${usage}`);
    return 2;
  };
  let parsed: { values: { "state-dir"?: string; json?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : "wrong arguments");
  }
  const { values, positionals } = parsed;
  const [name, ...more] = positionals;
  if (more.length > 0) return wrong("it takes one name at most.");
  const state = values["state-dir"] || stateFolder;
  const summaries = createRunSummaries(filesIn(state));
  const look = async (run: string): Promise<RunSummary | undefined> => {
    const [kept, changes] = [await summaries.read(run), await changesOfRun(journalFolder(state), run)];
    // Of a process that was killed, the journal knows more.
    return kept ? { ...kept, ...figuresOf(changes) } : summaryOf(run, changes);
  };
  const print = (text: string) => void stdout.write(`${text}\n`);
  if (name === undefined) {
    const all = (await Promise.all((await summaries.names()).map(look))).flatMap((one) => one ?? []);
    const lines = all.map(inOneLine);
    print(values.json ? JSON.stringify(all) : lines.join("\n") || `There is no run in ${state} yet.`);
    return 0;
  }
  const found = isRunName(name) ? await look(name) : undefined;
  if (found === undefined) {
    say(
      `skyprep-mcp runs: there is no run of that name in ${state}.${didYouMean(name, await summaries.names())}`,
    );
    return 1;
  }
  print(values.json ? JSON.stringify(found) : inFull(found));
  return 0;
}

const at = (instant: string): string => `${instant.slice(0, 16).replace("T", " ")} UTC`;

const inOneLine = ({ run, began, done, failed, unknown }: RunSummary): string =>
  `${run}  ${at(began)}  ${count(done, "change")} done${failed > 0 ? `, ${failed} failed` : ""}${unknown > 0 ? `, ${unknown} unknown` : ""}`;

function inFull(summary: RunSummary): string {
  const { run, began, ended, minutes, calls, tools } = summary;
  const figures = ["planned", "done", "failed", "unknown", "undone", "refused", "asked", "skipped"] as const;
  const rows = Object.entries(tools).map(
    ([tool, ends]) =>
      `  ${tool}: ${Object.entries(ends)
        .map(([word, n]) => `${n} ${word}`)
        .join(", ")}`,
  );
  return [
    `Run ${run}, from ${at(began)} to ${at(ended)}: ${count(minutes, "minute")} of calls, ${count(calls, "request")} to SkyPrep.`,
    ...figures.map((name) => `${name}: ${summary[name]}`),
    ...(rows.length > 0 ? ["Calls, by how they ended:", ...rows] : []),
  ].join("\n");
}
