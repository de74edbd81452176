import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { type MakePieces, together } from "../../pages/pieces.ts";
import { BadCursor } from "../../reply/cursor.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import { cursor, field, fresh, whole } from "../shared/input-fields.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { whereAsInFind, whereField } from "../shared/selection/where.ts";
import { isIn } from "../shared/training/change-pagination.ts";
import { type At, changesSince, numbersOf } from "../shared/training/gathered.ts";
import { dayIn } from "../shared/training/instants.ts";
import { readerOf } from "../shared/training/reader.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import { isOf, narrowedScope, needsOf, recordsOf, type StatusScope } from "../shared/training/scope.ts";
import {
  accessTold,
  changesTold,
  coursesTold,
  numbersTold,
  readingTold,
  type SummaryPart,
  unreadTold,
  withoutAccess,
} from "../shared/training/summary-text.ts";
import { toldBy } from "./by.ts";
import { dimensionsOf, type FigureDimension } from "./dimensions.ts";
import { isChased, readFor, type Show, showNamed, shows } from "./list.ts";
import { periodOf } from "./period.ts";
import { tableTold } from "./table.ts";

const named = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example).optional();

const input = z.strictObject({
  person: named("Only this person", "avery@example.com"),
  group: named("Only members of this group", "Sales Team"),
  course: named("Only this course", "201"),
  path: named("Only courses of this path", "402"),
  where: whereField(whereAsInFind("all")),
  show: field(
    z.string().max(40),
    "Who to list: overdue, due, expiring, expired, open, not-started, in-progress, passed, failed, not-applicable, archived; else figures only",
    "overdue",
  ).optional(),
  since: field(
    z.iso.date(),
    "List what changed since this day, YYYY-MM-DD; else all",
    "2026-11-01",
  ).optional(),
  until: field(z.iso.date(), "To this day; alone: as it stood then; else now", "2026-11-30").optional(),
  by: whole(
    field(
      z.array(z.string().trim().min(1).max(200)).min(1).max(4),
      "Figures by manager, group, course, path, month or a field of people (custom, title …); two: a table; else in all",
      ["group"],
    ),
  ).optional(),
  days: field(z.int().min(0).max(3650), "Days ahead for due and expiring; else 30", 30).optional(),
  fresh,
  cursor: cursor("AQ"),
});
type StatusArgs = z.output<typeof input>;

/** How training stands; changes nothing. */
export const training_status = defineJob({
  title: "Show who is behind, due or done",
  description:
    "How training stands: how many are overdue, due, expiring, passed; with show or since also who. Completion rate is of those enrolled. Scores: get_course_progresses.",
  searchHint:
    "who is behind, overdue training, late learners, mandatory, failed, has not finished, completed, certificates and certifications expire, lapse or run out, renewal, compliance, completion rate, transcript, training history, list by manager, compare groups or departments, by month, board report",
  alwaysLoad: true,
  board: "training",
  effect: "read",
  idempotent: true,
  input,
  run: (args, world, inner) =>
    refuseOnReadFailure("Nothing was counted", async () => {
      try {
        return await status(args, world, inner);
      } catch (error) {
        if (error instanceof BadCursor) return refuse("Nothing was listed.", error.message);
        throw error;
      }
    }),
});

async function status(asked: StatusArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal, progress } = inner;
  const { since, days = 30, cursor: after, fresh: anew = false, ...which } = asked;
  const show = asked.show === undefined ? undefined : showNamed(asked.show);
  const dimensions = asked.by === undefined ? [] : dimensionsOf(asked.by, world);
  const scope = await narrowedScope(asked, world, inner, { near: "taken" });
  const wrong = [
    ...("wrong" in dimensions ? dimensions.wrong : []),
    ...(since !== undefined && asked.until !== undefined && asked.until < since
      ? ["until is before since."]
      : []),
    ...(asked.show !== undefined && show === undefined ? [`show is one of ${shows.join(", ")}.`] : []),
    ...("wrong" in scope ? scope.wrong : []),
    ...(after !== undefined && show === undefined && since === undefined
      ? ["cursor goes on with a list: give show or since, as in the call it came from."]
      : []),
  ];
  if (wrong.length > 0 || "wrong" in scope || "wrong" in dimensions)
    return refuse("Nothing was counted.", ...wrong);
  if (dimensions.length > 0 || asked.until !== undefined)
    return apartOrThen({ asked, show, scope, dimensions }, world, inner);
  const day = since === undefined ? undefined : dayIn(since);
  const from = day === undefined ? undefined : day * dayS - widestOffsetS;
  // Whoever goes on in a list has it anew already.
  const wanted = { signal, progress, fresh: anew && after === undefined };
  const { read, statuses } = await recordsOf(scope, { statuses: readFor(show), since: from }, world, wanted);
  const at: At = { now: world.now(), days };
  const inScope = isOf(scope);
  const records = read.records.filter((one) => inScope(one) && isIn({ statuses }, one));
  const changes = day === undefined ? undefined : changesSince(records, day);
  const meant = changes?.records ?? records;

  const some = { ...world, loginOf: (id: number) => read.person(id)?.login };
  const counts = changes === undefined && after === undefined;
  const gone =
    isChased(show) || (counts && show === undefined)
      ? await withoutAccess(meant, at, { ...world, some }, signal)
      : undefined;
  const isOut = (record: TrainingRecord) => gone?.has(record) === true;
  const wholeCourse = scope.courses?.size === 1;
  const within = { ...which, ...(asked.days !== undefined && { days: asked.days }) };
  delete within.show;
  const parts: (SummaryPart & Pick<Reply, "link">)[] = [
    ...(changes && since !== undefined && after === undefined ? [changesTold(changes, since)] : []),
    ...(counts ? [numbersTold(numbersOf(meant, at), days, statuses)] : []),
    ...(counts && (show === undefined || isChased(show)) ? [accessTold(gone)] : []),
    ...(counts && (show === undefined || show === "overdue") && !wholeCourse
      ? [
          coursesTold(
            meant.filter((one) => !isOut(one)),
            at,
            read.course,
            within,
          ),
        ]
      : []),
    unreadTold(meant),
    readingTold(read, wanted, knownClocks(world)),
  ];
  if (show !== undefined || changes !== undefined) {
    const one = { person: scope.named.person !== undefined, course: wholeCourse };
    const call = [world.account, JSON.stringify({ ...which, since, days })].join("\n");
    const about = {
      at,
      names: read,
      exports: world.exports,
      call,
      asked: { ...within, ...(since !== undefined && { since }) },
    };
    // Of one person all is wanted, whether they can sign in or not.
    const out = (record: TrainingRecord) => isChased(show) && !one.person && isOut(record);
    parts.push(await tableTold(meant, { show: show ?? "changed", one, cursor: after, out }, about));
  }
  return told(scope, parts);
}

