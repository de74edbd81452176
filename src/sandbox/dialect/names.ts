import type { routes } from "../server/routes.ts";

/** What a route answers with: one record, or a list of them; what is in neither table are words, numbers or files. */
type RouteName = keyof typeof routes;

/** Name of the record → the routes that bring one. */
const bringOne = {
  user: ["get_user", "create_user"],
  course: ["get_course", "create_course", "update_course"],
  user_group: ["get_user_group", "create_user_group"],
  learning_path: ["get_learning_path", "create_learning_path"],
  instructor_led_training: ["get_instructor_led_training"],
  instructor_led_training_timeslot: [
    "get_instructor_led_training_timeslot",
    "create_instructor_led_training_timeslot",
    "update_instructor_led_training_timeslot",
  ],
  instructor_led_training_timeslot_registration: [
    "create_instructor_led_training_timeslot_registrations",
    "update_instructor_led_training_timeslot_registration",
  ],
  course_progress: ["get_course_progress", "create_course_progress"],
  course_item_progress: ["get_course_item_progress"],
  user_course_status: ["get_user_course_status"],
  saved_advanced_report: ["get_saved_advanced_report"],
  user_gamification_balance: ["get_user_gamification_balance"],
  gamification_transaction: ["create_gamification_transaction"],
  skill: ["get_skill"],
  user_skill_balances_and_competencies: ["get_user_skill_balances_and_competencies"],
  competency: ["get_competency"],
  manager_permissions: [
    "get_manager_permissions_from_user_group",
    "assign_manager_to_user_group",
    "update_manager_permissions_in_user_group",
  ],
  program: ["get_program"],
} satisfies Record<string, readonly RouteName[]>;

/** Name of the list → the routes that bring one. */
const bringMany = {
  users: ["get_users"],
  courses: ["get_courses", "get_user_courses"],
  power_users: ["get_power_users", "create_or_update_power_users"],
  user_roles: ["get_user_roles"],
  datasets: ["get_datasets"],
  user_groups: ["get_user_groups", "get_user_group_enrollments_for_user"],
  learning_paths: ["get_learning_paths"],
  instructor_led_trainings: ["get_instructor_led_trainings"],
  instructor_led_training_timeslots: ["get_instructor_led_training_timeslots"],
  instructor_led_training_timeslot_registrations: [
    "get_instructor_led_training_timeslot_registrations",
    "destroy_instructor_led_training_timeslot_registrations",
  ],
  course_progresses: ["get_course_progresses"],
  saved_advanced_reports: ["get_saved_advanced_reports"],
  skills: ["get_skills"],
  competencies: ["get_competencies"],
  materials: ["get_materials"],
  payments: ["get_payments"],
} satisfies Record<string, readonly RouteName[]>;

const byRoute = (names: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(names).flatMap(([name, own]) => own.map((route) => [route, name] as const)));

export const recordOf = byRoute(bringOne);
export const listOf = byRoute(bringMany);

/** What a list of such records is called. */
export const listNameOf = (record: string): string =>
  record.endsWith("y") ? `${record.slice(0, -1)}ies` : `${record}s`;

/** A list that is read, as against one that a write is answered with. */
export const isReadList = (route: string): boolean => listOf.has(route) && route.startsWith("get_");

/** Hands out what was made for it: an answer without it would be of no use to anybody. */
const handsOut: ReadonlySet<string> = new Set(["get_login_key", "get_course_otp", "generate_async_report"]);
const asksAfterWork: ReadonlySet<string> = new Set(["get_async_report"]);

/** Changes what is there, and is answered with a record or with success. */
export const isWrite = (route: string): boolean =>
  !route.startsWith("get_") && route !== "test_connection" && !handsOut.has(route);

/** Changes anything at all, or asks after what was begun. */
export const touches = (route: string): boolean =>
  isWrite(route) || handsOut.has(route) || asksAfterWork.has(route);

/** Lists that stand in records, of records. */
export const innerLists: ReadonlySet<string> = new Set([
  ...listOf.values(),
  "course",
  "course_items",
  "rubric",
]);
