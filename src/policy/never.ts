import type { Policy } from "./policy.ts";

/** Whatever they are called with, they reach beyond a policy that narrows this (test/policy/never.test.ts calls each). */
const never: Readonly<Record<"any" | "people" | "courses" | "groups" | "paths", RegExp>> = {
  any: /^(get_data|create_or_update_power_users|destroy_power_user)$/,
  people:
    /^(create_user|update_course|destroy_course|get_course_otp|destroy_user_group|update_catalog_enrollments|remove_course_or_learning_path_from_catalog)$/,
  courses: /^(destroy_user|move_training_data|create_course|get_materials|get_payments|\w*_ilts?(_\w+)?)$/,
  groups:
    /^(destroy_user|move_training_data|destroy_course|destroy_learning_path|create_user_group|update_catalog_enrollments|remove_course_or_learning_path_from_catalog)$/,
  paths: /^(destroy_user|move_training_data|destroy_course|create_learning_path)$/,
};

export function isNever({ rules: { people, courses, groups, paths } }: Policy, tool: string): boolean {
  const narrowed = { people, courses, groups, paths };
  const names = (Object.keys(narrowed) as (keyof typeof narrowed)[]).filter(
    (name) => narrowed[name] !== undefined,
  );
  return names.length > 0 && [...names, "any" as const].some((name) => never[name].test(tool));
}
