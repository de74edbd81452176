import { instantOf } from "../../text/zone.ts";
import { dayIn, dayOf, type When } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";

/** The days that are asked about, as days since 1970, both included. */
export interface Period {
  readonly from: number | undefined;
  readonly until: number | undefined;
}

export const periodOf = ({
  since,
  until,
}: {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}): Period => ({
  from: since === undefined ? undefined : dayIn(since),
  until: until === undefined ? undefined : dayIn(until),
});

export const isWithin = ({ from, until }: Period, at: When | undefined): at is When =>
  at !== undefined &&
  (from === undefined || dayOf(at) >= from) &&
  (until === undefined || dayOf(at) <= until);

/** What happens to a record, by its own dates. */
export const happenings = ["enrolled", "started", "passed", "failed", "archived"] as const;
export type Happening = (typeof happenings)[number];

/** `undated`: it ended so, and does not say when. */
export interface Happened {
  readonly what: Happening;
  /** Days since 1970. */
  readonly day: number;
}

/** An end that has no date of its own is in no month. */
export const isUndated = ({ status, completed }: TrainingRecord): boolean =>
  (status === "passed" || status === "failed") && completed === undefined;

/**
 * What happened to it in these days. An archived record ended, and does not say any more how: that is a kind of its
 * own.
 */
export function happenedTo(record: TrainingRecord, period: Period): readonly Happened[] {
  const { status, enrolled, started, completed } = record;
  const all: Happened[] = [];
  const put = (what: Happening, at: When | undefined) => {
    if (isWithin(period, at)) all.push({ what, day: dayOf(at) });
  };
  put("enrolled", enrolled);
  put("started", started);
  if (status === "passed" || status === "failed" || status === "archived") put(status, completed);
  return all;
}

/** What stood at the end of a day, as far as today's records say it. */
export interface Stood {
  readonly records: readonly TrainingRecord[];
  /** Changed since, and nothing in them says what they were. */
  readonly unknown: number;
}

export function stoodOn(records: readonly TrainingRecord[], day: number): Stood {
  const stood: TrainingRecord[] = [];
  let unknown = 0;
  for (const record of records) {
    const then = recordThen(record, day);
    if (then === "unknown") unknown += 1;
    else if (then !== undefined) stood.push(then);
  }
  return { records: stood, unknown };
}

/** Undefined: it was not there yet. */
function recordThen(record: TrainingRecord, day: number): TrainingRecord | "unknown" | undefined {
  const by = (at: When | undefined) => at !== undefined && dayOf(at) <= day;
  if (record.enrolled !== undefined && !by(record.enrolled)) return undefined;
  if (by(record.updated)) return record;
  if (record.enrolled === undefined) return "unknown";
  switch (record.status) {
    case "passed":
      if (record.completed === undefined) return "unknown";
      return by(record.completed) ? record : openThen(record, day);
    case "failed":
      return by(record.completed) ? record : openThen(record, day);
    case "not-started":
    case "in-progress":
      return openThen(record, day);
    default:
      return "unknown";
  }
}

function openThen(
  { completed: _, expires: __, expired: ___, started, ...rest }: TrainingRecord,
  day: number,
): TrainingRecord {
  const began = started !== undefined && dayOf(started) <= day;
  return { ...rest, ...(began && { started }), status: began ? "in-progress" : "not-started" };
}

const dayMs = 86_400_000;

/** The last second of a day where the academy is, in epoch milliseconds; of today, now. */
export function endOf(day: number, zone: string | undefined, now: number): number {
  const wall = (day + 1) * dayMs - 1_000;
  return Math.min(now, zone === undefined ? wall : instantOf(zone, wall));
}
