import { z } from "zod";
import { kind } from "../answer.ts";
import { flag, Id, words } from "../values.ts";
import { who } from "./people.ts";

export const managerFlags = [
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
export const ManagerPermissions = kind(
  "manager permissions",
  "manager permissions",
  {
    id: Id,
    user: who.nullish().catch(undefined),
    user_group: z.object({ id: Id, name: words }).nullish().catch(undefined),
    ...Object.fromEntries(managerFlags.map((name) => [name, flag])),
  },
  ["id", "user", "user_group"],
  { repeats: { user_id: ["user.user_id", "user.id"], user_group_id: ["user_group.id"] } },
);
