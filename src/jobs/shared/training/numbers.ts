import { dayOf, dayThere, secondsOf, type When } from "./instants.ts";
import type { TrainingRecord } from "./record.ts";
import { isIn, statusSets } from "./status-sets.ts";

/** When it is, and how many days ahead count. */
export interface At {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly days: number;
}

export interface Numbers {
  readonly records: number;
  readonly people: number;
  /** As SkyPrep spells them. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly overdue: number;
  readonly overduePeople: number;
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** Of passed, failed, in progress and not started: how many are passed, 0 to 1. */
  readonly completionRate: number | undefined;
}

const known: ReadonlySet<string> = new Set(Object.values(statusSets).flat());
export const isKnown = (status: string): boolean => known.has(status);

const isOpen = (record: TrainingRecord): boolean => isIn({ statuses: "open" }, record);
const isPast = (at: When, now: number): boolean => secondsOf(at) * 1000 <= now;
/** Days from today, in the zone the date was written in. */
export const daysTo = (at: When, now: number): number => dayOf(at) - dayThere(now, at);

export const isOverdue = (record: TrainingRecord, { now }: At): boolean =>
  isOpen(record) && record.deadline !== undefined && secondsOf(record.deadline) * 1000 < now;

export const isDue = (record: TrainingRecord, { now, days }: At): boolean =>
  isOpen(record) &&
  record.deadline !== undefined &&
  !isOverdue(record, { now, days }) &&
  daysTo(record.deadline, now) <= days;

/** Of passes only. */
export const isExpired = ({ expires, expired }: TrainingRecord, { now }: At): boolean =>
  expires === undefined ? expired === true : isPast(expires, now);

export const isExpiring = ({ expires }: TrainingRecord, { now, days }: At): boolean =>
  expires !== undefined && !isPast(expires, now) && daysTo(expires, now) <= days;

/**
 * The pass that counts of each person in each course: the latest. Recertification leaves several
 * (skyprep-api §4, 13).
 */
export function latestPasses(records: readonly TrainingRecord[]): TrainingRecord[] {
  const latest = new Map<string, TrainingRecord>();
  for (const record of records) {
    if (record.status !== "passed") continue;
    const { person, course, id } = record;
    const pair = person > 0 && course > 0 ? `${person} ${course}` : `record ${id}`;
    const before = latest.get(pair);
    if (before === undefined || isLater(record, before)) latest.set(pair, record);
  }
  return [...latest.values()];
}

function isLater(one: TrainingRecord, other: TrainingRecord): boolean {
  const second = ({ completed }: TrainingRecord) => (completed === undefined ? 0 : secondsOf(completed));
  return second(one) - second(other) > 0 || (second(one) === second(other) && one.id > other.id);
}

export function numbersOf(records: readonly TrainingRecord[], at: At): Numbers {
  const statuses = new Map<string, number>();
  for (const { status } of records) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const overdue = records.filter((record) => isOverdue(record, at));
  const passes = latestPasses(records);
  const passed = statuses.get("passed") ?? 0;
  const counting = statusSets.open.reduce((sum, status) => sum + (statuses.get(status) ?? 0), passed);
  return {
    records: records.length,
    people: peopleIn(records),
    statuses,
    overdue: overdue.length,
    overduePeople: peopleIn(overdue),
    due: records.filter((record) => isDue(record, at)).length,
    expiring: passes.filter((record) => isExpiring(record, at)).length,
    expired: passes.filter((record) => isExpired(record, at)).length,
    completionRate: counting === 0 ? undefined : passed / counting,
  };
}

const peopleIn = (records: readonly TrainingRecord[]): number =>
  new Set(records.map(({ person }) => person)).size;

/** What changed from the first moment of a day there on. */
export interface Changes {
  readonly records: readonly TrainingRecord[];
  readonly passed: number;
  readonly failed: number;
  readonly started: number;
  readonly enrolled: number;
}

/** `day`: days since 1970. A record may count twice, e.g. as enrolled and passed. */
export function changesSince(records: readonly TrainingRecord[], day: number): Changes {
  const since = (at: When | undefined) => at !== undefined && dayOf(at) >= day;
  const changed = records.filter(({ updated }) => since(updated));
  const ended = (status: string) =>
    changed.filter((one) => one.status === status && (one.completed === undefined || since(one.completed)));
  return {
    records: changed,
    passed: ended("passed").length,
    failed: ended("failed").length,
    started: changed.filter(({ started }) => since(started)).length,
    enrolled: changed.filter(({ enrolled }) => since(enrolled)).length,
  };
}
