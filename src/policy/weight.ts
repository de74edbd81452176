import type { Operation, WriteOperation } from "../../tools/schema/operation.ts";
import { encode } from "../skyprep/request.ts";
import { type GateLooks, listIn, pathIds } from "./gate-looks.ts";
import { type Dimension, namedIn } from "./ties.ts";

/** A write as it would be sent. */
export interface Barrable {
  readonly tool: string;
  readonly route: string;
  readonly operation: WriteOperation;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How much of what an hour and a day are limited in; what cannot be counted is no number. */
export type LimitedWeight = Readonly<Record<"enrollments" | "access_ends" | "mails", number>>;

/** Person × target pairs; of what reaches through a group or a path, each member. */
export async function weigh(
  { route, operation, args }: Barrable,
  { group, path, groupIds, groupsOn }: GateLooks,
  signal: AbortSignal,
): Promise<LimitedWeight> {
  const none = { enrollments: 0, access_ends: 0, mails: 0 };
  const { ties } = namedIn(operation as Operation, encode(args, operation.wire));
  const of = (dimension: Dimension) => ties.filter((tie) => tie.of === dimension).length;
  const people = Math.max(of("person"), 1);
  const members = async (): Promise<number> => {
    let n = 0;
    for (const id of await groupIds(ties, signal)) n += listIn(await group(id, signal), "users").length;
    for (const id of pathIds(ties)) {
      const on = await groupsOn(id, signal);
      if (on === undefined) return Number.POSITIVE_INFINITY;
      for (const row of [await path(id, signal), ...on]) n += listIn(row, "users").length;
    }
    return n;
  };
  const enrolls = (n: number): LimitedWeight => ({ ...none, enrollments: n, mails: n });
  const ends = (n: number): LimitedWeight => ({ ...none, access_ends: n });
  switch (route) {
    case "enroll_user_in_course":
    case "enroll_user_in_user_group":
    case "create_course_progress":
    case "create_instructor_led_training_timeslot_registrations":
      return enrolls(1);
    case "enroll_user_in_courses":
    case "mass_enroll":
      return enrolls(people * Math.max(1, of("course") + of("group") + of("path")));
    // Whoever has one of them enrolls with it; left out, SkyPrep decides how many.
    case "get_course_otp":
      return { ...none, enrollments: typeof args.count === "number" ? args.count : Number.POSITIVE_INFINITY };
    case "update_course_progress":
      return ends(args.set_status === "not-applicable" ? 1 : 0);
    case "get_login_key":
      return enrolls(of("group"));
    case "create_user_group":
      return enrolls(of("person"));
    case "create_learning_path":
      return enrolls(of("person") + (await members()));
    case "add_course_to_user_group":
    case "add_course_to_learning_path":
      return enrolls(await members());
    case "add_group_to_learning_path": {
      let n = 0;
      for (const id of await groupIds(ties, signal)) n += listIn(await group(id, signal), "users").length;
      return enrolls(n);
    }
    case "create_user":
      return {
        ...none,
        mails: args.send_login_information === true || args.email_notifications === true ? 1 : 0,
      };
    case "destroy_user":
    case "remove_user_from_course":
    case "remove_user_from_user_group":
    case "destroy_course_progress":
      return ends(1);
    case "update_user":
      return ends(args.access_end_date !== undefined || args.access_start_date !== undefined ? 1 : 0);
    case "destroy_user_group":
    case "destroy_learning_path":
    case "remove_course_from_user_group":
    case "remove_course_from_learning_path":
    case "remove_group_from_learning_path":
      return ends(await members());
    case "destroy_instructor_led_training_timeslot_registrations":
      return ends([args.instructor_led_training_timeslot_registration_ids].flat().length);
    // How many take it, or are registered, no read tells at once.
    case "destroy_course":
    case "delete_instructor_led_training_timeslot":
      return ends(Number.POSITIVE_INFINITY);
    case "update_course":
      return ends(args.active === false ? Number.POSITIVE_INFINITY : 0);
    case "move_training_data":
      return ends(1);
    default:
      return none;
  }
}
