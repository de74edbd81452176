import type { Dataset, PowerUser } from "../model/office.ts";
import { find } from "../model/people.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { iso, seconds } from "../views/dates.ts";
import { personView } from "../views/person.ts";

const entryOf = (world: World, userId: number): PowerUser | undefined =>
  [...world.powerUsers.values()].find((entry) => entry.user_id === userId);

const datasetView = (dataset: Dataset, world: World): Record<string, unknown> => ({
  model_type: "dataset",
  name: dataset.name,
  id: dataset.id,
  program_id: 1,
  dataset_summary: {
    users: dataset.users.all ? world.people.size : dataset.users.static_id_list.length,
    courses: dataset.courses.all ? world.courses.size : dataset.courses.static_id_list.length,
    user_groups: dataset.user_groups.length,
  },
  dataset_scopes: {
    users_dataset: {
      static_id_list: dataset.users.static_id_list,
      dynamic_rules: null,
      all: dataset.users.all,
    },
    courses_dataset: {
      static_id_list: dataset.courses.static_id_list,
      dynamic_rules: null,
      all: dataset.courses.all,
    },
  },
  created_at: iso(dataset.created_at),
  created_at_int: seconds(dataset.created_at),
  updated_at: iso(dataset.updated_at),
  updated_at_int: seconds(dataset.updated_at),
});

const required = (input: Input, name: string): number[] => {
  const ids = input.ids(name);
  if (ids.length === 0) throw new Refusal(422, `Missing parameter: ${name}`);
  return [...new Set(ids)];
};

/** Everything is looked up before anything is written: one unknown id and nobody is changed. */
const appoint = (input: Input, world: World): PowerUser[] => {
  const people = required(input, "user_ids").map((id) => find(world.people, id, "User"));
  const role = find(world.roles, input.id("user_role_id"), "User role");
  const datasets = required(input, "dataset_ids").map((id) => find(world.datasets, id, "Dataset").id);

  return people.map((person) => {
    const entry: PowerUser = {
      id: entryOf(world, person.id)?.id ?? world.next(world.powerUsers),
      user_id: person.id,
      user_role_id: role.id,
      dataset_ids: [...datasets],
    };
    world.powerUsers.set(entry.id, entry);
    return entry;
  });
};

const personOf = (entry: PowerUser, world: World) =>
  personView(world, find(world.people, entry.user_id, "User"));

export const powerUsers = {
  get_power_users: {
    page: [],
    answer: (_, world) => ({
      json: [...world.powerUsers.values()].map((entry) => ({
        ...personOf(entry, world),
        power_user_permissions: {
          id: entry.id,
          dataset_ids: entry.dataset_ids,
          user_role_id: entry.user_role_id,
        },
      })),
    }),
  },
  get_user_roles: {
    page: [],
    answer: (_, world) => ({
      json: [...world.roles.values()].map((role) => ({
        id: role.id,
        name: role.name,
        description: role.description,
        permissions: role.permissions,
        // The page does not say what is counted; the sandbox counts who holds the role.
        powers_count: [...world.powerUsers.values()].filter((entry) => entry.user_role_id === role.id).length,
      })),
    }),
  },
  get_datasets: {
    page: [],
    answer: (_, world) => ({
      json: [...world.datasets.values()].map((dataset) => datasetView(dataset, world)),
    }),
  },
  create_or_update_power_users: {
    page: ["user_ids", "user_role_id", "dataset_ids"],
    answer: (input, world) => ({
      json: appoint(input, world).map((entry) => ({
        ...personOf(entry, world),
        user_permission: {
          role: "power_user",
          power_user_permissions: {
            id: entry.id,
            user_role_id: entry.user_role_id,
            dataset_ids: entry.dataset_ids,
          },
        },
      })),
    }),
  },
  destroy_power_user: {
    page: ["user_id"],
    answer: (input, world) => {
      const entry = entryOf(world, find(world.people, input.id("user_id"), "User").id);
      if (!entry) throw new Refusal(404, "Power user not found");
      world.powerUsers.delete(entry.id);
      return success;
    },
  },
} satisfies Record<string, Route>;
