import {
  type BoardCell,
  type BoardColumn,
  type BoardTable,
  type DrillDown,
  filled,
  type HeadlineNumber,
} from "../../pages/board.ts";
import { columnNamed, insideASentence, keySaid, tableOf } from "../../pages/cells.ts";
import { barsOf, columnsOf } from "../../pages/charts-of.ts";
import type { MakePieces, Speaking } from "../../pages/pieces.ts";
import type { PageWords } from "../../pages/words/page-words.ts";
import { writerFor } from "../../pages/written.ts";
import { statusCall } from "../shared/training/drill.ts";
import type { CountedFigures, Figure } from "./figures.ts";
import { type ListRow, type Show, shows } from "./list.ts";

/** What the same call says besides `by`, `show` and the cursor: a click asks within it. */
export type SameCall = Readonly<Record<string, unknown>>;

/** Those behind a number. */
export const listTitle = (show: Show | "changed", days: number, { figures }: PageWords): string =>
  filled(figures[show], { days: String(days) });

interface ListLooked {
  readonly show: Show | "changed";
  readonly days: number;
  readonly columns: readonly string[];
  readonly total: number;
  /** Rows from one place to another, as the reply has them. */
  readonly rows: (from: number, to: number) => readonly ListRow[];
  /** What of them the text has. */
  readonly reached: { readonly from: number; readonly to: number };
  readonly asked: SameCall;
  readonly cursor: string | undefined;
}

/** People and their training: all of them on a page, in a chat as many as the text has, and the way to the next. */
export const listPieces =
  ({ show, days, columns, total, rows, reached, asked, cursor }: ListLooked): MakePieces =>
  ({ words, most, isLive }: Speaking) => {
    const [from, to] = isLive ? [reached.from, reached.to] : [0, Math.min(total, most)];
    const table = tableOf(listTitle(show, days, words), columns, rows(from, to), { words, total });
    const isListed = show !== "changed";
    return {
      tables: [
        {
          ...table,
          ...(isLive &&
            cursor !== undefined && {
              next: statusCall({ ...asked, ...(isListed && { show }), cursor }),
            }),
        },
      ],
    };
  };

interface FiguresLooked {
  readonly counted: CountedFigures;
  /** What they are told apart by, as the reply calls it. */
  readonly names: readonly string[];
  readonly days: number;
  /** What a click on a key asks, besides whom it lists; undefined: it cannot be asked. */
  readonly within: (key: string) => SameCall | undefined;
}

/** Bars, or columns of months, of the figure that matters and of the share passed; and all figures as a table. */
export const figurePieces =
  ({ counted, names, days, within }: FiguresLooked): MakePieces =>
  ({ words, locale, most }) => {
    const { figures } = words;
    const titleOf = (figure: Figure) => filled(figures[figure], { days: String(days) });
    const what = names.map((name) => columnNamed(name, words).label).join(" × ");
    const title = filled(words.titles.trainingBy, {
      what: names.map((name) => insideASentence(name, { words, locale })).join(" × "),
    });
    if (names.length === 2)
      return {
        title,
        tables: [crossTable(counted, names, `${titleOf(counted.main)}: ${what}`, { words, locale, most })],
      };
    const listed: Show | undefined = isShow(counted.main) ? counted.main : undefined;
    const drill = (key: string): DrillDown | undefined => {
      const more = within(key);
      return more === undefined || listed === undefined ? undefined : statusCall({ ...more, show: listed });
    };
    const values = (figure: Figure) =>
      counted.rows.flatMap(({ keys: [key = ""], figures: own }) =>
        own[figure] === undefined ? [] : [[keySaid(key, words), own[figure], key] as const],
      );
    const isMonths = counted.rows.every(({ keys: [key = ""] }) => /^\d{4}-\d\d$/.test(key));
    const chartOf = (figure: Figure, about: Parameters<typeof barsOf>[2]) => {
      const all = values(figure);
      const keyed = { ...about, drill: (_: string, at: number) => drill(all[at]?.[2] ?? "") };
      const pairs = all.map(([label, value]) => [label, value] as const);
      return isMonths && figure !== "rate"
        ? columnsOf(titleOf(figure), pairs, keyed)
        : barsOf(titleOf(figure), pairs, keyed);
    };
    const tone = bad.has(counted.main) ? ("bad" as const) : undefined;
    const rates = values("rate");
    return {
      title,
      numbers: counted.columns.flatMap((figure) => {
        const value = counted.all[figure];
        return value === undefined ? [] : [{ label: titleOf(figure), value, ...drawnAs(figure) }];
      }),
      charts: [
        chartOf(counted.main, tone && { tone }),
        ...(rates.length > 0
          ? [
              barsOf(
                figures.rate,
                [...rates].sort((a, b) => a[1] - b[1]).map(([label, value]) => [label, value] as const),
                { unit: "percent", tone: "good" },
              ),
            ]
          : []),
      ],
      tables: [singleTable(counted, names[0] ?? "", { title: what, titleOf, words, most })],
    };
  };

