import type { z } from "zod";
import { done, one } from "./schema/answer.ts";
import { elsewhere, flag, id, input, person, within } from "./schema/fields.ts";
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
const flags = (says: string, mark: <T extends z.ZodType>(schema: T) => T = (schema) => schema) =>
  Object.fromEntries(
    managerFlags.map((name) => [
      name,
      mark(within({ name: "permissions", says }, flag(words[name], false))).optional(),
    ]),
  ) as Record<(typeof managerFlags)[number], ReturnType<ReturnType<typeof flag>["optional"]>>;
/** Shown as "0" and "1" on the page (L3752). */
const digits = Object.fromEntries(managerFlags.map((name) => [name, { flag: "digits" as const }]));

/** What they may do, as it is shown and as it is set. */
const allowed = Object.fromEntries(managerFlags.map((name) => [name, name]));

export const managers = {
  get_manager_permissions_from_user_group: {
    title: "Show a manager's permissions",
    description: "What a manager may do in one group they manage. All their groups: access_review.",
    effect: "read",
    person: { knows: "user_id" },
    input: input({ ...manager, ...group }),
    output: one(ManagerPermissions),
  },
  remove_manager_from_user_group: {
    title: "Take a group from a manager",
    description: "End a person's managing of a group; asks first. Membership and role stay.",
    searchHint: "remove a supervisor from a team",
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
    description:
      "Let a person manage a group; asks first. First give the role manager, with update_user. Already one: update_manager_permissions_in_user_group.",
    searchHint: "set or change someone's manager, supervisor, team lead",
    effect: "add",
    idempotent: true,
    person: { knows: "user_id" },
    input: input({
      ...manager,
      ...group,
      ...flags("What they may do there; a field left out is SkyPrep's default"),
    }),
    wire: digits,
    example: ["can_add_courses_to_user_group", "can_remove_courses_from_user_group"],
    about: ["person", "group"],
    keeps: ["get_manager_permissions_from_user_group"],
    proof: { read: "get_manager_permissions_from_user_group", test: { there: true } },
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
    description:
      "Change what a manager may do in a group they manage; asks first. New ones: assign_manager_to_user_group.",
    searchHint: "what a supervisor may do, let a manager add or remove people",
    effect: "change",
    person: { knows: "user_id" },
    input: input({
      ...manager,
      ...group,
      ...flags("As assign_manager_to_user_group names them; a field left out stays as it is", elsewhere),
    }),
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
