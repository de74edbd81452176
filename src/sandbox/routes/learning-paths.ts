import {
  change,
  groupFrom,
  knownCourses,
  knownGroups,
  knownPeople,
  newGroup,
  pathFrom,
  rename,
} from "../model/groups.ts";
import { find } from "../model/people.ts";
import { reachOf, removeGroup } from "../model/removal.ts";
import type { Group } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import type { Input, Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { courseView } from "../views/course.ts";
import { groupView } from "../views/group.ts";
import { personView } from "../views/person.ts";

const courseFrom = (input: Input, world: World) => find(world.courses, input.id("course_id"), "Course");

function whole(path: Group, world: World): Record<string, unknown> {
  const people = [...reachOf(world, path)].sort((a, b) => a - b);
  return {
    ...groupView(path, world),
    users: people.map((id) => personView(world, find(world.people, id, "User"))),
    courses: [...path.courses].map((id) =>
      courseView(find(world.courses, id, "Course"), world, { items: true }),
    ),
  };
}

/** With its courses, people and groups in one call: whoever it reaches is enrolled at once. */
function create(input: Input, world: World): Group {
  const name = input.text("name");
  const courses = knownCourses(input, world);
  const members = knownPeople(input, world);
  const groups = knownGroups(input, world);
  const path = newGroup(world, "learning_path", name, input.optional("description") ?? "");
  change(world, path, () => {
    path.courses = new Set(courses);
    path.members = new Set(members);
    for (const id of groups) world.groups.get(id)?.paths.add(path.id);
  });
  return path;
}

export const learningPaths = {
  get_learning_paths: {
    page: [],
    answer: (_, world) => {
      const paths = [...world.groups.values()].filter(({ type }) => type === "learning_path");
      return { json: paths.map((path) => groupView(path, world)) };
    },
  },
  get_learning_path: {
    page: ["learning_path_id"],
    answer: (input, world) => ({ json: whole(pathFrom(input, world), world) }),
  },
  create_learning_path: {
    page: ["name", "description", "course_ids", "user_ids", "user_group_ids"],
    answer: (input, world) => ({ json: groupView(create(input, world), world) }),
  },
  update_learning_path: {
    page: ["learning_path_id", "name", "description"],
    answer: (input, world) => {
      rename(input, pathFrom(input, world), world);
      return success;
    },
  },
  destroy_learning_path: {
    page: ["learning_path_id"],
    answer: (input, world) => {
      removeGroup(world, pathFrom(input, world));
      return success;
    },
  },
  add_course_to_learning_path: {
    page: ["learning_path_id", "course_id"],
    answer: (input, world) => {
      const path = pathFrom(input, world);
      const course = courseFrom(input, world);
      change(world, path, () => path.courses.add(course.id));
      return success;
    },
  },
  remove_course_from_learning_path: {
    page: ["course_id", "learning_path_id"],
    answer: (input, world) => {
      const path = pathFrom(input, world);
      const course = courseFrom(input, world);
      change(world, path, () => path.courses.delete(course.id));
      return success;
    },
  },
  add_group_to_learning_path: {
    page: ["learning_path_id", "user_group_id"],
    answer: (input, world) => {
      const path = pathFrom(input, world);
      const group = groupFrom(input, world);
      change(world, path, () => group.paths.add(path.id));
      return success;
    },
  },
  remove_group_from_learning_path: {
    page: ["user_group_id", "learning_path_id"],
    answer: (input, world) => {
      const path = pathFrom(input, world);
      const group = groupFrom(input, world);
      change(world, path, () => group.paths.delete(path.id));
      return success;
    },
  },
} satisfies Record<string, Route>;
