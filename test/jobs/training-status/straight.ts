import type { Person, Progress } from "../../../src/sandbox/model/tables.ts";
import type { World } from "../../../src/sandbox/model/world.ts";

/** A count as one would write it down: over the academy's own tables, with nothing of ours. */
const hour = 3_600_000;
const dayMs = 24 * hour;
const days = new Map<number, number>();
const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" });
/** The day it is in the pretend account, whose zone is Eastern: counted from 1970. */
export function dayOf(ms: number): number {
  // Whole hours share their day wherever clocks are an hour or more apart from UTC.
  const at = Math.floor(ms / hour);
  const known = days.get(at);
  if (known !== undefined) return known;
  const day = Date.parse(`${calendar.format(at * hour)}T00:00:00Z`) / dayMs;
  days.set(at, day);
  return day;
}

export interface StraightScope {
  readonly person?: number | undefined;
  readonly group?: number | undefined;
  readonly course?: number | undefined;
  readonly path?: number | undefined;
}

export const rowsOf = (world: World, { person, group, course, path }: StraightScope): Progress[] =>
  [...world.progress.values()].filter(
    (row) =>
      (person === undefined || row.user_id === person) &&
      (group === undefined || world.groups.get(group)?.members.has(row.user_id) === true) &&
      (course === undefined || row.course_id === course) &&
      (path === undefined || world.groups.get(path)?.courses.has(row.course_id) === true),
  );

const open = ["not-started", "in-progress", "failed"];

export function straight(rows: readonly Progress[], now: number, days: number) {
  const withStatus = (...wanted: string[]) => rows.filter(({ status }) => wanted.includes(status));
  const dated = withStatus(...open).filter(({ deadline_date }) => deadline_date !== null);
  const overdue = dated.filter(({ deadline_date }) => Number(deadline_date) < now);
  const due = dated.filter(
    ({ deadline_date }) => Number(deadline_date) >= now && dayOf(Number(deadline_date)) - dayOf(now) <= days,
  );
  const latest = new Map<string, Progress>();
  for (const row of withStatus("passed")) {
    const key = `${row.user_id}/${row.course_id}`;
    const other = latest.get(key);
    const [a, b] = [
      Math.floor((row.completion_date ?? 0) / 1000),
      Math.floor((other?.completion_date ?? 0) / 1000),
    ];
    if (!other || a > b || (a === b && row.id > other.id)) latest.set(key, row);
  }
  const passes = [...latest.values()].filter(({ expiration_date }) => expiration_date !== null);
  const expired = passes.filter(({ expiration_date }) => Number(expiration_date) <= now);
  const expiring = passes.filter(
    ({ expiration_date }) =>
      Number(expiration_date) > now && dayOf(Number(expiration_date)) - dayOf(now) <= days,
  );
  const statuses: Record<string, number> = {};
  for (const { status } of rows) statuses[status] = (statuses[status] ?? 0) + 1;
  const counting = withStatus("passed", ...open).length;
  return {
    statuses,
    records: rows.length,
    people: new Set(rows.map(({ user_id }) => user_id)).size,
    overdue,
    due,
    expiring,
    expired,
    completion_rate: counting === 0 ? undefined : withStatus("passed").length / counting,
  };
}

export function straightChanges(rows: readonly Progress[], since: number) {
  const after = (ms: number | null) => ms !== null && dayOf(ms) >= since;
  const changed = rows.filter(({ updated_at }) => after(updated_at));
  const ended = (wanted: string) =>
    changed.filter(
      ({ status, completion_date }) =>
        status === wanted && (completion_date === null || after(completion_date)),
    ).length;
  return {
    changed: changed.length,
    passed: ended("passed"),
    failed: ended("failed"),
    started: changed.filter(({ commencement_date }) => after(commencement_date)).length,
    enrolled: changed.filter(({ enrollment_date }) => after(enrollment_date)).length,
  };
}

/** Whether somebody can still be chased: their last day has not come, and nobody locked them out. */
export const canSignIn = (person: Person | undefined, now: number): boolean =>
  person?.login_status !== "disabled" && (person?.access_end_date ?? now + 1) > now;
