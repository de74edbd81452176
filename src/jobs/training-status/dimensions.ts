import { Missing, numberIn, rowsIn } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { foldHeader } from "../../tables/header.ts";
import { cleanText } from "../../text/english.ts";
import { nearestTo } from "../../text/nearest.ts";
import type { JobWorld } from "../job.ts";
import { whoManages } from "../shared/managers/who-manages.ts";
import { coursesOfPath, readingUntil, severalAtOnce, withQuestions } from "../shared/many-questions.ts";
import type { Someone } from "../shared/people-index.ts";
import { groupNames, stillAsking } from "../shared/selection/memberships.ts";
import { fieldOf, type PeopleField, peopleFieldNamed } from "../shared/selection/people-fields.ts";
import { readMemberships } from "../shared/selection/people-where.ts";
import type { Gathered } from "../shared/training/gathered.ts";
import { dayText } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";

/** What figures can be told apart by, besides the fields of people. */
const own = ["manager", "group", "course", "path", "month"] as const;

/** One thing that figures are told apart by. */
export type FigureDimension =
  | { readonly is: (typeof own)[number] }
  | { readonly is: "field"; readonly field: PeopleField };

export const nameOf = (one: FigureDimension): string => (one.is === "field" ? one.field.name : one.is);

/** One or two; else sentences of what is wrong. */
export function dimensionsOf(
  asked: readonly string[],
  world: Pick<JobWorld, "records" | "view">,
): readonly FigureDimension[] | { readonly wrong: readonly string[] } {
  const labels = new Set([...world.view.labels.values()].map(foldHeader));
  const found: FigureDimension[] = [];
  const wrong: string[] = [];
  for (const text of asked) {
    const folded = foldHeader(text).replace(/^learning(?=path)/, "");
    const is = labels.has(folded)
      ? undefined
      : own.find((one) => one === folded || `${one}s` === folded || `user${one}` === folded);
    const field = is === undefined ? peopleFieldNamed(text, world) : undefined;
    if (is !== undefined) found.push({ is });
    else if (field !== undefined && "wrong" in field) {
      const near = nearestTo(text, own);
      wrong.push(
        near.length > 0
          ? `by has no “${text.slice(0, 60)}”. Near it: ${near.join(", ")}.`
          : `by is ${own.join(", ")} or a field of people. ${field.wrong}`,
      );
    } else if (field !== undefined) found.push({ is: "field", field });
  }
  if (new Set(found.map(nameOf)).size < found.length) wrong.push("by names the same thing twice.");
  if (asked.length > 2) wrong.push("by takes one thing, or two for a table.");
  return wrong.length > 0 ? { wrong } : found;
}

/** What a record is counted under: in each of several, e.g. of a person in two groups. */
export interface Keys {
  readonly of: (record: TrainingRecord, day: number | undefined) => readonly string[];
  /** A record may be under several. */
  readonly overlap?: true;
  /** The arguments that mean those under a key; left out, or undefined: none do. */
  readonly within?: (
    key: string,
  ) => { readonly where?: Readonly<Record<string, string>>; readonly [name: string]: unknown } | undefined;
  readonly notes: readonly string[];
}

export interface KeysAsked {
  readonly names: Gathered;
  readonly records: readonly TrainingRecord[];
  readonly people: ReadonlyMap<number, Someone>;
  readonly fresh: boolean;
}

type Inner = Pick<JobContext, "signal" | "reading" | "progress">;

/** @throws Unread, StillAsking */
export async function keysOf(
  dimension: FigureDimension,
  { names, records, people, fresh }: KeysAsked,
  world: JobWorld,
  inner: Inner,
): Promise<Keys> {
  const someone = (record: TrainingRecord) => people.get(record.person);
  switch (dimension.is) {
    case "month":
      return { of: (_, day) => [day === undefined ? "(no date)" : dayText(day).slice(0, 7)], notes: [] };
    case "course":
      return {
        of: ({ course }) => [`${course} ${names.course(course) ?? ""}`.trim()],
        within: (key) => numbered(key, (course) => ({ course })),
        notes: [],
      };
    case "field":
      return {
        of: (record) => {
          const one = someone(record);
          return [one === undefined ? notListed : fieldOf(one.row, dimension.field) || "(empty)"];
        },
        within: (key) =>
          key === notListed
            ? undefined
            : { where: { [dimension.field.name]: key === "(empty)" ? "empty" : key } },
        notes: [],
      };
    case "group": {
      const { of, groups } = await readMemberships(world, inner, { fresh });
      const label = (id: number) => `${id} ${groups.get(id) ?? ""}`.trim();
      return {
        of: ({ person }) => {
          const own = of(person).map(label);
          return own.length === 0 ? ["(no group)"] : own;
        },
        within: (key) =>
          key === "(no group)" ? { where: { no_group: "yes" } } : numbered(key, (group) => ({ group })),
        overlap: true,
        notes: [],
      };
    }
    case "path": {
      const paths = await coursesOfPaths(world, inner, fresh);
      const of = new Map<number, string[]>();
      for (const { label, courses } of paths)
        for (const course of courses) of.set(course, [...(of.get(course) ?? []), label]);
      return {
        of: ({ course }) => of.get(course) ?? ["(no path)"],
        within: (key) => numbered(key, (path) => ({ path })),
        overlap: true,
        notes: [],
      };
    }
    case "manager": {
      const memberships = await readMemberships(world, inner, { fresh });
      const meant = [...new Set(records.map(({ person }) => person))].flatMap((id) => people.get(id) ?? []);
      const { of, notes } = await whoManages({ people: meant, memberships, fresh }, world, inner);
      const labelsOf = (one: Someone): readonly string[] => {
        const leads = of(one);
        if (leads === "untold") return ["(not known yet)"];
        const labels = leads.map(({ id, name }) => (id === undefined ? name : `${id} ${name}`));
        return labels.length === 0 ? ["(no manager)"] : labels;
      };
      const known = new Map(meant.map((one) => [one.id, labelsOf(one)]));
      return {
        of: ({ person }) => known.get(person) ?? [notListed],
        within: (key) => numbered(key, (id) => ({ where: { managed_by: id } })),
        overlap: true,
        notes,
      };
    }
  }
}

const notListed = "(not listed)";

/** Keys of things begin with their number. */
function numbered<T>(key: string, then: (id: string) => T): T | undefined {
  const [, id] = /^([1-9]\d*)(?: |$)/.exec(key) ?? [];
  return id === undefined ? undefined : then(id);
}

interface PathCourses {
  readonly label: string;
  readonly courses: readonly number[];
}

/** @throws Unread, StillAsking */
async function coursesOfPaths(
  world: JobWorld,
  inner: Inner,
  fresh: boolean,
): Promise<readonly PathCourses[]> {
  const { signal } = inner;
  const names = groupNames(await world.list("get_learning_paths", signal));
  return withQuestions(
    { work: ["courses of paths"], until: readingUntil(world.now(), world), keepsAll: true, fresh },
    world,
    inner,
    async (questions) => {
      const all = await severalAtOnce([...names], async ([id, name]) => {
        const courses = await questions.ask(coursesOfPath(id), async (read) => {
          try {
            const [row] = rowsIn(await read("get_learning_path", { learning_path_id: id }, signal));
            return rowsIn(row?.courses).map((one) => numberIn(one, "course_id"));
          } catch (error) {
            if (error instanceof Missing) return [];
            throw error;
          }
        });
        return courses && { label: `${id} ${cleanText(name)}`, courses };
      });
      if (all.length < names.size) throw stillAsking(questions);
      return all;
    },
  );
}
