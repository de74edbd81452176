import { secondsOf } from "./instants.ts";
import type { TrainingRecord } from "./record.ts";

/**
 * A walk from the newest change to the oldest. The upper bound is fixed before its first page: what changes
 * during the walk leaves the window, and is for the next one. Epoch seconds; `after` 0: from the beginning.
 */
export interface Span {
  readonly after: number;
  readonly upTo: number;
}

/** The page to be read next. */
export interface Cursor {
  readonly before: number;
  readonly page: number;
  /** Left out: as many as a page may have. */
  readonly size?: number;
  /** The record that was read last, and its second: this page begins at it or before it, or something was missed. */
  readonly last?: readonly [id: number, second: number];
  /** How often the walk has gone back here. */
  readonly tries?: number;
  /** The order was not by change: pages are counted to the end. The first record of the page before. */
  readonly counted?: number;
}

export const pageRows = 100;

export function parametersOf(
  { course, person, statuses }: Filter,
  { after }: Span,
  { before, page, size = pageRows }: Cursor,
): Record<string, string | number> {
  return {
    ...(course !== undefined && { course_id: course }),
    ...(person !== undefined && { user_id: person }),
    ...(statuses !== undefined && { status: statusSets[statuses].join(",") }),
    ...(after > 0 && { updated_at_greater_than: iso(after) }),
    updated_at_less_than: iso(before),
    per_page: size,
    page,
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/** So many of the same second may come again: pages are then asked for by time. */
const fewAgain = 5;
/** Records that come again, where many share a second; more each time that so many left at once that it was not enough. */
const overlaps = [1, 4, 8, 12];
/** So many records of one second there are not: SkyPrep gives the same page again and again. */
const mostAlike = 5_000;

/**
 * Where the walk goes on, or null at its end. Counting pages would miss records: one that changes or is deleted
 * leaves its place, all behind it move up, and the first of the next page is skipped. So the next page is asked for
 * by the second that this one ended in; what of that second was read already comes again and is known by its number.
 * Where many share that second, the next page is one smaller and thereby begins with records that were read already:
 * the last of them must be among them, else the walk goes back to that second.
 */
export function goOn(records: readonly TrainingRecord[], came: number, leg: Span, at: Cursor): Cursor | null {
  const { before, page, size = pageRows, last } = at;
  if (came > pageRows) return null;
  if (last !== undefined && !records.some(({ id }) => id === last[0])) {
    const back = last[1] + 1;
    const tries = back < before ? 0 : (at.tries ?? 0) + 1;
    // Among those of one second there may be no order at all.
    if (tries < overlaps.length) return { before: back, page: 1, tries };
  }
  if (came < size) return null;
  const first = records[0]?.id ?? 0;
  const seconds = records.map(({ updated }) => (updated === undefined ? Number.NaN : secondsOf(updated)));
  const [newest = Number.NaN, oldest = Number.NaN] = [seconds[0], seconds.at(-1)];
  const falls = seconds.every((one, n) => n === 0 || one <= (seconds[n - 1] ?? 0));
  if (at.counted !== undefined || !(newest < before) || !falls) {
    return at.counted === first ? null : { before, page: page + 1, counted: first };
  }
  if (oldest < leg.after) return null;
  const again = seconds.filter((one) => one === oldest).length;
  // Each page more in this way brings two records less; measured, four to a page cost least.
  if (oldest + 1 < before && again <= Math.max(fewAgain, 4 * page)) return { before: oldest + 1, page: 1 };
  const read = size * page;
  if (read >= mostAlike) return { before: oldest, page: 1 };
  const overlap = overlaps[at.tries ?? 0] ?? 1;
  const smaller = size - Math.ceil(overlap / page);
  // A whole page, where what was read ends so far into it that more is new than in a smaller one.
  const within = read % pageRows;
  const whole = within >= overlap && pageRows - within > smaller * (page + 1) - read;
  const next = whole ? { page: (read - within) / pageRows + 1 } : { page: page + 1, size: smaller };
  const { tries } = at;
  return { before, ...next, last: [records.at(-1)?.id ?? 0, oldest], ...(tries && { tries }) };
}

/** Statuses that are read together, by what is asked of them. */
export const statusSets = {
  /** What may still become overdue (skyprep-api §4.1: passed, not-applicable and archived cannot). */
  open: ["not-started", "in-progress", "failed"],
  passed: ["passed"],
  "not-applicable": ["not-applicable"],
  archived: ["archived"],
} as const;
export type StatusSet = keyof typeof statusSets;

/** The records that are read of SkyPrep together: all, or those of a course, a person, a status, changed since. */
export interface Filter {
  readonly course?: number | undefined;
  readonly person?: number | undefined;
  readonly statuses?: StatusSet | undefined;
  /** Changed at this second or later. */
  readonly since?: number | undefined;
}

/** Its name among what is kept. */
export const keyOf = ({ course, person, statuses, since }: Filter): string =>
  [
    ...(course === undefined ? [] : [`course${course}`]),
    ...(person === undefined ? [] : [`person${person}`]),
    ...(statuses === undefined ? [] : [statuses]),
    ...(since === undefined ? [] : [`since${since}`]),
  ].join("-") || "all";

/** Those whose records hold all of this one's: itself first, the widest last. */
export function wider({ course, person, statuses, since }: Filter): Filter[] {
  const all: Filter[] = [];
  for (const s of since === undefined ? [since] : [since, undefined])
    for (const c of course === undefined ? [course] : [course, undefined])
      for (const p of person === undefined ? [person] : [person, undefined])
        for (const t of statuses === undefined ? [statuses] : [statuses, undefined])
          all.push({ course: c, person: p, statuses: t, since: s });
  return all;
}

/** Whether a record is one of those: SkyPrep may ignore a filter, and a record may have changed since it was read. */
export const isIn = ({ course, person, statuses, since }: Filter, record: TrainingRecord): boolean =>
  (course === undefined || record.course === course) &&
  (person === undefined || record.person === person) &&
  (statuses === undefined || (statusSets[statuses] as readonly string[]).includes(record.status)) &&
  (since === undefined || record.updated === undefined || Math.floor(record.updated / 128) >= since);
