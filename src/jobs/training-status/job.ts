import { z } from "zod";
import { Missing } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { BadCursor } from "../../state/kept-lists.ts";
import { cleanText, count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import { cursor, field, fresh } from "../shared/input-fields.ts";
import { type NamedRecord, type ResolvableKind, refuseOnReadFailure, resolve } from "../shared/resolve.ts";
import { type Filter, isIn, type StatusSet } from "../shared/training/change-pagination.ts";
import { type At, changesSince, type Gathered, numbersOf } from "../shared/training/gathered.ts";
import { dayIn } from "../shared/training/instants.ts";
import { readerOf, type TrainingReadOptions } from "../shared/training/reader.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
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
import { isChased, readFor, showNamed, shows } from "./list.ts";
import { tableTold } from "./table.ts";

const named = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example).optional();

const input = z.strictObject({
  person: named("Only this person", "avery@example.com"),
  group: named("Only members of this group", "Sales Team"),
  course: named("Only this course", "201"),
  path: named("Only courses of this path", "402"),
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
  days: field(z.int().min(0).max(3650), "Days ahead for due and expiring; else 30", 30).optional(),
  fresh,
  cursor: cursor("AQ"),
});
type StatusArgs = z.output<typeof input>;

/** How training stands; changes nothing. */
export const training_status = defineJob({
  title: "Show who is behind, due or done",
  description:
    "How training stands: how many are overdue, due, expiring, passed; with show or since also who. Everybody, or by name, login or number. Completion rate is of those enrolled. Scores: get_course_progresses. No reminders can be sent: write to those listed.",
  searchHint:
    "who is behind on their courses, overdue, mandatory, deadlines, late learners, failed, has not finished, completed, started, expired certificates, certificate expiry, certifications run out or lapse, renewal, compliance, completion rate, transcript, employee's training history, learning path progress",
  alwaysLoad: true,
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

async function status(asked: StatusArgs, world: JobWorld, { signal, progress }: JobContext): Promise<Reply> {
  const { since, days = 30, cursor: after, fresh: anew = false, ...which } = asked;
  const show = asked.show === undefined ? undefined : showNamed(asked.show);
  const scope = await scopeOf(asked, world, signal);
  const wrong = [
    ...(asked.show !== undefined && show === undefined ? [`show is one of ${shows.join(", ")}.`] : []),
    ...("wrong" in scope ? scope.wrong : []),
    ...(after !== undefined && show === undefined && since === undefined
      ? ["cursor goes on with a list: give show or since, as in the call it came from."]
      : []),
  ];
  if (wrong.length > 0 || "wrong" in scope) return refuse("Nothing was counted.", ...wrong);
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
          ),
        ]
      : []),
    unreadTold(meant),
    readingTold(read, wanted, knownClocks(world)),
  ];
  if (show !== undefined || changes !== undefined) {
    const one = { person: scope.named.person !== undefined, course: wholeCourse };
    const call = [world.account, JSON.stringify({ ...which, since, days })].join("\n");
    const about = { at, names: read, exports: world.exports, call };
    // Of one person all is wanted, whether they can sign in or not.
    const out = (record: TrainingRecord) => isChased(show) && !one.person && isOut(record);
    parts.push(await tableTold(meant, { show: show ?? "changed", one, cursor: after, out }, about));
  }
  const what = scope.words.length === 0 ? "everyone" : scope.words.join(", ");
  const link = parts.at(-1)?.link;
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
  };
}

const withNotes = (notes: readonly string[], structured: Readonly<Record<string, unknown>>) =>
  notes.length === 0 ? structured : { ...structured, notes: [...notes, ...[structured.notes ?? []].flat()] };

const dayS = 86_400;
/** A day begins in the account's zone: up to 14 hours before UTC's. What comes too much is left out by its own date. */
const widestOffsetS = 14 * 3_600;

/**
 * By person where they are few, unless SkyPrep turns out not to know that filter; of all statuses, so that they are
 * counted whatever is listed, unless there are too many to be read while somebody waits.
 */
async function recordsOf(
  scope: StatusScope,
  { statuses, since }: Parameters<typeof needsOf>[1],
  world: JobWorld,
  wanted: TrainingReadOptions,
): Promise<{ readonly read: Gathered; readonly statuses: StatusSet | undefined }> {
  const reader = readerOf(world);
  const by = async (byPerson: boolean | "sure") => {
    const all = needsOf(scope, { since }, byPerson);
    const few = since !== undefined || all.every(({ person }) => person !== undefined);
    const whole = statuses === undefined || few || (await reader.isLittle(all, wanted.signal));
    const narrowed = whole ? undefined : statuses;
    const read = await reader.gather(needsOf(scope, { statuses: narrowed, since }, byPerson), wanted);
    return { read, statuses: narrowed };
  };
  if (!reader.ignoresPerson()) {
    const isSure = world.filters.isTrusted("get_course_progresses", "user_id");
    const came = await by(isSure ? "sure" : true);
    if (!came.read.ignored) return came;
  }
  return by(false);
}

