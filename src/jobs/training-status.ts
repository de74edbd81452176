import { z } from "zod";
import type { Inner } from "../call/call.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { field } from "./field.ts";
import type { Job, JobWorld } from "./job.ts";
import { unlessUnread } from "./plans/unread.ts";
import { isIn } from "./status/filter.ts";
import type { Gathered } from "./status/gathered.ts";
import { readFor, showNamed, shows } from "./status/list.ts";
import { type At, changesSince, numbersOf } from "./status/numbers.ts";
import { readerOf, type Wanted } from "./status/reader.ts";
import { type Asked as About, isOf, needsOf, type Scope, scopeOf } from "./status/scope.ts";
import { tableTold } from "./status/table.ts";
import { changesTold, coursesTold, numbersTold, readingTold, type Told } from "./status/told.ts";
import { dayIn } from "./status/when.ts";
import { withoutAccess } from "./status/without-access.ts";

interface Asked extends About {
  readonly show?: string;
  readonly since?: string;
  readonly days?: number;
}

const named = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example).optional();

/** How training stands; changes nothing. */
export const training_status: Job = {
  title: "Training status",
  description:
    "How training stands, of all or as named: counts, overdue, due, expiring, completion rate; who; what changed. For one record: get_course_progress.",
  effect: "read",
  idempotent: true,
  input: z.strictObject({
    person: named("Who", "avery@example.com"),
    group: named("Its people", "Sales Team"),
    course: named("One", "201"),
    path: named("Its courses", "402"),
    show: field(z.string().max(40), "overdue, due, expiring, expired, a status", "overdue").optional(),
    since: field(z.iso.date(), "Day", "2026-11-01").optional(),
    days: field(z.int().min(0).max(3650), "Else 30", 30).optional(),
  }),
  run: (args, world, inner) => unlessUnread("Nothing was counted", () => status(args as Asked, world, inner)),
};

async function status(asked: Asked, world: JobWorld, { signal, progress }: Inner): Promise<Reply> {
  const { since, days = 30 } = asked;
  const show = asked.show === undefined ? undefined : showNamed(asked.show);
  const scope = await scopeOf(asked, world, signal);
  const wrong = [
    ...(asked.show !== undefined && show === undefined ? [`show is one of ${shows.join(", ")}.`] : []),
    ...("wrong" in scope ? scope.wrong : []),
  ];
  if (wrong.length > 0 || "wrong" in scope) return refuse("Nothing was counted.", ...wrong);
  const statuses = readFor(show);
  const day = since === undefined ? undefined : dayIn(since);
  const from = day === undefined ? undefined : day * dayS - widestOffsetS;
  const read = await recordsOf(scope, { statuses, since: from }, world, { signal, progress });
  const at: At = { now: world.now(), days };
  const inScope = isOf(scope);
  const records = read.records.filter((one) => inScope(one) && isIn({ statuses }, one));
  const changes = day === undefined ? undefined : changesSince(records, day);
  const meant = changes?.records ?? records;

  const chases = changes === undefined && (show === undefined || show === "overdue" || show === "due");
  const gone = chases ? await withoutAccess(meant, at, world, signal) : undefined;
  const wholeCourse = scope.courses?.size === 1;
  const parts: (Told & Pick<Reply, "link">)[] = [
    ...(changes && since !== undefined ? [changesTold(changes, since)] : []),
    ...(changes === undefined ? [numbersTold(numbersOf(meant, at), days, statuses)] : []),
    ...(gone ? [gone.told] : []),
    ...(changes === undefined && (show === undefined || show === "overdue") && !wholeCourse
      ? [coursesTold(meant, at, read.course)]
      : []),
    readingTold(read),
  ];
  if (show !== undefined || changes !== undefined) {
    const one = { person: scope.named.person !== undefined, course: wholeCourse };
    const about = { at, names: read, exports: world.exports };
    const chased = gone && show !== undefined ? meant.filter((record) => !gone.has(record)) : meant;
    parts.push(await tableTold(chased, { show: show ?? "changed", one }, about));
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

/** By person where they are few, unless SkyPrep turns out not to know that filter. */
async function recordsOf(
  scope: Scope,
  narrowed: Parameters<typeof needsOf>[1],
  world: JobWorld,
  wanted: Wanted,
): Promise<Gathered> {
  const reader = readerOf(world);
  if (!reader.ignoresPerson()) {
    const read = await reader.gather(needsOf(scope, narrowed, true), wanted);
    if (!read.ignored) return read;
  }
  return reader.gather(needsOf(scope, narrowed, false), wanted);
}

const emptyWords = ({ people, courses }: Scope): string[] => [
  ...(people?.size === 0 ? ["Nobody is meant by that: the group is empty, or the person is not in it."] : []),
  ...(courses?.size === 0
    ? ["No course is meant by that: the path is empty, or the course is not in it."]
    : []),
];
