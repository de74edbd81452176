import { day } from "../model/calendar.ts";
import type { Dataset, Managership, PowerUser, UserRole } from "../model/office.ts";
import type { Tables } from "../model/tables.ts";
import { byId } from "./by-id.ts";

const flagNames = [
  "can_add_users",
  "can_receive_notifications",
  "can_edit_course_progress",
  "can_remove_users",
  "can_add_existing_users",
  "can_manage_all_group_users_courses",
  "can_add_courses_to_user_group",
  "can_remove_courses_from_user_group",
  "can_edit_user_password",
] as const;

/** As in the page's sample: three are held back. */
const held = new Set(["can_remove_users", "can_remove_courses_from_user_group", "can_edit_user_password"]);

const manages: readonly [user: number, group: number][] = [
  [102, 301],
  [125, 302],
  [150, 303],
  [175, 304],
  [200, 305],
  [225, 306],
  [250, 307],
  [275, 309],
];

const roles = (): UserRole[] => [
  {
    id: 601,
    name: "Regional Training Manager",
    description: "Can manage assigned users, groups, and courses.",
    permissions: { users: "assigned", courses: "assigned", reports: "enabled" },
  },
  {
    id: 602,
    name: "Report Reader",
    description: "Can read reports, and nothing else.",
    permissions: { users: "none", courses: "none", reports: "enabled" },
  },
  {
    id: 603,
    name: "Course Author",
    description: "Can write assigned courses.",
    permissions: { users: "none", courses: "assigned", reports: "none" },
  },
];

function datasets(now: number, has: (person: number) => boolean): Dataset[] {
  const dates = { created_at: now - 400 * day, updated_at: now - 60 * day };
  return [
    {
      id: 701,
      name: "Sales Region Dataset",
      users: { static_id_list: [101, 102].filter(has), all: false },
      courses: { static_id_list: [201, 202], all: false },
      user_groups: [301, 302],
      ...dates,
    },
    {
      id: 702,
      name: "Everyone",
      users: { static_id_list: [], all: true },
      courses: { static_id_list: [], all: true },
      user_groups: [],
      ...dates,
    },
  ];
}

const powers: readonly PowerUser[] = [
  { id: 801, user_id: 102, user_role_id: 601, dataset_ids: [701] },
  { id: 802, user_id: 150, user_role_id: 602, dataset_ids: [702] },
];

type Administration = Pick<Tables, "managerships" | "powerUsers" | "roles" | "datasets">;

export function seedAdministration(now: number, has: (person: number) => boolean): Administration {
  const managerships = manages.map(
    ([user_id, user_group_id], n): Managership => ({
      id: 1601 + n,
      user_id,
      user_group_id,
      flags: Object.fromEntries(flagNames.map((name) => [name, !held.has(name)])),
    }),
  );
  return {
    managerships: byId(managerships.filter(({ user_id }) => has(user_id))),
    powerUsers: byId(
      powers
        .filter(({ user_id }) => has(user_id))
        .map((row) => ({ ...row, dataset_ids: [...row.dataset_ids] })),
    ),
    roles: byId(roles()),
    datasets: byId(datasets(now, has)),
  };
}
