import type { Tables } from "../../src/sandbox/model/tables.ts";
import { noon } from "../support/academy.ts";
import { outsideState } from "./policed.ts";

/** What reached SkyPrep. */
export interface Sent {
  readonly route: string;
  readonly form: URLSearchParams;
}

// Nothing here is the product's own judgement: what a write is, what it reaches and what it deserves is written down
// once more, from docs/safety.md and from the sandbox's tables.

const handsOut = new Set(["get_login_key", "get_course_otp"]);
export const isWrite = ({ route }: Sent): boolean =>
  handsOut.has(route) || !/^(get_|test_|generate_)/.test(route);

type Kind = "irreversible" | "credential" | "power" | "removing" | "many";
type Stands = (form: URLSearchParams, tables: Tables) => boolean;
type Judge = Kind | readonly (readonly [Kind, Stands])[];

const given =
  (name: string): Stands =>
  (form) =>
    form.has(name);
const personOf = (form: URLSearchParams, tables: Tables) =>
  [...tables.people.values()].find(
    ({ id, email }) => id === Number(form.get("user_id")) || email === form.get("user_email"),
  );
const isPast = (day: string | null) => day !== null && Date.parse(day) < noon + 86_400_000;
/** A parameter that nobody documents, of an end. */
const ends: Stands = (form) => [...form.keys()].some((name) => /clos|until|archiv|expir|admin/.test(name));
const isDirect = (form: URLSearchParams, tables: Tables) =>
  tables.enrollments.get(personOf(form, tables)?.id ?? 0)?.has(Number(form.get("course_id"))) === true;
const isMember = (form: URLSearchParams, tables: Tables) =>
  tables.groups.get(Number(form.get("user_group_id")))?.members.has(personOf(form, tables)?.id ?? 0) === true;
const loses: Stands = (form) => Number(form.get("amount")) < 0;
const another =
  (name: "role" | "email"): Stands =>
  (form, tables) =>
    form.has(name) && personOf(form, tables)?.[name] !== form.get(name);
const hasBegun = (status: string | undefined) => status !== undefined && !/^not-/.test(status);

const judges: Readonly<Record<string, Judge>> = {
  create_user: [["power", (form) => form.has("role") && form.get("role") !== "learner"]],
  update_user: [
    ["power", another("role")],
    ["credential", given("password")],
    ["credential", another("email")],
    ["removing", given("access_end_date")],
    ["removing", given("ssn")],
    ["removing", ends],
  ],
  destroy_user: "irreversible",
  get_login_key: "credential",
  mass_enroll: [],
  move_training_data: "irreversible",
  create_or_update_power_users: "power",
  destroy_power_user: "removing",
  update_course: [
    ["removing", (form) => /^(false|0)$/.test(form.get("active") ?? "")],
    ["removing", ends],
  ],
  destroy_course: "irreversible",
  enroll_user_in_course: [
    [
      "removing",
      (form, tables) =>
        form.has("course_enrollment_expiration_date") &&
        (isPast(form.get("course_enrollment_expiration_date")) || isDirect(form, tables)),
    ],
  ],
  remove_user_from_course: "removing",
  enroll_user_in_courses: [],
  get_course_otp: "credential",
  remove_course_or_learning_path_from_catalog: "removing",
  update_catalog_enrollments: "removing",
  create_user_group: [],
  update_user_group: [["removing", ends]],
  destroy_user_group: "irreversible",
  enroll_user_in_user_group: [
    [
      "removing",
      (form, tables) =>
        form.has("user_group_enrollment_expiration_date") &&
        (isPast(form.get("user_group_enrollment_expiration_date")) || isMember(form, tables)),
    ],
  ],
  remove_user_from_user_group: "removing",
  add_course_to_user_group: [],
  remove_course_from_user_group: "removing",
  create_learning_path: [],
  update_learning_path: [["removing", ends]],
  destroy_learning_path: "irreversible",
  add_course_to_learning_path: [],
  remove_course_from_learning_path: "removing",
  add_group_to_learning_path: [],
  remove_group_from_learning_path: "removing",
  update_instructor_led_training_timeslot: [
    [
      "removing",
      (form, tables) =>
        form.has("capacity") &&
        [...tables.registrations.values()].filter(
          ({ timeslot_id }) => timeslot_id === Number(form.get("instructor_led_training_timeslot_id")),
        ).length > Number(form.get("capacity")),
    ],
  ],
  delete_instructor_led_training_timeslot: "irreversible",
  destroy_instructor_led_training_timeslot_registrations: "irreversible",
  update_instructor_led_training_timeslot_registration: [
    ["removing", (form) => /cancel|absent/.test(form.get("status") ?? "")],
  ],
  create_course_progress: [
    [
      "removing",
      (form, tables) =>
        [...tables.progress.values()].some(
          ({ user_id, course_id, status }) =>
            user_id === personOf(form, tables)?.id &&
            course_id === Number(form.get("course_id")) &&
            hasBegun(status),
        ),
    ],
  ],
  update_course_progress: [
    [
      "removing",
      (form, tables) => {
        const now = tables.progress.get(Number(form.get("course_progress_id")))?.status;
        return hasBegun(now) && now !== form.get("set_status") && form.get("set_status") !== "passed";
      },
    ],
  ],
  destroy_course_progress: "irreversible",
  set_course_item_progress: [
    [
      "removing",
      (form, tables) =>
        [...tables.progress.values()].some(
          ({ user_id, course_id, items }) =>
            user_id === personOf(form, tables)?.id &&
            course_id === Number(form.get("course_id")) &&
            hasBegun(items.get(Number(form.get("course_item_id")))?.status) &&
            form.get("set_status") !== "passed",
        ),
    ],
  ],
  create_gamification_transaction: [["removing", loses]],
  create_skill_transaction: [["removing", loses]],
  remove_manager_from_user_group: "removing",
  assign_manager_to_user_group: "power",
  update_manager_permissions_in_user_group: "power",
};
export const judged = new Set(Object.keys(judges));

