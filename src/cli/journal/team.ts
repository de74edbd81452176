import { existsSync, statSync } from "node:fs";
import type { DeskJournal } from "../../journal/database/take-in.ts";
import type { TeamJournal } from "../../journal/database/team-journal.ts";
import { readCheckpoint } from "../../journal/entry.ts";
import { journalFolder } from "../../journal/journal.ts";
import { journalFile } from "../../journal/line.ts";
import { standingLines } from "../../journal/verify.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JournalAsked, Print } from "./asked.ts";
import { forgottenText, foundNothing, shownText, verifiedText } from "./text.ts";

interface TeamAsked {
  readonly journal: TeamJournal;
  readonly academy: string;
  readonly print: Print;
  readonly say: (line: string) => void;
}

/** The same commands, of an academy's journal in the team's database; `import` besides. Gives the exit code. */
export async function runTeamJournal(
  { command, word, desk, ...flags }: JournalAsked,
  { journal, academy, print, say }: TeamAsked,
): Promise<number> {
  const of = (one: string | undefined) => (one === undefined ? `of ${academy}` : `of ${academy} from ${one}`);
  if (command !== "import" && desk !== undefined && !journal.desks.includes(desk)) {
    say(`skyprep-mcp journal: no journal was taken in from ${desk}: ${listed(journal.desks)}.`);
    return 1;
  }
  if (command !== "import" && !journal.academies.includes(academy))
    say(`skyprep-mcp journal: there is none of ${academy} there yet: ${listed(journal.academies)}.`);

  switch (command) {
    case "verify": {
      const owner = "Whoever owns the database can rewrite all of it.";
      let areWhole = true;
      for (const one of desk === undefined ? [undefined, ...journal.desks] : [desk]) {
        const { isWhole, told } = verifiedText(await journal.verify(one), { where: of(one), owner });
        areWhole &&= isWhole;
        await print(told);
      }
      return areWhole ? 0 : 1;
    }
    case "show": {
      const others = desk === undefined ? journal.desks : [];
      await print([
        ...shownText(await journal.lines(flags.since, desk), flags, of(desk)),
        ...(desk === undefined
          ? []
          : [`It was taken in from a desk: it counts for no budget, and nothing of it can be undone.`]),
        ...(others.length > 0 ? [`Taken in from desks, and shown with --desk: ${others.join(", ")}.`] : []),
      ]);
      return 0;
    }
    case "export":
      for await (const text of journal.texts(flags.since, desk)) await print([text]);
      return 0;
    case "forget": {
      const found = await journal.forget(word);
      if (foundNothing(found)) {
        await print([`Nothing about ${cleanText(word)} was found ${of(undefined)} in the team's database.`]);
        return 1;
      }
      const left =
        "Backups, standbys and files copied elsewhere are not searched, nor other academies; servers that run now may still know them until they end.";
      await print(forgottenText(found, { login: word, others: "other row", left }));
      return 0;
    }
    case "import": {
      const source = deskAt(word);
      if (source === undefined) {
        say(`skyprep-mcp journal: there is no journal in ${word}.`);
        return 1;
      }
      const name = desk ?? "";
      const { lines, known, isTorn } = await journal.takeIn(name, source);
      const { isWhole, told } = verifiedText(await journal.verify(name), {
        where: of(name),
        owner: "Whoever owned the files could rewrite all of them.",
      });
      await print([
        `Taken in: ${count(lines, "line")}${known > 0 ? `; ${known} were there already` : ""}.`,
        ...(isTorn ? ["The last line was not finished, and was left out."] : []),
        ...told,
      ]);
      return isWhole ? 0 : 1;
    }
  }
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "there are none at all" : `there are ${names.join(", ")}`;

/** A state folder, or a file of lines such as `export` gives. */
function deskAt(path: string): DeskJournal | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return { lines: () => standingLines(path), end: async () => undefined };
  const folder = journalFolder(path);
  const file = journalFile(folder);
  if (!existsSync(file)) return undefined;
  return { lines: () => standingLines(file), end: () => readCheckpoint(folder) };
}
