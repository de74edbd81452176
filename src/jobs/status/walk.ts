import { type Filter, statusSets } from "./filter.ts";
import type { TrainingRecord } from "./record.ts";
import { secondsOf } from "./when.ts";

/**
 * A walk from the newest change to the oldest. The upper bound is fixed before its first page: what changes
 * during the walk leaves the window, and is for the next one. Epoch seconds; `after` 0: from the beginning.
 */
export interface Leg {
  readonly after: number;
  readonly upTo: number;
}

/** The page to be read next. */
export interface Cursor {
  readonly before: number;
  readonly page: number;
  /** The first record of the page before, where the next one is asked for by its count. */
  readonly first?: number;
  /** The order was not by change: pages are counted to the end. */
  readonly counted?: true;
}

export const pageRows = 100;

export function parametersOf(
  { course, person, statuses }: Filter,
  { after }: Leg,
  { before, page }: Cursor,
): Record<string, string | number> {
  return {
    ...(course !== undefined && { course_id: course }),
    ...(person !== undefined && { user_id: person }),
    ...(statuses !== undefined && { status: statusSets[statuses].join(",") }),
    ...(after > 0 && { updated_at_greater_than: iso(after) }),
    updated_at_less_than: iso(before),
    per_page: pageRows,
    page,
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/**
 * Where the walk goes on, or null at its end. Not by counting pages: a record that changes leaves its place, all
 * behind it move up, and the first of the next page would be skipped. So the next page is asked for by the second
 * that this one ended in; what of that second was read already comes again and is known by its number. Where the
 * order is not by change after all, pages are counted.
 */
export function goOn(records: readonly TrainingRecord[], came: number, leg: Leg, at: Cursor): Cursor | null {
  if (came !== pageRows) return null;
  const first = records[0]?.id ?? 0;
  const again = at.first === first;
  const seconds = records.map(({ updated }) => (updated === undefined ? Number.NaN : secondsOf(updated)));
  const [newest, oldest] = [seconds[0] ?? Number.NaN, seconds.at(-1) ?? Number.NaN];
  if (at.counted || !(newest < at.before) || !isFalling(seconds)) {
    return again ? null : { before: at.before, page: at.page + 1, first, counted: true };
  }
  if (oldest < leg.after) return null;
  const before = oldest + 1;
  if (newest > oldest) return { before, page: 1 };
  // A whole page of one second: what was read of it are the first pages before its end.
  if (again) return { before: oldest, page: 1 };
  return { before, page: before === at.before ? at.page + 1 : 2, first };
}

const isFalling = (seconds: readonly number[]): boolean =>
  seconds.every((one, n) => n === 0 || one <= (seconds[n - 1] ?? 0));