const bad: ReadonlySet<Figure> = new Set(["overdue", "expired", "failed"]);
const soon: ReadonlySet<Figure> = new Set(["due", "expiring"]);
const drawnAs = (figure: Figure): Pick<HeadlineNumber, "tone" | "unit"> => ({
  ...(bad.has(figure) && { tone: "bad" }),
  ...(soon.has(figure) && { tone: "soon" }),
  ...(figure === "rate" && { unit: "percent" }),
});

const shown: ReadonlySet<string> = new Set(shows);
const isShow = (figure: Figure): figure is Show => shown.has(figure);

function singleTable(
  counted: CountedFigures,
  name: string,
  about: {
    readonly title: string;
    readonly titleOf: (figure: Figure) => string;
    readonly words: PageWords;
    readonly most: number;
  },
): BoardTable {
  const { words } = about;
  const cells = (key: string, own: CountedFigures["all"]): BoardCell[] => [
    keySaid(key, words),
    ...counted.columns.map((figure) => own[figure] ?? ""),
  ];
  const columns: BoardColumn[] = [
    columnNamed(name, words),
    ...counted.columns.map((figure) => ({
      label: about.titleOf(figure),
      is: figure === "rate" ? ("percent" as const) : ("number" as const),
    })),
  ];
  return {
    title: about.title,
    columns,
    rows: counted.rows.slice(0, about.most).map(({ keys: [key = ""], figures }) => cells(key, figures)),
    total: counted.rows.length,
    totals: [
      cells("all", counted.all),
      ...(counted.gone === undefined ? [] : [cells("(cannot sign in)", counted.gone)]),
    ],
  };
}

/** The figure that matters, of each pair. */
function crossTable(
  { rows, main }: CountedFigures,
  names: readonly string[],
  title: string,
  { words, locale, most }: Pick<Speaking, "words" | "locale" | "most">,
): BoardTable {
  const { cell } = writerFor(locale);
  const across = [...new Set(rows.map(({ keys: [, other = ""] }) => other))];
  across.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const down = new Map<string, Map<string, number>>();
  for (const { keys, figures } of rows) {
    const [one = "", other = ""] = keys;
    down.set(one, (down.get(one) ?? new Map()).set(other, figures[main] ?? 0));
  }
  const [first = "", second = ""] = names;
  const { is } = columnNamed(second, words);
  return {
    title,
    shaded: true,
    columns: [
      columnNamed(first, words),
      ...across.map((key) => ({ label: cell(keySaid(key, words), is), is: "number" as const })),
    ],
    rows: [...down]
      .slice(0, most)
      .map(([key, own]) => [keySaid(key, words), ...across.map((other) => own.get(other) ?? 0)]),
    total: down.size,
  };
}
