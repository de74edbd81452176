import type { World } from "../model/world.ts";
import { Refusal, type Route } from "../server/route.ts";
import { iso } from "../views/dates.ts";

const withRole = (world: World, role: string) =>
  [...world.people.values()].filter((person) => person.role === role).length;
const groupsOfType = (world: World, type: string) =>
  [...world.groups.values()].filter((group) => group.type === type).length;

const counts: ReadonlyMap<string, (world: World) => number> = new Map([
  ["user_count", (world) => world.people.size],
  ["admin_count", (world) => withRole(world, "admin")],
  ["learner_count", (world) => withRole(world, "learner")],
  ["course_count", (world) => world.courses.size],
  ["user_group_count", (world) => groupsOfType(world, "user")],
]);

const opened = Date.UTC(2020, 0, 1, 14);

export const account = {
  test_connection: {
    page: [],
    answer: (_, world) => ({ json: { message: "success", acct_key: world.domain } }),
  },
  get_program: {
    page: [],
    answer: (_, world) => ({
      json: {
        created_at: iso(opened),
        updated_at: iso(opened),
        name: "Example Training Portal",
        acct_key: world.domain,
        users_count: world.people.size,
        courses_count: world.courses.size,
        user_groups_count: groupsOfType(world, "user"),
        admin_count: withRole(world, "admin"),
        learning_paths_count: groupsOfType(world, "learning_path"),
      },
    }),
  },
  get_data: {
    page: ["data_type"],
    answer: (input, world) => {
      const count = counts.get(input.text("data_type"));
      if (!count) throw new Refusal(422, "Invalid parameter: data_type");
      return { json: { data: count(world) } };
    },
  },
} satisfies Record<string, Route>;
