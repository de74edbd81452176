import { type BoardTable, filled } from "../../pages/board.ts";
import { tableOf } from "../../pages/cells.ts";
import { barsOf } from "../../pages/charts-of.ts";
import { type MakePieces, momentIn, spanIn } from "../../pages/pieces.ts";
import type { Session } from "../shared/session.ts";

type Row = Readonly<Record<string, unknown>>;

interface RosterLooked {
  readonly session: Session;
  readonly columns: readonly string[];
  /** Everybody who is registered. */
  readonly rows: readonly Row[];
  /** What of them the text has. */
  readonly shown: readonly Row[];
  /** Undefined: no limit, or it took place already. */
  readonly free: number | undefined;
  /** How many of them cannot sign in any more. */
  readonly gone: number;
}

/** What an instructor prints and ticks off: on paper, each row ends in an empty cell. */
export const rosterPieces =
  ({ session, columns, rows, shown, free, gone }: RosterLooked): MakePieces =>
  ({ words, locale, most, isLive }) => {
    const { roster } = words;
    const { starts, ends, place, instructor, seats } = session;
    const about = [
      spanIn(starts, ends, locale),
      place,
      instructor,
      ...(seats === undefined ? [] : [`${roster.seats}: ${seats}`]),
    ];
    // The number of a registration is for whoever changes one; who prints a list has no use for it.
    const printed = columns.filter((column) => column !== "registration");
    const table = tableOf(roster.people, printed, isLive ? shown : rows.slice(0, most), {
      words,
      total: rows.length,
    });
    return {
      title: filled(words.titles.roster, { what: `${session.id} ${session.name}`.trim() }),
      about: about.filter(Boolean).join(" · "),
      numbers: [
        { label: roster.registered, value: rows.length },
        ...(free === undefined ? [] : [{ label: roster.free, value: free }]),
        ...(gone > 0 ? [{ label: roster.withoutAccess, value: gone, tone: "bad" as const }] : []),
      ],
      tables: [isLive ? table : signed(table, roster.sign)],
    };
  };

const signed = (table: BoardTable, label: string): BoardTable => ({
  ...table,
  columns: [...table.columns, { label, is: "sign" }],
  rows: table.rows.map((row) => [...row, ""]),
});

interface UnmarkedLooked {
  readonly columns: readonly string[];
  /** Each session with somebody who is not marked. */
  readonly rows: readonly Row[];
  readonly lookedAt: number;
  readonly tookPlace: number;
}

/** Sessions whose attendance is not all marked; a click shows the roster. */
export const unmarkedPieces =
  ({ columns, rows, lookedAt, tookPlace }: UnmarkedLooked): MakePieces =>
  ({ words, locale, most }) => {
    const { roster } = words;
    const read = rows.slice(0, most).map((row) => ({ ...row, starts: momentIn(String(row.starts), locale) }));
    return {
      title: roster.unmarked,
      numbers: [
        { label: roster.unmarked, value: rows.length, tone: "soon" },
        { label: roster.lookedAt, value: lookedAt },
        { label: roster.tookPlace, value: tookPlace },
      ],
      charts: [
        barsOf(
          words.columns.unmarked,
          rows.map(({ session, name, unmarked }) => [`${session} ${name}`, Number(unmarked)] as const),
          {
            tone: "bad",
            drill: (_, at) => ({
              tool: "session_roster",
              arguments: { session: String(rows[at]?.session) },
            }),
          },
        ),
      ],
      tables: [tableOf(roster.unmarked, columns, read, { words, total: rows.length })],
    };
  };
