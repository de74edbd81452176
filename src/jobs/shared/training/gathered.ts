import { windowMs } from "../../../skyprep/rate-limit/shared-window.ts";
import type { Clocks } from "../as-of.ts";
import type { CacheContents } from "./cache-file.ts";
import { isIn, pageRows, statusSets } from "./change-pagination.ts";
import { dayOf, dayThere, secondsOf, type When } from "./instants.ts";
import type { PersonName, TrainingRecord } from "./record.ts";

/**
 * Of SkyPrep's hundred a minute; the others are for people. A few less than the sixty it may be: a call may come
 * some seconds after its turn, where another process is just reading.
 */
export const callsAMinute = 57;

/** Records, and what is known of how many of them these are. */
export interface Gathered {
  readonly records: readonly TrainingRecord[];
  readonly person: (id: number) => PersonName | undefined;
  readonly course: (id: number) => string | undefined;
  /** Up to when changes are known; undefined until all was read once. Epoch milliseconds. */
  readonly asOf: number | undefined;
  /** 1: all; undefined: nobody knows how many there are. */
  readonly share: number | undefined;
  /** About how many there are. */
  readonly total: number | undefined;
  /** When more will be known; undefined where nothing more is being read. */
  readonly againInMs: number | undefined;
  readonly notes: readonly string[];
  /** SkyPrep does not know a filter: ask for these another way. */
  readonly ignored: boolean;
}

/** A part of what was gathered. */
export interface Used {
  readonly standing: CacheContents | undefined;
  readonly trouble: string | undefined;
  readonly goesOn: boolean;
  readonly unkept: string | undefined;
}

const dayMs = 86_400_000;
const leastAgainMs = 10_000;

export function gathered(
  used: readonly Used[],
  {
    where,
    now,
    called,
    clocks,
    note,
  }: {
    readonly where: string;
    readonly now: number;
    readonly called: number;
    readonly clocks: Pick<Clocks, "day">;
    /** What else is to be known of it. */
    readonly note?: string | undefined;
  },
): Gathered {
  const standings = used.flatMap(({ standing }) => standing ?? []);
  const whole = used.every(({ standing }) => standing?.asOf !== undefined);
  const unkept = used.find((one) => one.unkept !== undefined)?.unkept;
  const begun = Math.min(...standings.map((one) => one.begun));
  const records = union(standings);
  const total = whole ? records.length : totalOf(used);
  return {
    records,
    person: (id) => firstOf(standings, ({ people }) => people.get(id)),
    course: (id) => firstOf(standings, ({ courses }) => courses.get(id)),
    // The bound is the end of the second in which it was read.
    asOf: whole ? Math.min(...standings.map(({ asOf = 0 }) => asOf - 1_000), now) : undefined,
    share: whole ? 1 : total && Math.min(0.99, records.length / total),
    total,
    againInMs: used.some(({ goesOn }) => goesOn) ? againInMs(used, called) : undefined,
    ignored: standings.some(({ ignored }) => ignored),
    notes: [
      ...new Set(used.flatMap(({ trouble }) => trouble ?? [])),
      ...(note === undefined || !whole ? [] : [note]),
      ...(unkept === undefined
        ? []
        : [`What was read cannot be kept in ${where} (${unkept}): it is read again after a restart.`]),
      ...(whole && now - begun > dayMs
        ? [`All was read on ${clocks.day(begun)}; what was deleted since still counts.`]
        : []),
    ],
  };
}

function union(standings: readonly CacheContents[]): readonly TrainingRecord[] {
  const [first] = standings;
  if (first === undefined) return [];
  if (standings.length === 1) return [...first.records.values()];
  const all = new Map<number, TrainingRecord>();
  for (const { records } of standings) {
    for (const record of records.values()) {
      const known = all.get(record.id);
      if (known === undefined || (record.updated ?? 0) >= (known.updated ?? 0)) all.set(record.id, record);
    }
  }
  return [...all.values()];
}

/** Undefined where of one part nobody knows. */
function totalOf(used: readonly Used[]): number | undefined {
  let sum = 0;
  for (const { standing } of used) {
    const total = standing?.asOf === undefined ? standing?.total : standing.records.size;
    if (standing === undefined || total === undefined) return undefined;
    sum += Math.max(total, standing.records.size);
  }
  return sum;
}

/** `called`: what was called just now comes off the minute that reading on may take. */
function againInMs(used: readonly Used[], called: number): number {
  const calls = used.map(({ standing, goesOn }) => {
    if (!goesOn) return 0;
    if (standing?.total === undefined || standing.asOf !== undefined) return callsAMinute / 2;
    const aPage = standing.pages === 0 ? pageRows : standing.records.size / standing.pages;
    return Math.max(0, standing.total - standing.records.size) / Math.max(1, aPage) + 2;
  });
  const ms = (calls.reduce((sum, one) => sum + one, called) / callsAMinute) * windowMs;
  return Math.max(leastAgainMs, Math.ceil(ms / 10_000) * 10_000);
}

function firstOf<T>(
  standings: readonly CacheContents[],
  find: (one: CacheContents) => T | undefined,
): T | undefined {
  for (const one of standings) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** When it is, and how many days ahead count. */
export interface At {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly days: number;
}

export interface TrainingNumbers {
  readonly records: number;
  readonly people: number;
  /** As SkyPrep spells them. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly overdue: number;
  readonly overduePeople: number;
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** With a deadline or an end that could not be read: in none of these, though it may belong there. */
  readonly unread: number;
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

export function numbersOf(records: readonly TrainingRecord[], at: At): TrainingNumbers {
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
    unread: records.filter((record) => record.unread).length,
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
