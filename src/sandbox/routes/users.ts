import { coursesOf, enrol, syncPerson } from "../model/enrollment.ts";
import { knownCourses, knownGroups, knownPaths, knownPeople } from "../model/groups.ts";
import { moveTraining } from "../model/move-training.ts";
import { find, peopleWithLogins, personFrom, personWithLogin } from "../model/people.ts";
import { listPeople } from "../model/people-list.ts";
import { applyProfile, namedDates, namedFields, newPerson } from "../model/profile.ts";
import { removePerson } from "../model/removal.ts";
import type { Group, Person } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { issueLoginKey } from "../server/keys.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { courseView } from "../views/course.ts";
import { personView } from "../views/person.ts";

function create(input: Input, world: World): Person {
  const person = newPerson(world, input.text("email"));
  applyProfile(input, person, world);
  world.people.set(person.id, person);
  return person;
}

/** Group names, joined by `;` because a name may hold a comma; all of them known, or none is entered. */
function groupsNamed(input: Input, world: World): Group[] {
  return input.list("user_groups", ";").map((name) => {
    const wanted = name.toLowerCase();
    const group = [...world.groups.values()].find(
      (one) => one.type === "user" && one.name.toLowerCase() === wanted,
    );
    if (!group) throw new Refusal(404, `User group not found: ${name}`);
    return group;
  });
}

function autocreated(input: Input, world: World, login: string): Person {
  if (!input.flag("autocreate")) throw new Refusal(404, "User not found");
  const person = newPerson(world, login);
  person.first_name = input.optional("user_first_name") ?? login.split("@")[0] ?? login;
  person.last_name = input.optional("user_last_name") ?? "";
  return person;
}

function loginKey(input: Input, world: World): Record<string, unknown> {
  const login = input.text("user_email");
  const groups = groupsNamed(input, world);
  const person = personWithLogin(world, login) ?? autocreated(input, world, login);
  const key = issueLoginKey(world, person, input.optional("key_type")?.trim() || "otl");
  world.people.set(person.id, person);
  for (const group of groups) group.members.add(person.id);
  syncPerson(world, person.id);
  return {
    user_id: person.id,
    status: "success",
    login_key: key,
    email: person.email,
    url: `https://${world.domain}/account/automated_login?login_key=${key}`,
  };
}

/** Everybody named gets everything named. */
function massEnroll(input: Input, world: World): void {
  const logins = peopleWithLogins(world, input.list("user_emails")).map(({ id }) => id);
  const people = new Set([...logins, ...knownPeople(input, world)]);
  const courses = knownCourses(input, world);
  const collections = [...knownGroups(input, world), ...knownPaths(input, world, "course_bundle_ids")];
  if (people.size === 0) throw new Refusal(422, "Missing parameter: user_emails");
  if (courses.length + collections.length === 0)
    throw new Refusal(422, "Missing parameter: course_ids, user_group_ids or course_bundle_ids");

  for (const person of people) {
    for (const id of collections) world.groups.get(id)?.members.add(person);
    for (const id of courses) enrol(world, person, id);
    syncPerson(world, person);
  }
}

export const users = {
  get_users: {
    page: [],
    answer: listPeople,
  },
  get_user: {
    page: ["user_id", "user_email"],
    answer: (input, world) => ({ json: personView(world, personFrom(input, world)) }),
  },
  create_user: {
    page: namedFields,
    answer: (input, world) => ({ json: personView(world, create(input, world)) }),
  },
  update_user: {
    page: ["user_email", ...namedFields, ...namedDates],
    answer: (input, world) => {
      const person = personFrom(input, world);
      applyProfile(input, person, world);
      return { json: { message: "success", user: personView(world, person) } };
    },
  },
  destroy_user: {
    page: ["user_email"],
    answer: (input, world) => {
      removePerson(world, personFrom(input, world));
      return success;
    },
  },
  get_login_key: {
    page: ["user_email", "autocreate", "key_type", "user_groups"],
    answer: (input, world) => ({ json: loginKey(input, world) }),
  },
  get_user_courses: {
    page: ["user_email"],
    answer: (input, world) => {
      const ids = [...coursesOf(world, personFrom(input, world).id)].sort((a, b) => a - b);
      return { json: ids.map((id) => courseView(find(world.courses, id, "Course"), world, { items: true })) };
    },
  },
  mass_enroll: {
    page: ["user_emails", "course_ids", "user_group_ids", "course_bundle_ids"],
    answer: (input, world) => {
      massEnroll(input, world);
      return success;
    },
  },
  move_training_data: {
    page: ["source_user_id", "target_user_id", "inclusion_list"],
    answer: (input, world) => ({ json: moveTraining(input, world) }),
  },
} satisfies Record<string, Route>;
