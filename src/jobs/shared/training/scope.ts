import { Missing } from "../../../academy/reads.ts";
import type { JobContext } from "../../../call/job-context.ts";
import { cleanText, count } from "../../../text/english.ts";
import type { JobWorld } from "../../job.ts";
import { type NamedRecord, type NearOptions, type ResolvableKind, resolve } from "../resolve.ts";
import { narrowedBy } from "../selection/people-where.ts";
import type { Where } from "../selection/where.ts";
import type { Filter, StatusSet } from "./change-pagination.ts";
import type { Gathered } from "./gathered.ts";
import { readerOf, type TrainingReadOptions } from "./reader.ts";
import type { TrainingRecord } from "./record.ts";

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

type ScopeArgs = { readonly [kind in ResolvableKind]?: string | undefined };

export interface NarrowedArgs extends ScopeArgs {
  readonly where?: Where | undefined;
  readonly fresh?: boolean | undefined;
}

const kinds = ["person", "group", "course", "path"] as const;
/** What a group holds of people, and a path of courses. */
const inside = {
  group: { route: "get_user_group", by: "user_group_id", list: "users", also: "user_id" },
  path: { route: "get_learning_path", by: "learning_path_id", list: "courses", also: "course_id" },
} as const;

/** What was named, or everything that is wrong with it at once. @throws Unread */
async function scopeOf(
  asked: ScopeArgs,
  world: Pick<JobWorld, "directory" | "read" | "list">,
  signal: AbortSignal,
  near: NearOptions,
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
    const found = await resolve(kind, text, world, signal, near);
    if ("wrong" in found) {
      wrong.push(found.wrong);
      continue;
    }
    const held = kind === "group" || kind === "path" ? await heldBy(kind, found, world, signal) : undefined;
    if (held !== undefined && "wrong" in held) {
      wrong.push(held.wrong);
      continue;
    }
    const ids = held?.ids ?? new Set([found.id]);
    if (kind === "person" || kind === "group") people = narrow(people, ids);
    else courses = narrow(courses, ids);
    named[kind] = found.id;
    if (found.note) notes.push(found.note);
    const size =
      kind === "group"
        ? ` (${count(ids.size, "person", "people")})`
        : kind === "path"
          ? ` (${count(ids.size, "course", "courses")}${held?.people === undefined ? "" : `, ${count(held.people, "person is", "people are")} in it`})`
          : "";
    words.push(
      `${kind === "path" ? "learning path" : kind} ${found.id} ${cleanText(found.label).slice(0, 80)}${size}`,
    );
  }
  if (wrong.length > 0) return { wrong };
  return { ...(people && { people }), ...(courses && { courses }), words, notes, named };
}

interface Held {
  readonly ids: ReadonlySet<number>;
  /** Of a path: how many are in it, where SkyPrep shows them. */
  readonly people?: number;
}

async function heldBy(
  kind: keyof typeof inside,
  { id }: NamedRecord,
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): Promise<Held | { readonly wrong: string }> {
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
    return {
      ids: new Set(ids.filter((one) => Number.isSafeInteger(one) && one > 0)),
      ...(kind === "path" && row?.users !== undefined && { people: [row.users].flat().length }),
    };
  } catch (error) {
    if (error instanceof Missing) return { wrong: `There is no ${name} ${id}.` };
    throw error;
  }
}

/** As it was named, and of those people only of whom `where` holds. @throws Unread */
export async function narrowedScope(
  { where, fresh = false, ...asked }: NarrowedArgs,
  world: JobWorld,
  inner: Pick<JobContext, "signal" | "reading" | "progress">,
  near: NearOptions = {},
): Promise<StatusScope | { readonly wrong: readonly string[] }> {
  const scope = await scopeOf(asked, world, inner.signal, near);
  if (where === undefined || "wrong" in scope) return scope;
  const narrowed = await narrowedBy(where, scope.people, world, { ...inner, ...near, fresh });
  if ("wrong" in narrowed) return narrowed;
  const { people, words, notes } = narrowed;
  return { ...scope, people, words: [...scope.words, words], notes: [...scope.notes, ...notes] };
}

/**
 * By person where they are few, unless SkyPrep turns out not to know that filter; of all statuses, so that they are
 * counted whatever is listed, unless there are too many to be read while somebody waits.
 */
export async function recordsOf(
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
