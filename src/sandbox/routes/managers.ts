import type { Managership } from "../model/office.ts";
import { find, personFrom } from "../model/people.ts";
import type { Group, Person } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { groupView } from "../views/group.ts";
import { personView } from "../views/person.ts";

/** What a new manager may do unless told otherwise: what the page's sample shows. */
const DEFAULTS = {
  can_add_users: true,
  can_receive_notifications: true,
  can_edit_course_progress: true,
  can_remove_users: false,
  can_add_existing_users: true,
  can_manage_all_group_users_courses: true,
  can_add_courses_to_user_group: true,
  can_remove_courses_from_user_group: false,
  can_edit_user_password: false,
};

const flagsIn = (input: Input): Record<string, boolean> =>
  Object.fromEntries(
    Object.keys(DEFAULTS).flatMap((name) => {
      const value = input.flag(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

interface Pair {
  person: Person;
  group: Group;
}

const pairFrom = (input: Input, world: World): Pair => {
  const person = personFrom(input, world);
  const group = find(world.groups, input.id("user_group_id"), "User group");
  if (group.type !== "user") throw new Refusal(404, "User group not found");
  return { person, group };
};

const managershipOf = ({ person, group }: Pair, world: World): Managership | undefined =>
  [...world.managerships.values()].find((row) => row.user_id === person.id && row.user_group_id === group.id);

const existing = (pair: Pair, world: World): Managership => {
  const row = managershipOf(pair, world);
  if (!row) throw new Refusal(404, "Manager not found in this user group");
  return row;
};

const assign = (pair: Pair, input: Input, world: World): Managership => {
  if (pair.person.role !== "manager") throw new Refusal(422, "User must have the manager role");
  const before = managershipOf(pair, world);
  const row: Managership = {
    id: before?.id ?? world.next(world.managerships),
    user_id: pair.person.id,
    user_group_id: pair.group.id,
    flags: { ...DEFAULTS, ...before?.flags, ...flagsIn(input) },
  };
  world.managerships.set(row.id, row);
  return row;
};

/** In the page's order, which has the group amid the permissions. */
const view = (row: Managership, { person, group }: Pair, world: World): Record<string, unknown> => {
  const flags = Object.entries({ ...DEFAULTS, ...row.flags });
  return {
    id: row.id,
    user: personView(world, person),
    ...Object.fromEntries(flags.slice(0, 5)),
    user_group: groupView(group, world),
    ...Object.fromEntries(flags.slice(5)),
  };
};

const identity = ["user_id", "user_group_id"];
const settable = [...identity, "can_add_courses_to_user_group", "can_remove_courses_from_user_group"];

export const managers = {
  get_manager_permissions_from_user_group: {
    page: identity,
    answer: (input, world) => {
      const pair = pairFrom(input, world);
      return { json: view(existing(pair, world), pair, world) };
    },
  },
  remove_manager_from_user_group: {
    page: identity,
    answer: (input, world) => {
      world.managerships.delete(existing(pairFrom(input, world), world).id);
      return success;
    },
  },
  assign_manager_to_user_group: {
    page: settable,
    answer: (input, world) => {
      const pair = pairFrom(input, world);
      return { json: view(assign(pair, input, world), pair, world) };
    },
  },
  update_manager_permissions_in_user_group: {
    page: settable,
    answer: (input, world) => {
      const pair = pairFrom(input, world);
      const row = existing(pair, world);
      row.flags = { ...row.flags, ...flagsIn(input) };
      return { json: view(row, pair, world) };
    },
  },
} satisfies Record<string, Route>;
