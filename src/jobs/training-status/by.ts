import { NotAList, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import type { Reply } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/response.ts";
import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { createPeopleIndex, isGone, type Someone } from "../shared/people-index.ts";
import type { At, Gathered } from "../shared/training/gathered.ts";
import { numbersOf } from "../shared/training/gathered.ts";
import { dayText } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import { numbersTold, type SummaryPart } from "../shared/training/summary-text.ts";
import { timePieces } from "../shared/training/time-pieces.ts";
import { figuresTold } from "./by-table.ts";
import { type FigureDimension, type Keys, keysOf, nameOf } from "./dimensions.ts";
import { type CountedFigures, countedBy, type Figures } from "./figures.ts";
import { dateFor, dayFor, type Show } from "./list.ts";
import { endOf, happenings, isUndated, isWithin, type Period, stoodOn } from "./period.ts";
import type { SameCall } from "./pieces.ts";
import type { Under } from "./table.ts";

export interface ByAsked {
  readonly dimensions: readonly FigureDimension[];
  readonly period: Period;
  readonly show: Show | undefined;
  readonly days: number;
  readonly fresh: boolean;
  /** What the same call says besides: a click on a figure asks within it. */
  readonly within: SameCall;
  /** Goes on in a list: figures were told before. */
  readonly isNext: boolean;
}

/** What is told, and what a list is made of. */
export interface ByTold {
  readonly parts: readonly (SummaryPart & Pick<Reply, "link">)[];
  readonly records: readonly TrainingRecord[];
  readonly at: At;
  readonly isGone: (record: TrainingRecord) => boolean;
  readonly under: Under | undefined;
}

/** Figures of a time, or told apart by one thing or two. @throws Unread, StillAsking */
export async function toldBy(
  records: readonly TrainingRecord[],
  names: Gathered,
  asked: ByAsked,
  world: JobWorld,
  inner: Pick<JobContext, "signal" | "reading" | "progress">,
): Promise<ByTold> {
  const { dimensions, period, show, days, fresh } = asked;
  const isEvents =
    period.from !== undefined || (show === undefined && dimensions.some(({ is }) => is === "month"));
  const stood = !isEvents && period.until !== undefined ? stoodOn(records, period.until) : undefined;
  const zone = stood && (await world.zone(inner.signal))?.zone;
  const now = stood && period.until !== undefined ? endOf(period.until, zone, world.now()) : world.now();
  const at: At = { now, days };
  const standing = stood?.records ?? records;
  const { people, isOut, notes } = await everybody(standing, world, inner);
  const keys: Keys[] = [];
  for (const dimension of dimensions)
    keys.push(await keysOf(dimension, { names, records: standing, people, fresh }, world, inner));
  const counting = { keys, isGone: isOut, happened: isEvents ? period : undefined, at, show };
  const counted = countedBy(standing, counting);
  const spoken = dimensions.map(nameOf);
  const when = stood
    ? stoodTold(stood.unknown, period)
    : isEvents
      ? happenedTold(standing, counted, period, dimensions.length === 0)
      : none;
  const overlap = keys.some((one) => one.overlap) && !asked.isNext;
  return {
    parts: asked.isNext
      ? []
      : [
          when,
          ...(stood && dimensions.length === 0
            ? [numbersTold(numbersOf(standing, at), days, undefined)]
            : dimensions.length === 0
              ? []
              : [
                  await figuresTold(counted, spoken, {
                    exports: world.exports,
                    title: `Training by ${spoken.join(" and ")}`,
                    isAll: names.asOf !== undefined,
                    days,
                    within: (key) => withinOf(keys[0], key, asked.within),
                  }),
                ]),
          noted([
            ...(overlap ? ["Who or what belongs to several is counted in each, in “all” once."] : []),
            ...keys.flatMap((one) => one.notes),
            ...notes,
          ]),
        ],
    records:
      isEvents && show !== undefined
        ? standing.filter((one) => isWithin(period, one[dateFor(show)]))
        : standing,
    at,
    isGone: isOut,
    under: dimensions.length === 0 ? undefined : underOf(keys, counted, { spoken, show }),
  };
}

/** Never in place of what the call itself says: that would be others. */
function withinOf(dimension: Keys | undefined, key: string, asked: SameCall): SameCall | undefined {
  const more = dimension?.within?.(key);
  if (more === undefined) return undefined;
  const { where: own, ...rest } = more;
  if (Object.keys(rest).some((name) => name in asked)) return undefined;
  const before = (asked.where ?? {}) as SameCall;
  if (own !== undefined && Object.keys(own).some((name) => name in before)) return undefined;
  return { ...asked, ...rest, ...(own !== undefined && { where: { ...before, ...own } }) };
}

const none: SummaryPart = { lines: [], structured: {} };
const noted = (notes: readonly string[]): SummaryPart =>
  notes.length === 0 ? none : { lines: notes, structured: { by_notes: notes }, pieces: () => ({ notes }) };

interface Everybody {
  readonly people: ReadonlyMap<number, Someone>;
  readonly isOut: (record: TrainingRecord) => boolean;
  readonly notes: readonly string[];
}

/** Who cannot sign in any more is counted apart; where that cannot be read, with the others, and it is said. */
async function everybody(
  records: readonly TrainingRecord[],
  { list, now }: JobWorld,
  { signal }: Pick<JobContext, "signal">,
): Promise<Everybody> {
  if (records.length === 0) return { people: new Map(), isOut: () => false, notes: [] };
  try {
    const { all } = createPeopleIndex(await list("get_users", signal));
    const gone = new Set(all.filter((one) => isGone(one, now())).map(({ id }) => id));
    return {
      people: new Map(all.map((one) => [one.id, one])),
      isOut: ({ person }) => gone.has(person),
      notes: [],
    };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
    return {
      people: new Map(),
      isOut: () => false,
      notes: ["Who has no access any more could not be read; they are counted with the others."],
    };
  }
}

function stoodTold(unknown: number, { until = 0 }: Period): SummaryPart {
  const lines = [
    `What stood at the end of ${dayText(until)}, as far as today's records say: a result that was reset or a deadline that was moved since shows as it is now.`,
    ...(unknown > 0
      ? [
          `${count(unknown, "record has", "records have")} changed since and do not say what they were: not counted.`,
        ]
      : []),
  ];
  return {
    lines,
    structured: { until: dayText(until), ...(unknown > 0 && { not_told: unknown }) },
    pieces: (say) => ({ ...timePieces({ until: dayText(until), stood: true })(say), notes: lines }),
  };
}

/** Every figure of what happened, also where it is told apart. */
function happenedTold(
  records: readonly TrainingRecord[],
  { all, gone }: CountedFigures,
  { from, until }: Period,
  isAlone: boolean,
): SummaryPart {
  const between = [
    ...(from === undefined ? [] : [`from ${dayText(from)}`]),
    ...(until === undefined ? [] : [`to ${dayText(until)}`]),
  ].join(" ");
  const undated = records.filter(isUndated).length;
  const said = (figures: Figures) =>
    happenings
      .filter((what) => what !== "archived" || (figures.archived ?? 0) > 0)
      .map(
        (what) =>
          `${figures[what] ?? 0} ${what === "archived" ? "ended and archived since (passed or failed is not told)" : what}`,
      )
      .join(", ");
  const only = Object.fromEntries(happenings.map((what) => [what, all[what] ?? 0]));
  const apart = gone && Object.fromEntries(happenings.map((what) => [what, gone[what] ?? 0]));
  const lines = [
    `${between === "" ? "What happened, by month" : `What happened ${between}`}: ${said(all)}${gone === undefined ? "" : `; besides, of people who cannot sign in any more: ${said(gone)}`}. By today's records: what was reset since is not in it.`,
    ...(undated > 0 ? [`${count(undated, "result has", "results have")} no date: in no time.`] : []),
  ];
  const days = {
    from: from === undefined ? undefined : dayText(from),
    until: until === undefined ? undefined : dayText(until),
  };
  return {
    lines,
    structured: {
      ...(from !== undefined && { since: dayText(from) }),
      ...(until !== undefined && { until: dayText(until) }),
      happened: only,
      ...(apart && { without_access: apart }),
      ...(undated > 0 && { undated }),
    },
    pieces: (say) => ({
      ...timePieces(days)(say),
      // Told apart by something, they stand above its table already.
      ...(isAlone && {
        numbers: happenings
          .filter((what) => what !== "archived" || only.archived !== 0)
          .map((what) => ({ label: say.words.figures[what], value: only[what] ?? 0 })),
      }),
      notes: lines,
    }),
  };
}

function underOf(
  keys: readonly Keys[],
  { rows }: CountedFigures,
  { spoken, show }: { readonly spoken: readonly string[]; readonly show: Show | undefined },
): Under {
  const ranks = new Map<string, number>();
  for (const { keys: own } of rows) {
    const [first = ""] = own;
    if (!ranks.has(first)) ranks.set(first, ranks.size);
  }
  const under = (one: Keys | undefined, record: TrainingRecord) =>
    one?.of(record, show && dayFor(show, record)) ?? [];
  return {
    columns: spoken,
    cells: (record) => keys.map((one) => under(one, record).join("; ")),
    rank: (record) => Math.min(...under(keys[0], record).map((key) => ranks.get(key) ?? ranks.size)),
  };
}
