import { instantOf, offsetAt } from "../../text/zone.ts";

export const hour = 3_600_000;
export const day = 24 * hour;

/** The account's one time zone, “Eastern Time (US & Canada)” on the page, as Rails reads that name. */
export const zone = "America/New_York";

/** What the account's clocks show, in milliseconds as if it were UTC's. */
export const wallOf = (ms: number): number => ms + offsetAt(zone, ms);
export const atWall = (wall: number): number => instantOf(zone, wall);

const dayOnWall = (ms: number): number => Math.floor(wallOf(ms) / day);

export function startOfDay(ms: number): number {
  return atWall(dayOnWall(ms) * day);
}

/** Deadlines fall on the last second of a day, as on the page. */
export function endOfDay(ms: number): number {
  return atWall((dayOnWall(ms) + 1) * day) - 1000;
}

/** An hour of a day of the week that begins with this Monday, or of so many weeks from then. */
export function inWeek(
  now: number,
  { week, weekday, at }: { week: number; weekday: number; at: number },
): number {
  const today = dayOnWall(now);
  const monday = today - ((today + 3) % 7);
  return atWall((monday + week * 7 + weekday) * day + at * hour);
}
