/** A day as a report writes it, and the time where one stands there. */
export interface Moment {
  /** Days since 1970, where it was written. */
  readonly day: number;
  /** Of that day; undefined: the day alone. */
  readonly second?: number;
  /** Seconds from UTC, where that stands there too. */
  readonly offset?: number;
}

/** What stands first in 03/04/2026. */
export type DayOrder = "day" | "month";

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month = `(${months.join("|")})[a-z]*\\.?`;
const weekday = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?";
const time =
  "(?:(?:T|,?\\s+(?:at\\s+)?)(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:\\.\\d+)?)?\\s*(am|pm)?\\s*(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)?(?:\\s*\\(?[A-Z]{2,5}\\)?)?)?";
const yearFirst = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${time}$`, "i");
const numeric = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d\\d)${time}$`, "i");
const monthFirst = new RegExp(`^${weekday}${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})${time}$`, "i");
const dayFirst = new RegExp(
  `^${weekday}(\\d{1,2})(?:st|nd|rd|th)?\\.?[\\s-]+${month}[\\s,-]+(\\d{4})${time}$`,
  "i",
);

/** Undefined where it is no day; of 03/04/2026, as the order says. */
export function momentIn(text: string, order: DayOrder): Moment | undefined {
  const plain = text.trim().replace(/\s+/g, " ");
  const iso = yearFirst.exec(plain);
  if (iso) return momentOf([iso[1], iso[2], iso[3]], iso.slice(4));
  const three = numeric.exec(plain);
  if (three) {
    const [, a, mark, b, year = "", ...rest] = three;
    const isDayFirst = order === "day" || mark === ".";
    const [d, m] = isDayFirst ? [a, b] : [b, a];
    return momentOf([year.length === 2 ? `20${year}` : year, m, d], rest);
  }
  const named = monthFirst.exec(plain);
  if (named) return momentOf([named[3], monthNumber(named[1]), named[2]], named.slice(4));
  const late = dayFirst.exec(plain);
  return late ? momentOf([late[3], monthNumber(late[2]), late[1]], late.slice(4)) : undefined;
}

const monthNumber = (name = ""): string => String(months.indexOf(name.slice(0, 3).toLowerCase()) + 1);

const dayS = 86_400;

function momentOf(
  date: readonly (string | undefined)[],
  [hours, minutes, seconds = "0", half, zone]: readonly (string | undefined)[],
): Moment | undefined {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const ms = Date.UTC(year, month - 1, day);
  const at = new Date(ms);
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined;
  const days = ms / 1000 / dayS;
  if (hours === undefined) return { day: days };
  const afternoon =
    half === undefined ? 0 : (half.toLowerCase() === "pm" ? 12 : 0) - (Number(hours) === 12 ? 12 : 0);
  const second = (Number(hours) + afternoon) * 3_600 + Number(minutes) * 60 + Number(seconds);
  if (second >= dayS) return undefined;
  return { day: days, second, ...(zone !== undefined && { offset: offsetOf(zone) }) };
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(zone) ?? [];
  return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60 : 60);
}

/** Below 0: before. A day without a time is compared as a day; offsets count where both have one. */
export function compareMoments(one: Moment, asked: Moment): number {
  if (asked.second === undefined) return one.day - asked.day;
  const both = one.offset !== undefined && asked.offset !== undefined;
  const at = ({ day, second = 0, offset = 0 }: Moment) => day * dayS + second - (both ? offset : 0);
  return at(one) - at(asked);
}
