import { done, many } from "./schema/answer.ts";
import { id, ids, idsOfPeople, input, person } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Dataset, PowerUser, UserRole } from "./schema/records/power.ts";

const powers = {
  user_ids: "id",
  user_role_id: "power_user_permissions.user_role_id",
  dataset_ids: "power_user_permissions.dataset_ids",
};

export const powerUsers = {
  get_power_users: {
    title: "List power users",
    description: "Power users, their roles and datasets. Everybody with rights: access_review.",
    searchHint: "delegated administrators",
    effect: "read",
    input: input({}),
    output: many(PowerUser),
  },
  get_user_roles: {
    title: "List power-user roles",
    description: "Roles for create_or_update_power_users and what each permits. Made in the web admin.",
    effect: "read",
    input: input({}),
    output: many(UserRole),
  },
  get_datasets: {
    title: "List datasets",
    description:
      "Sets of people, courses and groups that create_or_update_power_users limits to. Made in the web admin.",
    effect: "read",
    input: input({}),
    output: many(Dataset),
  },
  create_or_update_power_users: {
    title: "Make people power users",
    description:
      "Give people a power-user role over datasets, replacing what they have; asks first. Repeats change nothing. Over one group only: assign_manager_to_user_group.",
    searchHint: "delegate admin rights",
    effect: "change",
    input: input({
      user_ids: idsOfPeople("People", [102]),
      user_role_id: id("From get_user_roles", 601),
      dataset_ids: ids("From get_datasets", [701]),
    }),
    wire: { user_ids: { list: "brackets" }, dataset_ids: { list: "brackets" } },
    about: ["people", "role", "datasets"],
    keeps: ["get_power_users"],
    proof: {
      read: "get_power_users",
      test: {
        rows: "user_ids",
        show: { user_role_id: powers.user_role_id, dataset_ids: powers.dataset_ids },
      },
    },
    undo: {
      with: "destroy_power_user",
      single: { user_ids: "user_id" },
      unless: {
        read: "get_power_users",
        argument: "user_ids",
        otherwise: { with: "create_or_update_power_users", kept: powers },
      },
    },
    consequence: {
      kind: "power",
      asks: "Give {people} {role} over {datasets}?",
      tells: ["powers"],
    },
    output: many(PowerUser),
  },
  destroy_power_user: {
    title: "Take power-user rights away",
    description:
      "Take away a power-user role with its datasets; account and main role stay. Asks first. They left: offboard_person.",
    searchHint: "revoke delegated admin rights",
    effect: "remove",
    person: { knows: "user_id" },
    input: input({ ...person({ id: 102, login: "jordan@example.com" }) }),
    about: ["person"],
    keeps: ["get_power_users"],
    proof: { read: "get_power_users", test: { lacks: "user_id" } },
    undo: {
      with: "create_or_update_power_users",
      kept: powers,
    },
    consequence: {
      kind: "removing",
      asks: "Take all power-user rights from {person}?",
      tells: ["powers"],
    },
    output: done,
  },
} satisfies Section;