function told(scope: StatusScope, parts: readonly (SummaryPart & Pick<Reply, "link">)[]): Reply {
  const what = scope.words.length === 0 ? "everyone" : scope.words.join(", ");
  const link = parts.findLast((one) => one.link !== undefined)?.link;
  return {
    outcome: "done",
    text: [
      `Training of ${what}.`,
      ...scope.notes,
      ...emptyWords(scope),
      ...parts.flatMap(({ lines }) => lines),
    ].join("\n"),
    structured: withNotes(
      scope.notes,
      Object.assign({ of: what }, ...parts.map(({ structured }) => structured)),
    ),
    ...(link && { link }),
    pieces: (say) => together(ofScope(scope), ...parts.map(({ pieces }) => pieces))(say),
  };
}

const ofScope =
  (scope: StatusScope): MakePieces =>
  ({ words }) => ({
    ...(scope.words.length === 0
      ? { about: words.about.everyone }
      : { about: scope.words.join(", "), aboutIn: "en" as const }),
    notes: emptyWords(scope),
  });

/** Told apart by something, or of a time that is over. */
async function apartOrThen(
  {
    asked,
    show,
    scope,
    dimensions,
  }: {
    readonly asked: StatusArgs;
    readonly show: Show | undefined;
    readonly scope: StatusScope;
    readonly dimensions: readonly FigureDimension[];
  },
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const { signal, progress } = inner;
  const { since, until, days = 30, cursor: after, fresh = false, ...which } = asked;
  const wanted = { signal, progress, fresh: fresh && after === undefined };
  const period = periodOf({ since, until });
  const isThen = since !== undefined || until !== undefined;
  // What happened in a time was changed since: enough to read, where all would be much.
  const from = period.from === undefined ? undefined : period.from * dayS - widestOffsetS;
  const isMuch = from !== undefined && !(await readerOf(world).isLittle(needsOf(scope, {}, false), signal));
  const narrowed = { statuses: isThen ? undefined : readFor(show), since: isMuch ? from : undefined };
  const { read, statuses } = await recordsOf(scope, narrowed, world, wanted);
  const inScope = isOf(scope);
  const records = read.records.filter((one) => inScope(one) && isIn({ statuses }, one));
  const { by: _, show: __, ...narrowing } = which;
  const within = {
    ...narrowing,
    ...(asked.days !== undefined && { days: asked.days }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  const by = await toldBy(
    records,
    read,
    { dimensions, period, show, days, fresh: wanted.fresh, within, isNext: after !== undefined },
    world,
    inner,
  );
  const parts: (SummaryPart & Pick<Reply, "link">)[] = [
    ...by.parts,
    unreadTold(records),
    readingTold(read, wanted, knownClocks(world)),
  ];
  if (show !== undefined) {
    const one = { person: scope.named.person !== undefined, course: scope.courses?.size === 1 };
    const call = [world.account, JSON.stringify({ ...which, since, until, days })].join("\n");
    const about = {
      at: by.at,
      names: read,
      exports: world.exports,
      call,
      asked: { ...within, ...(which.by && { by: which.by }) },
    };
    const out = (record: TrainingRecord) => isChased(show) && !one.person && by.isGone(record);
    parts.push(await tableTold(by.records, { show, one, cursor: after, out, under: by.under }, about));
  }
  return told(scope, parts);
}

const withNotes = (notes: readonly string[], structured: Readonly<Record<string, unknown>>) =>
  notes.length === 0 ? structured : { ...structured, notes: [...notes, ...[structured.notes ?? []].flat()] };

const dayS = 86_400;
/** A day begins in the account's zone: up to 14 hours before UTC's. What comes too much is left out by its own date. */
const widestOffsetS = 14 * 3_600;

const emptyWords = ({ people, courses, named }: StatusScope): string[] => [
  ...(people?.size === 0 && (named.person !== undefined || named.group !== undefined)
    ? ["Nobody is meant by that: the group is empty, or the person is not in it."]
    : []),
  ...(courses?.size === 0
    ? ["No course is meant by that: the path is empty, or the course is not in it."]
    : []),
];
