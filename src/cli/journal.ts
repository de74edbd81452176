import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import type { TeamJournal, withTeamJournal } from "../journal/database/team-journal.ts";
import { parseEntry, readLines } from "../journal/entry.ts";
import { forget } from "../journal/forget.ts";
import { journalFolder } from "../journal/journal.ts";
import { CannotWrite, journalFile } from "../journal/line.ts";
import { standingLines, verify } from "../journal/verify.ts";
import { createLock } from "../state/files/shared-folder.ts";
import { placeIn, statePlaces } from "../state/state-places.ts";
import { cleanText } from "../text/english.ts";
import type { JournalAsked, Print } from "./journal/asked.ts";
import { runTeamJournal } from "./journal/team.ts";
import { forgottenText, foundNothing, shownText, verifiedText } from "./journal/text.ts";

const options = {
  "state-dir": { type: "string" },
  academy: { type: "string" },
  database: { type: "string" },
  desk: { type: "string" },
  limit: { type: "string" },
  since: { type: "string" },
} as const;

export const usage = `skyprep-mcp journal verify              checks that no line was edited, moved or cut out
skyprep-mcp journal show [--limit N]    what was done, newest last (50)
skyprep-mcp journal export              the lines as they stand, JSON, one a line
skyprep-mcp journal forget <login>      erases what is kept of a person
show and export take --since, a day or a moment of UTC: 2026-11-23, 2026-11-23T10:00Z.
Each takes --state-dir where SKYPREP_STATE_DIR is not set.

Of a team's database, at SKYPREP_DATABASE_URL or at the address in the file of --database, each takes --academy NAME; and
skyprep-mcp journal import <folder> --academy NAME --desk NAME
                                        takes in a desk's journal, from its state folder or a file of its lines;
                                        show and export show that with --desk NAME`;

export interface JournalCommand {
  readonly stdout: Writable;
  readonly say: (line: string) => void;
  /** Where the state stands unless `--state-dir` says otherwise. */
  readonly stateFolder: string;
  /** Of the team's database, with a password in it. */
  readonly databaseUrl?: string | undefined;
  /** Loaded only for a team's. */
  readonly withTeam: () => Promise<typeof withTeamJournal>;
}

const commands: readonly string[] = ["verify", "show", "export", "forget", "import"];
const isCommand = (word: string): word is JournalAsked["command"] => commands.includes(word);
const takesOne = { forget: "forget takes one login.", import: "import takes one folder or file." } as const;
const named = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `skyprep-mcp journal …`: for people, on the computer where the server runs. Gives the exit code. */
export async function runJournal(argv: readonly string[], given: JournalCommand): Promise<number> {
  const { stdout, say, stateFolder, databaseUrl = "" } = given;
  const wrong = (why: string) => {
    say(`skyprep-mcp journal: ${why}\n${usage}`);
    return 2;
  };
  let parsed: { values: Partial<Record<keyof typeof options, string>>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : "wrong arguments");
  }
  const { values, positionals } = parsed;
  const { academy, database, desk } = values;
  const [command = "", ...words] = positionals;
  const limit = Number(values.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1) return wrong("--limit takes a number from 1.");
  const since = values.since === undefined ? undefined : momentIn(values.since);
  if (Number.isNaN(since))
    return wrong("--since takes a day or a moment of UTC: 2026-11-23, 2026-11-23T10:00Z.");
  if (!isCommand(command))
    return wrong(command === "" ? "say what to do." : "that is not one of its commands.");
  const [word = ""] = words;
  const one = command === "forget" || command === "import" ? takesOne[command] : undefined;
  if (words.length !== (one ? 1 : 0) || (one && word.trim() === ""))
    return wrong(one ?? "that is not one of its commands.");
  const asked: JournalAsked = { command, word, limit, since, desk };
  const print: Print = async (lines) => {
    if (stdout.writableNeedDrain) await once(stdout, "drain");
    stdout.write(lines.map((line) => `${line}\n`).join(""));
  };
  try {
    if (academy === undefined) {
      if (command === "import" || database !== undefined || desk !== undefined)
        return wrong("--academy says whose journal in the team's database.");
      // Else whoever runs a team's server would be told that there is nothing.
      if (databaseUrl !== "" && values["state-dir"] === undefined)
        return wrong(
          "SKYPREP_DATABASE_URL is set: say --academy for a journal there, or --state-dir for a desk's.",
        );
      return await runDesk(asked, values["state-dir"] || stateFolder, print);
    }
    if (values["state-dir"] !== undefined) return wrong("--academy and --state-dir are two journals.");
    if (!named.test(academy))
      return wrong("--academy takes a name as it stands in the address, e.g. acme-north.");
    if (desk !== undefined && !named.test(desk))
      return wrong("--desk takes small letters, digits and hyphens, e.g. mia-laptop.");
    if (command === "import" && desk === undefined)
      return wrong("--desk says under which name it is taken in.");
    const url = database === undefined ? databaseUrl : addressIn(database);
    if (url === undefined) return wrong("the file of --database cannot be read.");
    if (url === "")
      return wrong("set SKYPREP_DATABASE_URL, or give the file that the address stands in to --database.");
    const withTeam = await given.withTeam();
    const done = await withTeam({ url, academy }, (journal: TeamJournal) =>
      runTeamJournal(asked, { journal, academy, print, say }),
    );
    if ("value" in done) return done.value;
    say(`skyprep-mcp journal: ${done.wrong}`);
    return 1;
  } catch (error) {
    if (!(error instanceof CannotWrite)) throw error;
    say(`skyprep-mcp journal: ${error.message}`);
    return 1;
  }
}

/** NaN: it cannot be read. */
const momentIn = (text: string): number =>
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;

/** Undefined: it cannot be read. */
function addressIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

async function runDesk(
  { command, word, ...flags }: JournalAsked,
  state: string,
  print: Print,
): Promise<number> {
  const folder = journalFolder(state);
  switch (command) {
    case "verify": {
      const owner = "Whoever owns the files can rewrite all of them.";
      const { isWhole, told } = verifiedText(await verify(folder), { where: `in ${folder}`, owner });
      await print(told);
      return isWhole ? 0 : 1;
    }
    case "show":
      await print(shownText(await readLines(folder, () => true), flags, `in ${folder}`));
      return 0;
    case "export":
      for await (const { text, whole } of standingLines(journalFile(folder)))
        if (whole && isSince(text, flags.since)) await print([text]);
      return 0;
    default:
      return forgetOnDesk(state, word, print);
  }
}

const isSince = (text: string, since: number | undefined): boolean =>
  since === undefined || Date.parse(parseEntry(text)?.at ?? "") >= since;

async function forgetOnDesk(state: string, login: string, print: Print): Promise<number> {
  const folder = journalFolder(state);
  const lock = createLock(folder, { name: "journal" });
  const places = Object.values(statePlaces).map((name) => join(state, name));
  const found = await forget({ folder, lock, login, places, questions: placeIn(state, "approvals") });
  if (foundNothing(found)) {
    await print([`Nothing about ${cleanText(login)} was found in ${state}.`]);
    return 1;
  }
  const left =
    "Files copied elsewhere are not searched, and a server that runs now may still know them until it ends.";
  await print(forgottenText(found, { login, others: "other file", left }));
  return 0;
}
