import { isIn, type StatusSet } from "../shared/training/change-pagination.ts";
import {
  type At,
  daysTo,
  type Gathered,
  isDue,
  isExpired,
  isExpiring,
  isOverdue,
  latestPasses,
} from "../shared/training/gathered.ts";
import { dayOf, dayText, secondsOf, type When } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";

/** What the people behind a number can be listed by. */
export const shows = [
  "overdue",
  "due",
  "expiring",
  "expired",
  "open",
  "not-started",
  "in-progress",
  "passed",
  "failed",
  "not-applicable",
  "archived",
] as const;
export type Show = (typeof shows)[number];

/** However it is spelt: `Not started`, `not_started`. */
export function showNamed(text: string): Show | undefined {
  const wanted = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "-");
  return shows.find((one) => one === wanted);
}

/** Of a list: what it is read of, who is in it, in which order, and what is told besides who and what. */
interface Listing {
  /** Of what somebody is still to do: not for those who cannot sign in any more. */
  readonly chases?: true;
  readonly reads: StatusSet;
  readonly pick: (records: readonly TrainingRecord[], at: At) => readonly TrainingRecord[];
  readonly by: keyof TrainingRecord &
    ("deadline" | "expires" | "completed" | "enrolled" | "started" | "updated");
  readonly newest?: true;
  readonly columns: readonly string[];
}

const status =
  (wanted: string): Listing["pick"] =>
  (records) =>
    records.filter((one) => one.status === wanted);

const listings: Record<Show | "changed", Listing> = {
  overdue: {
    chases: true,
    reads: "open",
    pick: (records, at) => records.filter((one) => isOverdue(one, at)),
    by: "deadline",
    columns: ["status", "deadline", "days_late"],
  },
  due: {
    chases: true,
    reads: "open",
    pick: (records, at) => records.filter((one) => isDue(one, at)),
    by: "deadline",
    columns: ["status", "deadline", "days_left"],
  },
  expiring: {
    chases: true,
    reads: "passed",
    pick: (records, at) => latestPasses(records).filter((one) => isExpiring(one, at)),
    by: "expires",
    columns: ["expires", "days_left"],
  },
  expired: {
    chases: true,
    reads: "passed",
    pick: (records, at) => latestPasses(records).filter((one) => isExpired(one, at)),
    by: "expires",
    newest: true,
    columns: ["expires"],
  },
  open: {
    chases: true,
    reads: "open",
    pick: (records) => records.filter((one) => isIn({ statuses: "open" }, one)),
    by: "deadline",
    columns: ["status", "enrolled", "deadline"],
  },
  "not-started": {
    chases: true,
    reads: "open",
    pick: status("not-started"),
    by: "deadline",
    columns: ["enrolled", "deadline"],
  },
  "in-progress": {
    chases: true,
    reads: "open",
    pick: status("in-progress"),
    by: "deadline",
    columns: ["started", "deadline"],
  },
  passed: {
    reads: "passed",
    pick: status("passed"),
    by: "completed",
    newest: true,
    columns: ["completed", "expires"],
  },
  failed: {
    chases: true,
    reads: "open",
    pick: status("failed"),
    by: "completed",
    newest: true,
    columns: ["completed", "deadline"],
  },
  "not-applicable": {
    reads: "not-applicable",
    pick: status("not-applicable"),
    by: "updated",
    newest: true,
    columns: ["updated"],
  },
  archived: {
    reads: "archived",
    pick: status("archived"),
    by: "updated",
    newest: true,
    columns: ["completed", "updated"],
  },
  changed: {
    reads: "open",
    pick: (records) => records,
    by: "updated",
    newest: true,
    columns: ["status", "updated"],
  },
};

export const isChased = (show: Show | undefined): boolean =>
  show !== undefined && listings[show].chases === true;
/** The date of a record that a list is about. */
export const dateFor = (show: Show) => listings[show].by;
/** Its day, as days since 1970. */
export function dayFor(show: Show, record: TrainingRecord): number | undefined {
  const at = record[dateFor(show)];
  return at === undefined ? undefined : dayOf(at);
}
export const readFor = (show: Show | undefined): StatusSet | undefined => show && listings[show].reads;

const whoColumns = ["user_id", "name", "login"];
export const columnsFor = (show: Show | "changed", one: { person: boolean; course: boolean }): string[] => [
  ...(one.person ? [] : whoColumns),
  ...(one.course ? [] : ["course"]),
  ...listings[show].columns,
];

/** In the order that matters: what is longest overdue, runs out next, or happened last; what has no date, last. */
export function listed(
  show: Show | "changed",
  records: readonly TrainingRecord[],
  at: At,
): readonly TrainingRecord[] {
  const { pick, by, newest } = listings[show];
  const none = newest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const second = (one: TrainingRecord) => {
    const when = one[by];
    return when === undefined ? none : secondsOf(when);
  };
  return [...pick(records, at)].sort((a, b) => {
    const [x, y] = newest ? [second(b), second(a)] : [second(a), second(b)];
    return (x === y ? 0 : x < y ? -1 : 1) || a.id - b.id;
  });
}

export type ListRow = Readonly<Record<string, string | number>>;

export function rowOf(
  record: TrainingRecord,
  columns: readonly string[],
  { now }: At,
  { person, course }: Pick<Gathered, "person" | "course">,
): ListRow {
  const who = person(record.person);
  const ends = record.status === "passed" ? record.expires : record.deadline;
  const day = (at: When | undefined) => (at === undefined ? undefined : dayText(dayOf(at)));
  const all: Record<string, string | number | undefined> = {
    user_id: record.person || undefined,
    name: who?.name,
    login: who?.login,
    course_id: record.course || undefined,
    course: course(record.course) ?? (record.course || undefined),
    status: record.status,
    deadline: day(record.deadline),
    days_late: ends && -daysTo(ends, now),
    days_left: ends && daysTo(ends, now),
    enrolled: day(record.enrolled),
    started: day(record.started),
    completed: day(record.completed),
    expires: day(record.expires),
    updated: day(record.updated),
  };
  return Object.fromEntries(
    columns.flatMap((name) => {
      const value = all[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
