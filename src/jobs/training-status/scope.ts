import { Missing } from "../../academy/reads.ts";
import { cleanText } from "../../text/clean-text.ts";
import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { type Kind, type Named, resolve } from "../shared/resolve.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import type { Filter, StatusSet } from "../shared/training/status-sets.ts";

/** Whose training, in which courses; what is left out is everybody, or every course. */
export interface Scope {
  readonly people?: ReadonlySet<number>;
  readonly courses?: ReadonlySet<number>;
  /** “group 301 Sales Team (54 people)”, one for each thing that was named. */
  readonly words: readonly string[];
  /** What was not called exactly so, and how it was read. */
  readonly notes: readonly string[];
  readonly named: Readonly<Partial<Record<Kind, number>>>;
}

export type ScopeArgs = { readonly [kind in Kind]?: string | undefined };

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
): Promise<Scope | { readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const words: string[] = [];
  const notes: string[] = [];
  const named: Partial<Record<Kind, number>> = {};
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
  { id }: Named,
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

/** What has to be read for a scope: the narrowest that is still few calls. */
export function needsOf(
  { people, courses }: Scope,
  narrowed: { readonly statuses?: StatusSet | undefined; readonly since?: number | undefined },
  byPerson: boolean,
): readonly Filter[] {
  if (people?.size === 0 || courses?.size === 0) return [];
  const each = (ids: ReadonlySet<number>, name: "person" | "course") =>
    [...ids].map((id) => ({ [name]: id, ...narrowed }));
  if (byPerson && people && people.size <= fewPeople) return each(people, "person");
  if (courses && courses.size <= someCourses) return each(courses, "course");
  if (byPerson && people && people.size <= somePeople) return each(people, "person");
  return [narrowed];
}

export const isOf =
  ({ people, courses }: Scope) =>
  ({ person, course }: TrainingRecord): boolean =>
    (people === undefined || people.has(person)) && (courses === undefined || courses.has(course));