const emptyWords = ({ people, courses }: StatusScope): string[] => [
  ...(people?.size === 0 ? ["Nobody is meant by that: the group is empty, or the person is not in it."] : []),
  ...(courses?.size === 0
    ? ["No course is meant by that: the path is empty, or the course is not in it."]
    : []),
];

/** Whose training, in which courses; what is left out is everybody, or every course. */
export interface StatusScope {
  readonly people?: ReadonlySet<number>;
  readonly courses?: ReadonlySet<number>;
  /** “group 301 Sales Team (54 people)”, one for each thing that was named. */
  readonly words: readonly string[];
  /** What was not called exactly so, and how it was read. */
  readonly notes: readonly string[];
  readonly named: Readonly<Partial<Record<ResolvableKind, number>>>;
}

export type ScopeArgs = { readonly [kind in ResolvableKind]?: string | undefined };

const kinds = ["person", "group", "course", "path"] as const;
/** What a group holds of people, and a path of courses. */
const inside = {
  group: { route: "get_user_group", by: "user_group_id", list: "users", also: "user_id" },
  path: { route: "get_learning_path", by: "learning_path_id", list: "courses", also: "course_id" },
} as const;

/** What was named, or everything that is wrong with it at once. @throws Unread */
export async function scopeOf(
  asked: ScopeArgs,
  world: Pick<JobWorld, "directory" | "read" | "list">,
  signal: AbortSignal,
): Promise<StatusScope | { readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const words: string[] = [];
  const notes: string[] = [];
  const named: Partial<Record<ResolvableKind, number>> = {};
  let people: ReadonlySet<number> | undefined;
  let courses: ReadonlySet<number> | undefined;
  const narrow = (set: ReadonlySet<number> | undefined, by: ReadonlySet<number>) =>
    set === undefined ? by : new Set([...set].filter((id) => by.has(id)));
  for (const kind of kinds) {
    const text = asked[kind];
    if (text === undefined) continue;
    const found = await resolve(kind, text, world, signal);
    if ("wrong" in found) {
      wrong.push(found.wrong);
      continue;
    }
    const held = kind === "group" || kind === "path" ? await heldBy(kind, found, world, signal) : undefined;
    if (held !== undefined && "wrong" in held) {
      wrong.push(held.wrong);
      continue;
    }
    const ids = held ?? new Set([found.id]);
    if (kind === "person" || kind === "group") people = narrow(people, ids);
    else courses = narrow(courses, ids);
    named[kind] = found.id;
    if (found.note) notes.push(found.note);
    const size =
      kind === "group"
        ? ` (${count(ids.size, "person", "people")})`
        : kind === "path"
          ? ` (${count(ids.size, "course", "courses")})`
          : "";
    words.push(
      `${kind === "path" ? "learning path" : kind} ${found.id} ${cleanText(found.label).slice(0, 80)}${size}`,
    );
  }
  if (wrong.length > 0) return { wrong };
  return { ...(people && { people }), ...(courses && { courses }), words, notes, named };
}

async function heldBy(
  kind: keyof typeof inside,
  { id }: NamedRecord,
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): Promise<ReadonlySet<number> | { readonly wrong: string }> {
  const { route, by, list, also } = inside[kind];
  const name = kind === "path" ? "learning path" : kind;
  try {
    const [row] = [await read(route, { [by]: id }, signal)].flat() as (Record<string, unknown> | null)[];
    const held = row?.[list];
    if (held === undefined) return { wrong: `SkyPrep does not show the ${list} of ${name} ${id}.` };
    const ids = [held].flat().map((one) => {
      const of = (one ?? {}) as Record<string, unknown>;
      return Number(of[also] ?? of.id);
    });
    return new Set(ids.filter((one) => Number.isSafeInteger(one) && one > 0));
  } catch (error) {
    if (error instanceof Missing) return { wrong: `There is no ${name} ${id}.` };
    throw error;
  }
}

/** So few are read each by themselves, in a call or so. */
const fewPeople = 5;
const somePeople = 20;
const someCourses = 20;

/**
 * What has to be read for a scope: the narrowest that is still few calls. `sure`: the filter of a person is known to
 * work, and a course has a page of its own at least.
 */
export function needsOf(
  { people, courses }: StatusScope,
  narrowed: { readonly statuses?: StatusSet | undefined; readonly since?: number | undefined },
  byPerson: boolean | "sure",
): readonly Filter[] {
  if (people?.size === 0 || courses?.size === 0) return [];
  const each = (ids: ReadonlySet<number>, name: "person" | "course") =>
    [...ids].map((id) => ({ [name]: id, ...narrowed }));
  const mostByPerson =
    byPerson === "sure" ? Math.max(fewPeople, Math.min(courses?.size ?? 0, somePeople)) : fewPeople;
  if (byPerson && people && people.size <= mostByPerson) return each(people, "person");
  if (courses && courses.size <= someCourses) return each(courses, "course");
  if (byPerson && people && people.size <= somePeople) return each(people, "person");
  return [narrowed];
}

export const isOf =
  ({ people, courses }: StatusScope) =>
  ({ person, course }: TrainingRecord): boolean =>
    (people === undefined || people.has(person)) && (courses === undefined || courses.has(course));
