import { cleanText } from "../../../text/clean-text.ts";
import { count, percent, rounded, statusWords } from "../../../text/english.ts";
import type { Clocks } from "../academy-day.ts";
import type { Gathered } from "./gathered.ts";
import { type At, type Changes, isKnown, isOverdue, type Numbers } from "./numbers.ts";
import type { TrainingRecord } from "./record.ts";
import { type StatusSet, statusSets } from "./status-sets.ts";

/** Lines for the model, and the same as structure. */
export interface Told {
  readonly lines: readonly string[];
  readonly structured: Readonly<Record<string, unknown>>;
}

const order = ["passed", "in-progress", "not-started", "failed", "not-applicable", "archived"];
const mostCourses = 5;
const mostOthers = 5;

/** What is known so far of all there is; nothing where it is all. */
export function readingTold(
  { share, total, records, asOf, againInMs, notes }: Gathered,
  { fresh }: { readonly fresh: boolean },
  clocks: Pick<Clocks, "stamp">,
): Told {
  const when = asOf === undefined ? undefined : clocks.stamp(asOf);
  const seconds = againInMs === undefined ? undefined : Math.ceil(againInMs / 1000);
  const again = fresh ? ", without fresh" : "";
  const wait = seconds === undefined ? "" : ` It is read on; ask again in ${waitWords(seconds)}${again}.`;
  const so =
    asOf !== undefined
      ? againInMs === undefined
        ? [`As of ${when}.`]
        : [`Changes since ${when} are still being read.${wait}`]
      : [
          share === undefined
            ? `Not all is read yet: ${count(records.length, "record", "records")} so far, of how many is not known.${wait}`
            : `Not all is read yet: ${percent(share, 0)} (${records.length} of about ${count(total ?? 0, "record")}). Numbers are of what was read so far.${wait}`,
        ];
  return {
    lines: [...so, ...notes],
    structured: {
      ...(when && { as_of: when }),
      ...((asOf === undefined || seconds !== undefined) && {
        reading: {
          ...(asOf === undefined && { read: records.length }),
          ...(asOf === undefined && share !== undefined && { about: total, share: rounded(share) }),
          ...(seconds !== undefined && { ask_again_in_seconds: seconds }),
        },
      }),
      ...(notes.length > 0 && { notes }),
    },
  };
}

const waitWords = (seconds: number): string =>
  seconds < 100 ? count(seconds, "second") : count(Math.ceil(seconds / 60), "minute");

/** Counts by status and what hangs on them; of a part of the statuses, what can be said of it. */
export function numbersTold(numbers: Numbers, days: number, statuses: StatusSet | undefined): Told {
  const known = [...numbers.statuses].filter(([status]) => isKnown(status));
  const others = [...numbers.statuses].filter(([status]) => !isKnown(status));
  known.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const rate = statuses === undefined ? numbers.completionRate : undefined;
  // Counting only these is quick where there are very many.
  const part = statuses === undefined ? "" : `Only ${partWords(statuses)} counted (without show: all): `;
  const open = statuses === undefined || statuses === "open";
  const passed = statuses === undefined || statuses === "passed";
  const otherCount = others.reduce((sum, [, n]) => sum + n, 0);
  const otherNames = others.slice(0, mostOthers).map(([status]) => statusName(status));
  return {
    lines: [
      [
        `${part}${count(numbers.records, "record", "records")} of ${count(numbers.people, "person", "people")}`,
        known.map(([status, n]) => `${n} ${statusWords(status)}`).join(", "),
      ]
        .filter(Boolean)
        .join(": "),
      ...(otherCount > 0
        ? [
            `${count(otherCount, "record has a status", "records have statuses")} this server does not know (${otherNames.join(", ")}), in no other number here.`,
          ]
        : []),
      ...(rate === undefined
        ? []
        : [`completion rate: ${percent(rate)} (passed, of all but not applicable and archived)`]),
      ...(open
        ? [
            `overdue: ${numbers.overdue} (${count(numbers.overduePeople, "person", "people")})`,
            `due in ${count(days, "day")}: ${numbers.due}`,
          ]
        : []),
      ...(passed
        ? [`expiring in ${count(days, "day")}: ${numbers.expiring}; expired: ${numbers.expired}`]
        : []),
    ],
    structured: {
      records: numbers.records,
      people: numbers.people,
      ...(statuses !== undefined && { only: statusSets[statuses] }),
      statuses: Object.fromEntries(known),
      ...(otherCount > 0 && { other_statuses: otherCount, other_names: otherNames }),
      ...(rate !== undefined && { completion_rate: rounded(rate) }),
      days,
      ...(open && {
        overdue: numbers.overdue,
        overdue_people: numbers.overduePeople,
        due: numbers.due,
      }),
      ...(passed && { expiring: numbers.expiring, expired: numbers.expired }),
    },
  };
}

const partWords = (statuses: StatusSet): string => statusSets[statuses].map(statusWords).join(", ");
const statusName = (status: string): string => (status === "" ? "none" : cleanText(status).slice(0, 40));

/** Where most is overdue. */
export function coursesTold(
  records: readonly TrainingRecord[],
  at: At,
  nameOf: (course: number) => string | undefined,
): Told {
  const counts = new Map<number, number>();
  for (const record of records)
    if (isOverdue(record, at)) counts.set(record.course, (counts.get(record.course) ?? 0) + 1);
  const most = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostCourses)
    .map(([course_id, overdue]) => ({ course_id, course: nameOf(course_id) ?? "", overdue }));
  if (most.length === 0) return { lines: [], structured: {} };
  const more = counts.size > most.length ? `; and ${count(counts.size - most.length, "more course")}` : "";
  return {
    lines: [
      `most overdue: ${most.map(({ course_id, course, overdue }) => `${course_id} ${course} ${overdue}`).join("; ")}${more}`,
    ],
    structured: { most_overdue: most },
  };
}

export function changesTold({ records, passed, failed, started, enrolled }: Changes, since: string): Told {
  return {
    lines: [
      `changed since ${since}: ${count(records.length, "record", "records")}; ${passed} passed, ${failed} failed, ${started} started, ${enrolled} enrolled in that time`,
    ],
    structured: { since, changed: records.length, passed, failed, started, enrolled },
  };
}
