import { type Input, Refusal } from "../server/route.ts";
import { syncPerson } from "./enrollment.ts";
import { find } from "./people.ts";
import { reachOf } from "./removal.ts";
import type { Group } from "./tables.ts";
import type { World } from "./world.ts";

const words = { user: "User group", learning_path: "Learning path" } as const;

/** A row of the one id space that is also of the wanted type; else a 404. */
export function groupOf(world: World, id: number, type: Group["type"]): Group {
  const group = find(world.groups, id, words[type]);
  if (group.type !== type) throw new Refusal(404, `${words[type]} not found`);
  return group;
}

export function groupFrom(input: Input, world: World): Group {
  return groupOf(world, input.id("user_group_id"), "user");
}

export function pathFrom(input: Input, world: World): Group {
  return groupOf(world, input.id("learning_path_id"), "learning_path");
}

/** The ids of a list, each known, before anything is done with any. */
export function knownIds(input: Input, name: string, known: (id: number) => unknown): number[] {
  const ids = input.ids(name);
  ids.forEach(known);
  return ids;
}

export const knownCourses = (input: Input, world: World, name = "course_ids") =>
  knownIds(input, name, (id) => find(world.courses, id, "Course"));
export const knownPeople = (input: Input, world: World, name = "user_ids") =>
  knownIds(input, name, (id) => find(world.people, id, "User"));
export const knownGroups = (input: Input, world: World, name = "user_group_ids") =>
  knownIds(input, name, (id) => groupOf(world, id, "user"));
export const knownPaths = (input: Input, world: World, name: string) =>
  knownIds(input, name, (id) => groupOf(world, id, "learning_path"));

/** Changes a group and brings everybody it reaches, before and after, in line. */
export function change(world: World, group: Group, how: () => void): void {
  const before = reachOf(world, group);
  how();
  group.updated_at = world.now();
  for (const id of new Set([...before, ...reachOf(world, group)])) syncPerson(world, id);
}

export function newGroup(world: World, type: Group["type"], name: string, description: string): Group {
  const now = world.now();
  const group: Group = {
    id: world.next(world.groups),
    type,
    name,
    description,
    category: null,
    force_order: false,
    parent_id: null,
    members: new Set(),
    courses: new Set(),
    paths: new Set(),
    created_at: now,
    updated_at: now,
  };
  world.groups.set(group.id, group);
  return group;
}

/** `name` and `description`, each only where given. */
export function rename(input: Input, group: Group, world: World): void {
  const name = input.has("name") ? input.text("name") : group.name;
  group.name = name;
  group.description = input.optional("description") ?? group.description;
  group.updated_at = world.now();
}
