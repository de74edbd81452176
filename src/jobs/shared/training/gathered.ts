import { windowMs } from "../../../skyprep/rate-limit/shared-window.ts";
import type { Clocks } from "../academy-day.ts";
import { callsAMinute } from "./background.ts";
import type { Standing } from "./cache-file.ts";
import { pageRows } from "./change-pagination.ts";
import type { PersonName, TrainingRecord } from "./record.ts";

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
  readonly standing: Standing | undefined;
  readonly trouble: string | undefined;
  readonly goesOn: boolean;
  readonly unkept: string | undefined;
}

const dayMs = 86_400_000;
const leastAgainMs = 10_000;

export function gathered(
  used: readonly Used[],
  {
    folder,
    now,
    called,
    clocks,
  }: {
    readonly folder: string;
    readonly now: number;
    readonly called: number;
    readonly clocks: Pick<Clocks, "day">;
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
      ...(unkept === undefined
        ? []
        : [
            `What was read cannot be kept in ${folder} (${unkept === "ENEWER" ? "a newer skyprep-mcp wrote there: update this one" : unkept}): it is read again after a restart.`,
          ]),
      ...(whole && now - begun > dayMs
        ? [`All was read on ${clocks.day(begun)}; what was deleted since still counts.`]
        : []),
    ],
  };
}

function union(standings: readonly Standing[]): readonly TrainingRecord[] {
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

function firstOf<T>(standings: readonly Standing[], find: (one: Standing) => T | undefined): T | undefined {
  for (const one of standings) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
