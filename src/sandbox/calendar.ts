export const hour = 3_600_000;
export const day = 24 * hour;

/** The account's one time zone, as in every date of the page's samples. */
export const offset = -4 * hour;

export function startOfDay(ms: number): number {
  return Math.floor((ms + offset) / day) * day - offset;
}

/** Deadlines fall on the last second of a day, as on the page. */
export function endOfDay(ms: number): number {
  return startOfDay(ms) + day - 1000;
}

/** First instant of the week's Monday. */
export function startOfWeek(ms: number): number {
  const daysSinceMonday = (Math.floor((ms + offset) / day) + 3) % 7;
  return startOfDay(ms) - daysSinceMonday * day;
}
