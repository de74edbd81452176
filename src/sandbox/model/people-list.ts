import { type Input, Refusal, type RowsAnswer } from "../server/route.ts";
import { courseView } from "../views/course.ts";
import { iso } from "../views/dates.ts";
import { groupView } from "../views/group.ts";
import { personView } from "../views/person.ts";
import { day } from "./calendar.ts";
import { coursesOf } from "./enrollment.ts";
import { meeting } from "./filters.ts";
import type { Person } from "./tables.ts";
import type { World } from "./world.ts";

type Test = (person: Person) => boolean;

function testsOf(input: Input, world: World): Test[] {
  const tests: Test[] = (["email", "first_name", "last_name"] as const).flatMap((name) => {
    const text = input.optional(name)?.trim().toLowerCase();
    return text ? [(person: Person) => person[name].toLowerCase() === text] : [];
  });
  const yesterday = world.now() - day;
  if (input.flag("created_within_the_past_day")) tests.push((one) => one.created_at >= yesterday);
  return tests;
}

/** Everybody a list may show, in order of number. */
function listable(world: World): Person[] {
  const people = [...world.people.values()];
  if (world.lists.deleted === "gone" || world.deleted.size === 0) return people;
  return [...people, ...[...world.deleted.values()].map(({ person }) => person)].sort((a, b) => a.id - b.id);
}

/** `limit` with `page` from 1, or with `offset`; all where no limit is given. */
function slice(input: Input, people: Person[]): Person[] {
  const limit = input.optionalId("limit") ?? Infinity;
  const page = input.optionalId("page") ?? 1;
  if (limit < 1 || page < 1) throw new Refusal(422, "Invalid parameter: limit or page");
  const skipped = input.optionalId("offset") ?? 0;
  const start = skipped + (limit === Infinity ? 0 : (page - 1) * limit);
  return people.slice(start, start + limit);
}

const wanted = ["include_groups", "include_learning_paths", "include_courses"];

/** What other clients ask get_users to add (skyprep-api §2); the page names no such keys. */
function extras(input: Input, person: Person, world: World): Record<string, unknown> {
  const inside = [...world.groups.values()].filter((group) => group.members.has(person.id));
  const of = (type: string) =>
    inside.filter((group) => group.type === type).map((group) => groupView(group, world));
  const courses = () =>
    [...coursesOf(world, person.id)].flatMap((id) => {
      const course = world.courses.get(id);
      return course ? [courseView(course, world, { items: true })] : [];
    });
  return {
    ...(input.flag("include_groups") && { user_groups: of("user") }),
    ...(input.flag("include_learning_paths") && { learning_paths: of("learning_path") }),
    ...(input.flag("include_courses") && { courses: courses() }),
  };
}

export function listPeople(input: Input, world: World): RowsAnswer {
  const people = listable(world).filter(meeting(world, testsOf(input, world)));
  if (input.flag("order_by_created_at_desc"))
    people.sort((a, b) => b.created_at - a.created_at || b.id - a.id);
  const more = wanted.some((name) => input.flag(name));
  const shown = (one: Person) => {
    const view = personView(world, one);
    if (world.lists.deleted === "listed") view.deleted_at = iso(world.deleted.get(one.id)?.at ?? null);
    return more ? Object.assign(view, extras(input, one, world)) : view;
  };
  return { rows: slice(input, people).map((one) => () => shown(one)) };
}
