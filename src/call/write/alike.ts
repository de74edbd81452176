import { instantOf, writtenIn } from "../../text/zone.ts";

const bareDay = /^\d{4}-\d\d-\d\d$/;
const zoned = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)$/;
const zoneless = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const hour = 3_600_000;
/** The day begins first in UTC+14, and ends last in UTC−12. */
const [east, west] = [14 * hour, 12 * hour];

/**
 * Whether what is shown is what was given, however it is written. `zone`: the academy's (IANA), where it is known;
 * undefined: dates are written so that nobody can tell.
 */
export function alike(given: unknown, shown: unknown, zone: string | undefined): boolean | undefined {
  const [a, b] = [given, shown].map((value) => String(value).trim().toLowerCase()) as [string, string];
  if (a === b) return true;
  if (bareDay.test(a)) return isOfDay(a, b, zone);
  if (zoned.test(a)) return isAtInstant(a, b, zone);
  return typeof given === "boolean" ? b === (given ? "1" : "0") : a !== "" && Number(a) === Number(b);
}

/** A day is alike any instant of it. */
function isOfDay(day: string, shown: string, zone: string | undefined): boolean | undefined {
  if (shown.startsWith(day)) return true;
  // An offset is the academy's own: the day stands there. In UTC it may be the one before or after.
  if (zoned.exec(shown)?.[1] !== "z") return false;
  const at = Date.parse(shown);
  if (zone !== undefined) return writtenIn(zone, at).startsWith(day);
  const begins = Date.parse(day);
  return at >= begins - east && at < begins + 24 * hour + west ? undefined : false;
}

function isAtInstant(given: string, shown: string, zone: string | undefined): boolean | undefined {
  const at = Date.parse(given);
  if (zoned.test(shown)) return isSameSecond(at, Date.parse(shown));
  if (!zoneless.test(shown) && !bareDay.test(shown)) return false;
  // Its time is not shown, and its day as the academy writes it, or as it was given.
  const written = zone === undefined ? given : writtenIn(zone, at);
  if (bareDay.test(shown)) return written.startsWith(shown) || zone === undefined ? near(at, shown) : false;
  const wall = Date.parse(`${shown.replace(" ", "t")}z`);
  return zone === undefined ? near(at, shown) : isSameSecond(at, instantOf(zone, wall));
}

const isSameSecond = (one: number, other: number): boolean =>
  Math.floor(one / 1000) === Math.floor(other / 1000);

/** Undefined: it may be, in some zone. */
function near(at: number, shown: string): undefined | false {
  const wall = Date.parse(bareDay.test(shown) ? shown : `${shown.replace(" ", "t")}z`);
  return at >= wall - east && at <= wall + west + (bareDay.test(shown) ? 24 * hour : 0) ? undefined : false;
}
