import { done, one } from "./schema/answer.ts";
import { flag, id, input, person, within } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { ManagerPermissions, managerFlags } from "./schema/records/managers.ts";

const manager = person({ id: 102, login: "jordan@example.com" });
const group = { user_group_id: id("Group", 301) };
const words: Record<(typeof managerFlags)[number], string> = {
  can_add_users: "Create people",
  can_receive_notifications: "Be notified",
  can_edit_course_progress: "Edit progress",
  can_remove_users: "Remove people",
  can_add_existing_users: "Add existing people",
  can_manage_all_group_users_courses: "Manage members' courses",
  can_add_courses_to_user_group: "Add courses",
  can_remove_courses_from_user_group: "Remove courses",
  can_edit_user_password: "Set passwords",
};
const flags = Object.fromEntries(
  managerFlags.map((name) => [name, within("permissions", flag(words[name], false)).optional()]),
) as Record<(typeof managerFlags)[number], ReturnType<ReturnType<typeof flag>["optional"]>>;
/** Shown as "0" and "1" on the page (L3752). */
const digits = Object.fromEntries(managerFlags.map((name) => [name, { flag: "digits" as const }]));

/** What they may do, as it is shown and as it is set. */
const allowed = Object.fromEntries(managerFlags.map((name) => [name, name]));

export const managers = {
  get_manager_permissions_from_user_group: {
    title: "Show a manager's permissions",
    description: "What a manager may do in one group. The person must be a manager of it.",
    effect: "read",
    person: { knows: "user_id" },
    input: input({ ...manager, ...group }),
    output: one(ManagerPermissions),
  },
  remove_manager_from_user_group: {
    title: "Take a group from a manager",
    description: "They no longer manage this group; membership and role stay.",
    effect: "remove",
    person: { knows: "user_id" },
    input: input({ ...manager, ...group }),
    about: ["person", "group"],
    keeps: ["get_manager_permissions_from_user_group"],
    proof: { read: "get_manager_permissions_from_user_group", test: { gone: true } },
    undo: {
      with: "assign_manager_to_user_group",
      same: ["user_id", "user_email", "user_group_id"],
      kept: allowed,
    },
    consequence: {
      kind: "removing",
      asks: "Stop {person} from managing {group}?",
      tells: ["permissions"],
    },
    output: done,
  },
  assign_manager_to_user_group: {
    title: "Make a person manager of a group",
    description: "Let a person with role manager manage a group. Set their role with update_user first.",
    effect: "add",
    idempotent: true,
    person: { knows: "user_id" },
    input: input({ ...manager, ...group, ...flags }),
    wire: digits,
    example: ["can_add_courses_to_user_group", "can_remove_courses_from_user_group"],
    about: ["person", "group"],
    keeps: ["get_manager_permissions_from_user_group"],
    proof: { read: "get_manager_permissions_from_user_group" },
    undo: {
      with: "remove_manager_from_user_group",
      same: ["user_id", "user_email", "user_group_id"],
      unless: {
        read: "get_manager_permissions_from_user_group",
        argument: "user_group_id",
        otherwise: {
          with: "update_manager_permissions_in_user_group",
          same: ["user_id", "user_email", "user_group_id"],
          kept: allowed,
        },
      },
    },
    consequence: { kind: "power", asks: "Make {person} a manager of {group}?", tells: ["permissions"] },
    output: one(ManagerPermissions),
  },
  update_manager_permissions_in_user_group: {
    title: "Change a manager's permissions",
    description: "Set what a manager may do in a group they already manage; flags left out stay.",
    effect: "change",
    person: { knows: "user_id" },
    input: input({ ...manager, ...group, ...flags }),
    needs: [{ atLeastOne: managerFlags }],
    wire: digits,
    example: ["can_add_courses_to_user_group", "can_remove_courses_from_user_group"],
    about: ["person", "group"],
    keeps: ["get_manager_permissions_from_user_group"],
    proof: { read: "get_manager_permissions_from_user_group", test: { shows: {} } },
    undo: {
      with: "update_manager_permissions_in_user_group",
      same: ["user_id", "user_email", "user_group_id"],
      before: "given",
    },
    consequence: {
      kind: "power",
      asks: "Change what {person} may do as a manager of {group}?",
      tells: ["permissions"],
    },
    output: one(ManagerPermissions),
  },
} satisfies Section;
