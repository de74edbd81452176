import { filled } from "../../pages/board.ts";
import { tableOf } from "../../pages/cells.ts";
import { barsOf } from "../../pages/charts-of.ts";
import type { MakePieces } from "../../pages/pieces.ts";
import { cleanText } from "../../text/english.ts";
import type { Letter } from "./letters.ts";

interface LettersLooked {
  /** Of whom, in words. */
  readonly of: string | undefined;
  /** How many people the letters are about. */
  readonly people: number;
  readonly letters: readonly Letter[];
  /** Each with how much is overdue of it, in the letters' order. */
  readonly overdue: readonly number[];
  /** As in the CSV. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The address of the CSV. */
  readonly resource: string | undefined;
}

/** Characters of letters that a chat is given: whoever wants all of them has the file. */
const mostInChat = 40_000;

/** Who is reminded of what, and every letter ready to be copied. */
export const letterPieces =
  ({ of, people, letters, overdue, columns, rows, resource }: LettersLooked): MakePieces =>
  ({ words, most, isLive }) => {
    const { letters: said } = words;
    const shown = rows.slice(0, most).map((row) => named(columns, row));
    const texts = letters.map(({ share: { lead, who }, subject, text }) => ({
      heading: filled(said.letterTo, { who: who ? `${lead.name} <${cleanText(who.login)}>` : lead.name }),
      text: `${filled(said.subject, { what: subject })}\n\n${text}`,
    }));
    return {
      about: of ?? words.about.everyone,
      notDone: words.about.notSent,
      numbers: [
        { label: said.letters, value: letters.length },
        { label: said.people, value: people },
      ],
      charts: [
        barsOf(
          said.managers,
          letters.map(({ share: { lead } }, at) => [lead.name, overdue[at] ?? 0] as const),
          { tone: "bad" },
        ),
      ],
      tables: [
        {
          ...tableOf(said.reminders, inTable, shown, { words, total: rows.length }),
          ...(resource !== undefined && { resource }),
        },
      ],
      texts: isLive ? fitting(texts) : texts,
    };
  };

const inTable = ["manager", "name", "login", "course", "status", "deadline", "days_late", "days_left"];

/** A row of the CSV by the names that tables have. */
function named(columns: readonly string[], cells: readonly string[]): Record<string, string | number> {
  const of = (column: string) => cells[columns.indexOf(column)] ?? "";
  const days = (column: string) => (of(column) === "" ? "" : Number(of(column)));
  return {
    manager: of("manager"),
    name: of("name"),
    login: of("login"),
    course: of("course") || of("course_id"),
    status: of("status"),
    deadline: of("deadline"),
    days_late: days("days_overdue"),
    days_left: days("days_left"),
  };
}

function fitting<T extends { readonly text: string }>(texts: readonly T[]): readonly T[] {
  let room = mostInChat;
  const end = texts.findIndex(({ text }) => {
    room -= text.length;
    return room < 0;
  });
  return end === -1 ? texts : texts.slice(0, end);
}
