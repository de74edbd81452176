import type { Board, BoardTable, Chart, HeadlineNumber, Locale } from "./board.ts";
import { filled } from "./board.ts";
import { speaking } from "./language.ts";
import type { PageWords } from "./words/page-words.ts";
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
  /** Left out: the job's own. */
  readonly kind?: Board["kind"];
  readonly title?: string;
  readonly about?: string;
  readonly aboutIn?: Board["aboutIn"];
  readonly notDone?: string;
  /** As in a board. */
  readonly time?: string;
  readonly numbers?: readonly HeadlineNumber[];
  readonly charts?: readonly Chart[];
  readonly tables?: readonly BoardTable[];
  readonly texts?: Board["texts"];
  /** Sentences of the reply that are none of its notes, in English. */
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
    const [title, about, time] = [first("title"), first("about"), first("time")];
    const aboutIn = all.find((one) => one.about !== undefined)?.aboutIn;
    return {
      ...(title !== undefined && { title }),
      ...(about !== undefined && { about }),
      ...(aboutIn && { aboutIn }),
      ...(time !== undefined && { time }),
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
  /** The academy's, BCP 47. */
  readonly language: string;
  /** ISO 8601 with the academy's offset. */
  readonly asOf: string | undefined;
  readonly notes: readonly string[];
  readonly isPretend: boolean;
}

/** The whole of it, in the academy's language. */
export function boardOf(
  pieces: MakePieces,
  { kind, most, isLive, language, asOf, notes, isPretend }: Around,
): Board {
  const { locale, words } = speaking(language);
  const { title, about, aboutIn, notDone, time, numbers, charts, tables, texts, isPart, ...more } = pieces({
    words,
    locale,
    most,
    isLive,
  });
  return {
    kind: more.kind ?? kind,
    title: title ?? words.titles[kind === "roster" || kind === "plan" ? "training" : kind],
    about: about ?? words.about.everyone,
    ...(aboutIn && { aboutIn }),
    ...(notDone !== undefined && { notDone }),
    ...(time !== undefined && { time }),
    locale,
    ...(asOf !== undefined && { asOf: filled(words.about.asOf, { when: momentIn(asOf, locale) }) }),
    numbers: numbers ?? [],
    charts: charts ?? [],
    tables: tables ?? [],
    texts: texts ?? [],
    notes: [...new Set([...(isPart ? [words.about.notAll] : []), ...(more.notes ?? []), ...notes])],
    words: words.controls,
    ...(isPretend && { pretend: words.about.pretend }),
  };
}

/** `2026-11-30T09:00:00-05:00` as it is read there: the clock is the academy's, not the reader's. */
export function momentIn(stamp: string, locale: Locale): string {
  const at = partsOf(stamp);
  return at === undefined ? stamp : `${writerFor(locale).day(at.day)}, ${at.clock}${zoned(at.zone)}`;
}

/** From one to another; of one day, it is said once. */
export function spanIn(from: string, to: string, locale: Locale): string {
  const [a, b] = [partsOf(from), partsOf(to)];
  if (a === undefined || b === undefined || a.day !== b.day || a.zone !== b.zone)
    return [from, to]
      .filter(Boolean)
      .map((one) => momentIn(one, locale))
      .join(" – ");
  return `${writerFor(locale).day(a.day)}, ${a.clock}–${b.clock}${zoned(a.zone)}`;
}

function partsOf(
  stamp: string,
): { readonly day: string; readonly clock: string; readonly zone: string } | undefined {
  const [, day, clock, zone = ""] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(Z|[+-]\d\d:\d\d)?$/.exec(stamp) ?? [];
  return day === undefined || clock === undefined ? undefined : { day, clock, zone };
}

const zoned = (zone: string): string => (zone === "" ? "" : ` (${zone === "Z" ? "UTC" : `UTC${zone}`})`);
