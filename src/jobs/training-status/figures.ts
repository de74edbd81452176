import { isIn } from "../shared/training/change-pagination.ts";
import {
  type At,
  isDue,
  isExpired,
  isExpiring,
  isOverdue,
  latestPasses,
} from "../shared/training/gathered.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import type { Keys } from "./dimensions.ts";
import { dayFor, listed, type Show } from "./list.ts";
import { type Happening, happenedTo, happenings, type Period } from "./period.ts";

/** What is counted, in the order of the columns. */
export type Figure =
  | "people"
  | "records"
  | "passed"
  | "open"
  | "overdue"
  | "due"
  | "expiring"
  | "expired"
  | "rate"
  | Show
  | Happening;
export type Figures = Readonly<Partial<Record<Figure, number>>>;

/** What falls under the same keys, one of each dimension. */
export interface FigureRow {
  readonly keys: readonly string[];
  readonly figures: Figures;
}

export interface CountedFigures {
  readonly columns: readonly Figure[];
  /** The one that matters most: rows are in its order, and a table shows it alone. */
  readonly main: Figure;
  readonly rows: readonly FigureRow[];
  /** Of all, each record once. */
  readonly all: Figures;
  /** Of people who cannot sign in any more: in none of the rows. */
  readonly gone: Figures | undefined;
}

export interface Counting {
  readonly keys: readonly Keys[];
  readonly isGone: (record: TrainingRecord) => boolean;
  /** By what happened in these days, in place of how it stands. */
  readonly happened?: Period | undefined;
  readonly at: At;
  readonly show: Show | undefined;
}

/** How a set of records stands, or what happened in it. */
interface Measure {
  readonly columns: readonly Figure[];
  readonly main: Figure;
  /** What of a record is counted: once, or once for each thing that happened. */
  readonly parts: (record: TrainingRecord) => readonly Part[];
  readonly figures: (parts: readonly Part[]) => Figures;
}
interface Part {
  readonly record: TrainingRecord;
  /** Undefined: it has no date. */
  readonly day: number | undefined;
  readonly what?: Happening;
}

const separator = "\n";

export function countedBy(
  records: readonly TrainingRecord[],
  { keys, isGone, happened, at, show }: Counting,
): CountedFigures {
  const { columns, main, parts, figures } =
    happened === undefined
      ? show === undefined
        ? standing(records, at)
        : shown(records, show, at)
      : happening(happened);
  const here: Part[] = [];
  const gone: Part[] = [];
  const cells = new Map<string, Part[]>();
  for (const record of records) {
    const out = isGone(record);
    for (const part of parts(record)) {
      (out ? gone : here).push(part);
      if (out) continue;
      for (const key of combined(keys.map((one) => one.of(record, part.day)))) {
        const own = cells.get(key);
        if (own === undefined) cells.set(key, [part]);
        else own.push(part);
      }
    }
  }
  const isByMonth = (key: string) => /^\d{4}-\d\d$/.test(key);
  const rows = [...cells].map(([key, own]) => ({ keys: key.split(separator), figures: figures(own) }));
  rows.sort((a, b) => {
    const [one = "", other = ""] = [a.keys[0], b.keys[0]];
    if (isByMonth(one) && isByMonth(other) && one !== other) return one < other ? -1 : 1;
    return (b.figures[main] ?? 0) - (a.figures[main] ?? 0) || compareKeys(a.keys, b.keys);
  });
  return { columns, main, rows, all: figures(here), gone: gone.length === 0 ? undefined : figures(gone) };
}

function combined(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...more] = lists;
  return more.reduce<readonly string[]>(
    (keys, next) => keys.flatMap((key) => next.map((one) => `${key}${separator}${one}`)),
    first,
  );
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [a.join(separator), b.join(separator)];
  return one.localeCompare(other, "en", { numeric: true });
}

const isOpen = (record: TrainingRecord): boolean => isIn({ statuses: "open" }, record);
const peopleIn = (parts: readonly Part[]): number => new Set(parts.map(({ record }) => record.person)).size;
const recordsIn = (parts: readonly Part[]) => parts.map(({ record }) => record);
const once = (record: TrainingRecord): readonly Part[] => [{ record, day: undefined }];

function standing(records: readonly TrainingRecord[], at: At): Measure {
  // Of several passes the latest counts, wherever it is counted.
  const latest = new Set(latestPasses(records));
  return {
    columns: ["people", "records", "passed", "open", "overdue", "due", "expiring", "expired", "rate"],
    main: "overdue",
    parts: once,
    figures: (parts) => {
      const own = recordsIn(parts);
      const n = (test: (record: TrainingRecord) => boolean) => own.filter(test).length;
      const passed = n(({ status }) => status === "passed");
      const open = n(isOpen);
      return {
        people: peopleIn(parts),
        records: own.length,
        passed,
        open,
        overdue: n((one) => isOverdue(one, at)),
        due: n((one) => isDue(one, at)),
        expiring: n((one) => latest.has(one) && isExpiring(one, at)),
        expired: n((one) => latest.has(one) && isExpired(one, at)),
        ...(passed + open > 0 && { rate: Math.round((100 * passed) / (passed + open)) }),
      };
    },
  };
}

function shown(records: readonly TrainingRecord[], show: Show, at: At): Measure {
  const meant = new Set(listed(show, records, at));
  return {
    columns: ["people", show],
    main: show,
    parts: (record) => (meant.has(record) ? [{ record, day: dayFor(show, record) }] : []),
    figures: (parts) => ({ people: peopleIn(parts), [show]: parts.length }),
  };
}

function happening(period: Period): Measure {
  return {
    columns: ["people", ...happenings],
    main: "passed",
    parts: (record) => happenedTo(record, period).map((one) => ({ record, ...one })),
    figures: (parts) => ({
      people: peopleIn(parts),
      ...Object.fromEntries(
        happenings.map((what) => [what, parts.filter((one) => one.what === what).length]),
      ),
    }),
  };
}
