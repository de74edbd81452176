import { syncPerson } from "../model/enrollment.ts";
import { change, groupFrom, knownCourses, knownPeople, newGroup, rename } from "../model/groups.ts";
import { instantIn } from "../model/instants.ts";
import { find, personFrom } from "../model/people.ts";
import { removeGroup } from "../model/removal.ts";
import type { Group } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import type { Input, Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { courseView } from "../views/course.ts";
import { groupView } from "../views/group.ts";
import { personView } from "../views/person.ts";

const allUserGroups = (world: World) => [...world.groups.values()].filter(({ type }) => type === "user");
const courseFrom = (input: Input, world: World) => find(world.courses, input.id("course_id"), "Course");

function whole(group: Group, world: World): Record<string, unknown> {
  const { people, courses, groups } = world;
  return {
    ...groupView(group, world),
    users: [...group.members].map((id) => personView(world, find(people, id, "User"))),
    courses: [...group.courses].map((id) => courseView(find(courses, id, "Course"), world, { items: true })),
    learning_paths: [...group.paths].map((id) => groupView(find(groups, id, "Learning path"), world)),
  };
}

function create(input: Input, world: World): Group {
  const name = input.text("name");
  const courses = knownCourses(input, world);
  const members = knownPeople(input, world);
  const group = newGroup(world, "user", name, input.optional("description") ?? "");
  change(world, group, () => {
    group.courses = new Set(courses);
    group.members = new Set(members);
  });
  return group;
}

export const userGroups = {
  get_user_groups: {
    page: [],
    answer: (_, world) => ({ json: allUserGroups(world).map((group) => groupView(group, world)) }),
  },
  get_user_group: {
    page: ["user_group_id"],
    answer: (input, world) => ({ json: whole(groupFrom(input, world), world) }),
  },
  create_user_group: {
    page: ["name", "course_ids", "user_ids"],
    answer: (input, world) => ({ json: groupView(create(input, world), world) }),
  },
  update_user_group: {
    page: ["user_group_id", "name", "description"],
    answer: (input, world) => {
      rename(input, groupFrom(input, world), world);
      return success;
    },
  },
  destroy_user_group: {
    page: ["user_group_id"],
    answer: (input, world) => {
      removeGroup(world, groupFrom(input, world));
      return success;
    },
  },
  enroll_user_in_user_group: {
    page: ["user_id", "user_email", "user_group_id"],
    answer: (input, world) => {
      const person = personFrom(input, world);
      const group = groupFrom(input, world);
      // Read to refuse a date that is none; when a membership ends is not kept.
      instantIn(input, "user_group_enrollment_expiration_date", "end");
      group.members.add(person.id);
      syncPerson(world, person.id);
      return success;
    },
  },
  remove_user_from_user_group: {
    page: ["user_id", "user_group_id"],
    answer: (input, world) => {
      const person = personFrom(input, world);
      groupFrom(input, world).members.delete(person.id);
      syncPerson(world, person.id);
      return success;
    },
  },
  get_user_group_enrollments_for_user: {
    page: ["user_id", "user_email"],
    answer: (input, world) => {
      const person = personFrom(input, world);
      const theirs = allUserGroups(world).filter((group) => group.members.has(person.id));
      return { json: theirs.map((group) => groupView(group, world)) };
    },
  },
  add_course_to_user_group: {
    page: ["user_group_id", "course_id"],
    answer: (input, world) => {
      const group = groupFrom(input, world);
      const course = courseFrom(input, world);
      change(world, group, () => group.courses.add(course.id));
      return success;
    },
  },
  remove_course_from_user_group: {
    page: ["course_id", "user_group_id"],
    answer: (input, world) => {
      const group = groupFrom(input, world);
      const course = courseFrom(input, world);
      change(world, group, () => group.courses.delete(course.id));
      return success;
    },
  },
} satisfies Record<string, Route>;
