import { cleanLines, cleanText } from "../text/english.ts";
import type { Board, BoardCell, BoardTable, Chart, HeadlineNumber, Locale } from "./board.ts";
import { filled } from "./board.ts";
import { academyLanguage, speaking } from "./language.ts";
import type { PageWords } from "./words/words.ts";
import { writerFor } from "./written.ts";

/** For whom a view is made. */
export interface Speaking {
  readonly words: PageWords;
  readonly locale: Locale;
  /** Rows of a table at most: all there are on a page, in a chat those that the text has. */
  readonly most: number;
  /** Whether clicks reach us: in a chat. */
  readonly isLive: boolean;
}

/** What a reply has to show besides its text. */
export interface Pieces {
  readonly title?: string;
  readonly about?: string;
  readonly numbers?: readonly HeadlineNumber[];
  readonly charts?: readonly Chart[];
  readonly tables?: readonly BoardTable[];
  readonly texts?: Board["texts"];
  /** Sentences of the reply that are not among its notes. */
  readonly notes?: readonly string[];
  /** That not all was read yet. */
  readonly isPart?: boolean;
}

/** Made only where somebody looks. */
export type MakePieces = (say: Speaking) => Pieces;

/** Several parts of one reply, in their order; the first that names itself names all. */
export const together =
  (...parts: readonly (MakePieces | undefined)[]): MakePieces =>
  (say) => {
    const all = parts.flatMap((part) => part?.(say) ?? []);
    const first = <K extends keyof Pieces>(key: K) => all.find((one) => one[key] !== undefined)?.[key];
    const [title, about] = [first("title"), first("about")];
    return {
      ...(title !== undefined && { title }),
      ...(about !== undefined && { about }),
      numbers: all.flatMap((one) => one.numbers ?? []),
      charts: all.flatMap((one) => one.charts ?? []),
      tables: all.flatMap((one) => one.tables ?? []),
      texts: all.flatMap((one) => one.texts ?? []),
      notes: all.flatMap((one) => one.notes ?? []),
      isPart: all.some((one) => one.isPart === true),
    };
  };

export interface Around {
  readonly kind: Board["kind"];
  readonly most: number;
  readonly isLive: boolean;
  /** Rows of the people, as SkyPrep has them; of them the academy's language is known. */
  readonly people: readonly unknown[];
  /** ISO 8601 with the academy's offset. */
  readonly asOf: string | undefined;
  readonly notes: readonly string[];
  readonly isPretend: boolean;
}

/** The whole of it, in the academy's language. */
export function boardOf(
  pieces: MakePieces,
  { kind, most, isLive, people, asOf, notes, isPretend }: Around,
): Board {
  const { locale, words } = speaking(academyLanguage(people));
  const said = pieces({ words, locale, most, isLive });
  const { title, about, numbers, charts, tables, texts } = harmless(said);
  return {
    kind,
    title: title ?? words.titles[kind === "roster" || kind === "plan" ? "training" : kind],
    about: about ?? words.about.everyone,
    locale,
    ...(asOf !== undefined && { asOf: filled(words.about.asOf, { when: momentIn(asOf, locale) }) }),
    numbers: numbers ?? [],
    charts: charts ?? [],
    tables: tables ?? [],
    texts: texts ?? [],
    notes: [...(said.isPart ? [words.about.notAll] : []), ...(said.notes ?? []), ...notes],
    words: words.controls,
    ...(isPretend && { pretend: words.about.pretend }),
  };
}

/** `2026-11-30T09:00:00-05:00` as it is read there: the clock is the academy's, not the reader's. */
function momentIn(stamp: string, locale: Locale): string {
  const [, day, clock, offset = ""] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(Z|[+-]\d\d:\d\d)?$/.exec(stamp) ?? [];
  if (day === undefined || clock === undefined) return stamp;
  const zone = offset === "Z" ? "UTC" : `UTC${offset}`;
  return `${writerFor(locale).day(day)}, ${clock}${offset === "" ? "" : ` (${zone})`}`;
}

/** Of a cell or a label; whoever writes more than a page can hold is cut. */
const longest = 200;
const shown = (text: string): string => {
  const clean = cleanText(text);
  const letters = [...clean];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : clean;
};

/**
 * What others wrote is text and no more of it than can be seen: without what turns letters round or hides, and short.
 * What a click sends stays as it is: it has to mean the same.
 */
function harmless({ title, about, numbers = [], charts = [], tables = [], texts = [] }: Pieces) {
  return {
    title: title === undefined ? undefined : shown(title),
    about: about === undefined ? undefined : shown(about),
    numbers: numbers.map((one) => ({ ...one, label: shown(one.label) })),
    charts: charts.map((chart) => ({
      ...chart,
      title: shown(chart.title),
      bars: chart.bars.map((bar) => ({ ...bar, label: shown(bar.label) })),
    })),
    tables: tables.map((table) => ({
      ...table,
      title: shown(table.title),
      columns: table.columns.map((column) => ({ ...column, label: shown(column.label) })),
      rows: table.rows.map(cellsShown),
      ...(table.totals && { totals: table.totals.map(cellsShown) }),
    })),
    texts: texts.map(({ heading, text }) => ({ heading: shown(heading), text: cleanLines(text) })),
  };
}

const cellsShown = (row: readonly BoardCell[]): BoardCell[] =>
  row.map((cell) => (typeof cell === "string" ? shown(cell) : cell));
