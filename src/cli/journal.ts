import { join } from "node:path";
import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { changesOf, readLines } from "../journal/entry.ts";
import { forget } from "../journal/forget.ts";
import { journalFolder } from "../journal/journal.ts";
import { CannotWrite, type Change, type Line, type Target } from "../journal/line.ts";
import { type Verified, verify } from "../journal/verify.ts";
import { createLock } from "../state/files/lock.ts";
import { placeIn, statePlaces } from "../state/state-places.ts";
import { cleanText, count } from "../text/english.ts";

const options = {
  "state-dir": { type: "string" },
  limit: { type: "string" },
} as const;

export const usage = `skyprep-mcp journal verify              checks that no line was edited, moved or cut out
skyprep-mcp journal show [--limit N]    what was done, newest last (50)
skyprep-mcp journal forget <login>      erases what is kept of a person
Each takes --state-dir where SKYPREP_STATE_DIR is not set.`;

export interface JournalCommand {
  readonly stdout: Writable;
  readonly say: (line: string) => void;
  /** Where the state stands unless `--state-dir` says otherwise. */
  readonly stateFolder: string;
}

/** `skyprep-mcp journal …`: for people, on the computer where the server runs. Gives the exit code. */
export async function runJournal(
  argv: readonly string[],
  { stdout, say, stateFolder }: JournalCommand,
): Promise<number> {
  const wrong = (why: string) => {
    say(`skyprep-mcp journal: ${why}\n${usage}`);
    return 2;
  };
  let parsed: { values: { "state-dir"?: string; limit?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : "wrong arguments");
  }
  const { values, positionals } = parsed;
  const [command = "", ...words] = positionals;
  const state = values["state-dir"] || stateFolder;
  const folder = journalFolder(state);
  const print = (lines: readonly string[]) => void stdout.write(lines.map((line) => `${line}\n`).join(""));
  const limit = Number(values.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1) return wrong("--limit takes a number from 1.");
  const [login = ""] = words;
  if (words.length !== (command === "forget" ? 1 : 0) || (command === "forget" && login.trim() === ""))
    return wrong(command === "forget" ? "forget takes one login." : "that is not one of its commands.");
  try {
    switch (command) {
      case "verify":
        return printVerified(await verify(folder), folder, print);
      case "show":
        print(shown(await readLines(folder, () => true), limit, folder));
        return 0;
      case "forget":
        return await runForget(state, login, print);
      default:
        return wrong(command === "" ? "say what to do." : "that is not one of its commands.");
    }
  } catch (error) {
    if (!(error instanceof CannotWrite)) throw error;
    say(`skyprep-mcp journal: ${error.message}`);
    return 1;
  }
}

type Print = (lines: readonly string[]) => void;

function printVerified({ lines, forgotten, torn, breaks }: Verified, folder: string, print: Print): number {
  if (lines === 0 && breaks.length === 0 && torn === undefined) {
    print([`There is no journal in ${folder} yet.`]);
    return 0;
  }
  const notes = [
    ...(forgotten > 0
      ? [`${count(forgotten, "line")} of forgotten persons: what stood in them can no longer be checked.`]
      : []),
    ...(torn !== undefined
      ? [
          "The last line is not finished: a server is writing it, or died while it did. The next write sets it aside.",
        ]
      : []),
    // Said here, because "whole" would promise more.
    "This finds accidents and partial edits. Whoever owns the files can rewrite all of them.",
  ];
  if (breaks.length === 0) {
    print([`The journal in ${folder} is whole: ${count(lines, "line")}.`, ...notes]);
    return 0;
  }
  print([
    `The journal in ${folder} is not whole: ${count(breaks.length, "break")} in ${count(lines, "line")}.`,
    ...breaks.map(({ seq, why }) => (seq === 0 ? `Before line 1: ${why}.` : `Line ${seq}: ${why}.`)),
    ...notes,
  ]);
  return 1;
}

async function runForget(state: string, login: string, print: Print): Promise<number> {
  const folder = journalFolder(state);
  const lock = createLock(folder, { name: "journal" });
  const places = Object.values(statePlaces).map((name) => join(state, name));
  const { lines, images, setAside, files } = await forget({
    folder,
    lock,
    login,
    places,
    questions: placeIn(state, "approvals"),
  });
  if (lines + images + setAside + files === 0) {
    print([`Nothing about ${cleanText(login)} was found in ${state}.`]);
    return 1;
  }
  print([
    `Forgotten: ${count(lines, "line")} masked, ${count(images, "image")}${files > 0 ? ` and ${count(files, "other file")}` : ""} erased.`,
    ...(setAside > 0
      ? [`${count(setAside, "unfinished line")} erased too: whom they name cannot be told.`]
      : []),
    // A login may look like one of these, so it is done all the same.
    ...(login.includes("@")
      ? []
      : [
          `${cleanText(login)} was taken for a login. If it is a name or a number, forget the login too: what names them otherwise is still there.`,
        ]),
    "The numbers of persons stay. Files copied elsewhere are not searched, and a server that runs now may still know them until it ends.",
  ]);
  return 0;
}

function shown(lines: readonly Line[], limit: number, folder: string): string[] {
  const changes = new Map(changesOf(lines).map((change) => [change.seq, change]));
  const told = lines.flatMap((line) => {
    const change = changes.get(line.seq);
    const text = change ? changeText(change) : lineText(line);
    return text === undefined ? [] : [`${line.at.slice(0, 19).replace("T", " ")}Z  #${line.seq}  ${text}`];
  });
  if (told.length === 0) return [`There is nothing in the journal in ${folder} yet.`];
  const left = told.length - limit;
  return [...(left > 0 ? [`(${left} before these: --limit ${told.length})`] : []), ...told.slice(-limit)];
}

const agreements = {
  form: "agreed to in the client",
  page: "agreed to on the approval page",
  code: "agreed to by code",
  terminal: "agreed to at a terminal",
  nobody: "nobody was asked",
} as const;

function changeText({ intent, outcome, undoneBy }: Change): string {
  const parts = [
    `${intent.tool}${intent.targets.length > 0 ? ` on ${targetsText(intent.targets)}` : ""}`,
    agreements[intent.agreed],
    ...(intent.undoes !== undefined ? [`undoes #${intent.undoes}`] : []),
    outcome === undefined ? "outcome unknown" : outcomeText(outcome),
    ...(undoneBy !== undefined ? [`undone by #${undoneBy}`] : []),
  ];
  return parts.join("; ");
}

function outcomeText(outcome: NonNullable<Change["outcome"]>): string {
  if (outcome.is === "done") return outcome.made === undefined ? "done" : `done, made ${outcome.made}`;
  const why = cleanText(outcome.why);
  return `${outcome.is === "failed" ? "failed" : "outcome unknown"}${why === "" ? "" : `: ${why}`}`;
}

function lineText(line: Line): string | undefined {
  if (line.line === "gap") {
    return line.missing === 0 ? "journal.head was gone here" : `${count(line.missing, "line")} missing here`;
  }
  if (line.line !== "asked") return undefined;
  return `${line.tool}: ${line.said === "asked" ? "asked" : `answered ${line.said}`}: ${cleanText(line.question)}`;
}

const most = 3;

function targetsText(targets: readonly Target[]): string {
  const texts = targets.slice(0, most).map(({ kind, id, login, name }) => {
    const known = [login, name === undefined ? undefined : `"${name}"`, id].filter(
      (one) => one !== undefined,
    );
    return cleanText([kind, ...known].join(" "));
  });
  return `${texts.join(", ")}${targets.length > most ? ` and ${targets.length - most} more` : ""}`;
}
