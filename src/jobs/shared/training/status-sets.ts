import type { TrainingRecord } from "./record.ts";

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
