import type { BoardCell, ColumnKind, Locale } from "./board.ts";

/** Numbers and days as the academy's language has them. Runs in browsers, too. */
export interface Writer {
  readonly number: (n: number) => string;
  /** Of 100. */
  readonly percent: (n: number) => string;
  /** `2026-11-30` in; anything else is no day and stays as it is. */
  readonly day: (iso: string) => string;
  /** `2026-11` in. */
  readonly month: (iso: string) => string;
  readonly cell: (value: BoardCell, is: ColumnKind) => string;
}

export function writerFor({ language }: Pick<Locale, "language">): Writer {
  const numbers = new Intl.NumberFormat(language);
  const shares = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const months = new Intl.DateTimeFormat(language, { month: "short", year: "2-digit", timeZone: "UTC" });
  const number = (n: number) => numbers.format(n);
  const percent = (n: number) => shares.format(n / 100);
  const day = (iso: string) => (/^\d{4}-\d\d-\d\d$/.test(iso) ? days.format(new Date(iso)) : iso);
  const month = (iso: string) => (/^\d{4}-\d\d$/.test(iso) ? months.format(new Date(`${iso}-01`)) : iso);
  return {
    number,
    percent,
    day,
    month,
    cell: (value, is) => {
      if (typeof value === "number")
        return is === "percent" ? percent(value) : is === "id" ? String(value) : number(value);
      return is === "day" ? day(value) : is === "month" ? month(value) : value;
    },
  };
}
