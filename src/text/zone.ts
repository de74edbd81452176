/** Zones as the tz database names them; instants are epoch milliseconds. */

const formats = new Map<string, Intl.DateTimeFormat>();
const weeks = new Map<string, number | undefined>();
const quarters = new Map<string, number>();
const minuteMs = 60_000;
const weekMs = 7 * 24 * 60 * minuteMs;
/** Zones change at a quarter of an hour. */
const quarterMs = 15 * minuteMs;
/** So many are remembered; there are some 200,000 in five years. */
const mostQuarters = 20_000;

/** Whether there is a zone of this name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Milliseconds east of UTC. */
export function offsetAt(zone: string, at: number): number {
  // A list of people has tens of thousands of dates; within most weeks an offset stays as it is.
  const week = Math.floor(at / weekMs);
  const key = `${zone} ${week}`;
  if (!weeks.has(key)) {
    const [first, last] = [asked(zone, week * weekMs), asked(zone, (week + 1) * weekMs - 1)];
    weeks.set(key, first === last ? first : undefined);
  }
  return weeks.get(key) ?? inQuarter(zone, Math.floor(at / quarterMs));
}

/** In a week in which it changes. */
function inQuarter(zone: string, quarter: number): number {
  const key = `${zone} ${quarter}`;
  let offset = quarters.get(key);
  if (offset === undefined) {
    if (quarters.size >= mostQuarters) quarters.clear();
    offset = asked(zone, quarter * quarterMs);
    quarters.set(key, offset);
  }
  return offset;
}

/**
 * A wall clock's time, in milliseconds as if it were UTC's, as an instant. A time that a change to summer time leaves
 * out is read as an hour later, and of one that comes twice the first is meant, as in Rails.
 */
export function instantOf(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - offsetAt(zone, wall) - 12 * 60 * minuteMs);
  const early = wall - before;
  if (offsetAt(zone, early) === before) return early;
  const late = wall - offsetAt(zone, early);
  return offsetAt(zone, late) === offsetAt(zone, early) ? late : early;
}

/** `2026-12-15T09:00:00.000-05:00` */
export function writtenIn(zone: string, at: number): string {
  const offset = offsetAt(zone, at);
  return `${new Date(at + offset).toISOString().slice(0, -1)}${offsetText(offset)}`;
}

/** `2026-12-15T09:00:00-05:00`, or `2026-12-15T14:00:00Z` where the zone is not known: as of when something is. */
export const stampIn = (zone: string | undefined, at: number): string =>
  zone === undefined
    ? `${new Date(at).toISOString().slice(0, 19)}Z`
    : writtenIn(zone, at).replace(/\.\d+/, "");

/** `-05:00` */
export function offsetText(offset: number): string {
  const minutes = Math.abs(Math.round(offset / minuteMs));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function asked(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * minuteMs * (sign === "-" ? -1 : 1);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  return format;
}
