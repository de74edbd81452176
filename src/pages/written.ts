import type { BoardCell, ColumnKind, Locale } from "./board.ts";

/** Numbers and days as the academy's language has them. Runs in browsers, too. */
export interface Writer {
  readonly number: (n: number) => string;
  /** Of 100. */
  readonly percent: (n: number) => string;
  /** `2026-11-30` in; anything else is no day and stays as it is. */
  readonly day: (iso: string) => string;
  /** `2026-11` in: “Nov 26”. */
  readonly month: (iso: string) => string;
  /** The same in two lines: “Nov”, “2026”; what is no month, as it is, in one. */
  readonly monthAndYear: (iso: string) => readonly string[];
  readonly cell: (value: BoardCell, is: ColumnKind) => string;
}

export function writerFor({ language: own }: Pick<Locale, "language">): Writer {
  const language = withMonthsOfOurs(own);
  const numbers = new Intl.NumberFormat(language);
  const shares = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const days = daysIn(language);
  const months = new Intl.DateTimeFormat(language, { month: "short", year: "2-digit", timeZone: "UTC" });
  const number = (n: number) => numbers.format(n);
  const percent = (n: number) => shares.format(n / 100);
  const day = (iso: string) => (isDay(iso) ? days.format(new Date(iso)) : iso);
  const month = (iso: string) => (isDay(`${iso}-01`) ? months.format(new Date(`${iso}-01`)) : iso);
  const shortMonths = monthsIn(language);
  const years = new Intl.DateTimeFormat(language, { year: "numeric", timeZone: "UTC" });
  return {
    number,
    percent,
    day,
    month,
    monthAndYear: (iso) => {
      if (!isDay(`${iso}-01`)) return [iso];
      const first = new Date(`${iso}-01`);
      return [shortMonths.format(first), years.format(first)];
    },
    cell: (value, is) => {
      if (typeof value === "number")
        return is === "percent" ? percent(value) : is === "id" ? String(value) : number(value);
      return is === "day" ? day(value) : is === "month" ? month(value) : value;
    },
  };
}

/** Calendars whose months are the Gregorian ones. */
const sameMonths: ReadonlySet<string> = new Set(["gregory", "buddhist", "japanese", "roc"]);

/** SkyPrep's months are Gregorian: by the name of another calendar's, two thirds of one would be in the wrong one. */
function withMonthsOfOurs(language: string): string {
  if (sameMonths.has(new Intl.DateTimeFormat(language).resolvedOptions().calendar)) return language;
  return new Intl.Locale(language, { calendar: "gregory" }).toString();
}

/** Arabic's own short form holds marks that are cleaned away with everybody's, and stands on its head then. */
function daysIn(language: string): Intl.DateTimeFormat {
  const short = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  if (!/[\u200e\u200f]/.test(short.format(0))) return short;
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}

const isDay = (iso: string): boolean => /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(Date.parse(iso));

/** So many letters stand under a column on a phone. */
const shortest = 4;

/** By name, or by number where names would run into each other. */
function monthsIn(language: string): Intl.DateTimeFormat {
  const named = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });
  const isLong = Array.from({ length: 12 }, (_, n) => named.format(Date.UTC(2026, n))).some(
    (name) => name.length > shortest,
  );
  return isLong ? new Intl.DateTimeFormat(language, { month: "numeric", timeZone: "UTC" }) : named;
}
