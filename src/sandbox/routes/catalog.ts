import { knownCourses, knownGroups, knownPaths } from "../model/groups.ts";
import type { CatalogEntry } from "../model/office.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";

type Named = Pick<CatalogEntry, "kind" | "id">;

const keyOf = ({ kind, id }: Named) => `${kind}:${id}`;

/** The courses and paths a form names, all of them known; naming neither is a 422. */
function named(input: Input, world: World, names: { courses: string; paths: string }): Named[] {
  const entries: Named[] = [
    ...knownCourses(input, world, names.courses).map((id) => ({ kind: "course" as const, id })),
    ...knownPaths(input, world, names.paths).map((id) => ({ kind: "learning_path" as const, id })),
  ];
  if (entries.length === 0) throw new Refusal(422, `Missing parameter: ${names.courses} or ${names.paths}`);
  return entries;
}

function add(input: Input, world: World): void {
  const entries = named(input, world, { courses: "course_ids", paths: "learning_path_ids" });
  const groups = knownGroups(input, world);
  for (const entry of entries) {
    const there = world.catalog.get(keyOf(entry));
    world.catalog.set(keyOf(entry), {
      ...entry,
      user_group_ids: new Set([...(there?.user_group_ids ?? []), ...groups]),
    });
  }
}

/**
 * Whether the real route replaces or adds is unknown (skyprep-api §6); here the groups given replace those there
 * were.
 */
function update(input: Input, world: World): void {
  const entries = named(input, world, { courses: "course_id", paths: "learning_path_id" });
  const groups = knownGroups(input, world);
  const there = entries.map((entry) => world.catalog.get(keyOf(entry)));
  if (there.includes(undefined)) throw new Refusal(404, "Catalog entry not found");
  for (const entry of there) if (entry) entry.user_group_ids = new Set(groups);
}

export const catalog = {
  add_course_or_learning_path_to_catalog: {
    page: ["course_ids", "learning_path_ids", "user_group_ids"],
    answer: (input, world) => {
      add(input, world);
      return success;
    },
  },
  remove_course_or_learning_path_from_catalog: {
    page: ["course_id", "learning_path_id"],
    answer: (input, world) => {
      for (const entry of named(input, world, { courses: "course_id", paths: "learning_path_id" }))
        world.catalog.delete(keyOf(entry));
      return success;
    },
  },
  update_catalog_enrollments: {
    page: ["course_id", "learning_path_id", "user_group_ids"],
    answer: (input, world) => {
      update(input, world);
      return success;
    },
  },
} satisfies Record<string, Route>;