/** Which kind of question a write deserves by itself, as the tables stood before it. */
export function deserves({ route, form }: Sent, before: Tables): Kind | undefined {
  const judge = judges[route];
  if (judge === undefined) return undefined;
  if (typeof judge === "string") return judge;
  return judge.find(([, stands]) => stands(form, before))?.[0];
}

const listOf = (form: URLSearchParams, ...names: string[]): string[] =>
  names.flatMap((name) =>
    [...form.getAll(name), ...form.getAll(`${name}[]`)].flatMap((one) => one.split(/[,;]/)),
  );
export const peopleIn = (form: URLSearchParams): string[] =>
  listOf(form, "user_id", "user_ids", "user_email", "user_emails", "source_user_id", "target_user_id");
const coursesIn = (form: URLSearchParams): number[] => listOf(form, "course_id", "course_ids").map(Number);

/** Person × course pairs of all that was sent, those behind groups and paths counted. */
export function pairsOf(sent: readonly Sent[], before: Tables): number {
  return sent.reduce((sum, { route, form }) => {
    if (/^(mass_enroll|enroll_user)/.test(route))
      return sum + Math.max(1, new Set(peopleIn(form)).size) * Math.max(1, coursesIn(form).length);
    if (!/^(add_|create_user_group|create_learning_path)/.test(route) || /catalog/.test(route)) return sum;
    const group = before.groups.get(Number(form.get("user_group_id") ?? form.get("learning_path_id")));
    return sum + (group?.members.size ?? peopleIn(form).length);
  }, 0);
}

/** Everything in the tables but what is named, as one text. */
function rest(tables: Tables, without: readonly (keyof Tables)[]): string {
  // Polling a report that was asked for is no change of the academy.
  const kept = (Object.entries(tables) as [keyof Tables, unknown][]).filter(
    ([name, table]) => table instanceof Map && name !== "queue" && !without.includes(name),
  );
  return JSON.stringify(kept, (_, value) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
}

export interface Bounds {
  /** What stands in the tables that this policy lets nobody change, as one text. */
  readonly fixed: (tables: Tables) => string;
  /** Whether a write is one that the policy is for. */
  readonly lets: (sent: Sent) => boolean;
}

const nightly = new Set([201, 202, 205]);
const enrolls = /^(mass_enroll|enroll_user_in_courses?)$/;

/** Each example policy, once more, as what may happen: written from its sentences, not from its code. */
export const boundsOf: Readonly<Record<string, (academy: Tables) => Bounds>> = {
  auditor: () => ({ fixed: (tables) => rest(tables, []), lets: () => false }),
  // All of it is asked, and nobody is there.
  "compliance-chaser": () => ({ fixed: (tables) => rest(tables, []), lets: () => false }),
  "enrollment-agent": () => ({
    fixed: (tables) =>
      rest(tables, ["enrollments", "progress"]) +
      JSON.stringify([
        [...tables.enrollments]
          .map(([id, all]) => [id, [...all].filter((course) => !nightly.has(course))])
          .filter(([, all]) => (all as number[]).length > 0),
        [...tables.progress.values()].filter(({ course_id }) => !nightly.has(course_id)),
      ]),
    lets: ({ route, form }) =>
      enrolls.test(route) &&
      coursesIn(form).every((course) => nightly.has(course)) &&
      !isPast(form.get("course_enrollment_expiration_date")),
  }),
  "team-lead": (academy) => {
    const team = new Set(academy.groups.get(301)?.members);
    const names = new Set([...team].flatMap((id) => [String(id), academy.people.get(id)?.email ?? ""]));
    return {
      fixed: (tables) =>
        rest(tables, ["enrollments", "progress", "registrations"]) +
        outsideState(tables, (id) => team.has(id)),
      lets: ({ route, form }) =>
        (enrolls.test(route) ||
          /^(create|update)_instructor_led_training_timeslot_registration/.test(route)) &&
        peopleIn(form).every((one) => names.has(one)),
    };
  },
};
