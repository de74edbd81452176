import type { sections } from "../../tools/index.ts";
import type { Operation, WriteOperation } from "../../tools/schema/operation.ts";
import { encode } from "../skyprep/request.ts";
import { givesUp, isMeasured, isTelling } from "../text/telling.ts";
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

/** What a limit is counted by: the call, and what stands behind the groups and paths in it. */
interface Weighed {
  readonly args: Barrable["args"];
  readonly of: (dimension: Dimension) => number;
  /** Whom it is about; nobody named is one all the same. */
  readonly people: number;
  /** People in its groups, and in those that have its paths. */
  readonly members: () => Promise<number>;
  readonly inGroups: () => Promise<number>;
}
type Weigh = (weighed: Weighed) => LimitedWeight | Promise<LimitedWeight>;

type Sections = typeof sections;
type RouteOf<S> = { [R in keyof S]: S[R] extends { readonly effect: "read" } ? never : R }[keyof S];
/** Every write: one that is not weighed here does not compile. */
type WriteRoute = { [S in keyof Sections]: RouteOf<Sections[S]> }[keyof Sections];

const nothing: LimitedWeight = { enrollments: 0, access_ends: 0, mails: 0 };
const none: Weigh = () => nothing;
const enrolls = (n: number): LimitedWeight => ({ ...nothing, enrollments: n, mails: n });
const ends = (n: number): LimitedWeight => ({ ...nothing, access_ends: n });
/** With a day on which it ends, which is set for somebody who is in already, too. */
const enrollsUntil = (day: unknown): LimitedWeight => ({
  ...enrolls(1),
  access_ends: day === undefined ? 0 : 1,
});
/** No number that is told at once: too many for any limit. */
const untold = Number.POSITIVE_INFINITY;

const weights: Readonly<Record<WriteRoute, Weigh>> = {
  create_user: ({ args }) => ({
    ...nothing,
    mails: args.send_login_information === true || args.email_notifications === true ? 1 : 0,
  }),
  update_user: ({ args }) =>
    ends(args.access_end_date !== undefined || args.access_start_date !== undefined ? 1 : 0),
  destroy_user: () => ends(1),
  get_login_key: ({ of }) => enrolls(of("group")),
  mass_enroll: intoEach,
  move_training_data: () => ends(1),
  create_or_update_power_users: none,
  destroy_power_user: none,
  create_course: none,
  update_course: ({ args }) => ends(args.active === false ? untold : 0),
  // How many take it no read tells at once.
  destroy_course: () => ends(untold),
  enroll_user_in_course: ({ args }) => enrollsUntil(args.course_enrollment_expiration_date),
  remove_user_from_course: () => ends(1),
  enroll_user_in_courses: intoEach,
  // Whoever has one of them enrolls with it; left out, SkyPrep decides how many.
  get_course_otp: ({ args }) => ({
    ...nothing,
    enrollments: typeof args.count === "number" ? args.count : untold,
  }),
  add_course_or_learning_path_to_catalog: none,
  remove_course_or_learning_path_from_catalog: none,
  update_catalog_enrollments: none,
  create_user_group: ({ of }) => enrolls(of("person")),
  update_user_group: none,
  destroy_user_group: async ({ members }) => ends(await members()),
  enroll_user_in_user_group: ({ args }) => enrollsUntil(args.user_group_enrollment_expiration_date),
  remove_user_from_user_group: () => ends(1),
  add_course_to_user_group: async ({ members }) => enrolls(await members()),
  remove_course_from_user_group: async ({ members }) => ends(await members()),
  create_learning_path: async ({ of, members }) => enrolls(of("person") + (await members())),
  update_learning_path: none,
  destroy_learning_path: async ({ members }) => ends(await members()),
  add_course_to_learning_path: async ({ members }) => enrolls(await members()),
  remove_course_from_learning_path: async ({ members }) => ends(await members()),
  add_group_to_learning_path: async ({ inGroups }) => enrolls(await inGroups()),
  remove_group_from_learning_path: async ({ members }) => ends(await members()),
  create_instructor_led_training_timeslot: none,
  update_instructor_led_training_timeslot: none,
  // How many are registered no read tells at once.
  delete_instructor_led_training_timeslot: () => ends(untold),
  create_instructor_led_training_timeslot_registrations: () => enrolls(1),
  destroy_instructor_led_training_timeslot_registrations: ({ args }) =>
    ends([args.instructor_led_training_timeslot_registration_ids].flat().length),
  update_instructor_led_training_timeslot_registration: ({ args }) =>
    ends(givesUp.test(String(args.status).toLowerCase()) ? 1 : 0),
  create_course_progress: () => enrolls(1),
  update_course_progress: ({ args }) => ends(args.set_status === "not-applicable" ? 1 : 0),
  destroy_course_progress: () => ends(1),
  set_course_item_progress: none,
  create_gamification_transaction: none,
  create_skill_transaction: none,
  remove_manager_from_user_group: none,
  assign_manager_to_user_group: none,
  update_manager_permissions_in_user_group: none,
};
const byRoute: ReadonlyMap<string, Weigh> = new Map(Object.entries(weights));

function intoEach({ people, of }: Weighed): LimitedWeight {
  return enrolls(people * Math.max(1, of("course") + of("group") + of("path")));
}

/** Person × target pairs; of what reaches through a group or a path, each member. */
export async function weigh(
  { route, operation, args }: Barrable,
  { group, path, groupIds, groupsOn }: GateLooks,
  signal: AbortSignal,
): Promise<LimitedWeight> {
  const { ties } = namedIn(operation as Operation, encode(args, operation.wire));
  const of = (dimension: Dimension) => ties.filter((tie) => tie.of === dimension).length;
  const people = Math.max(of("person"), 1);
  const inGroups = async (): Promise<number> => {
    let n = 0;
    for (const id of await groupIds(ties, signal)) n += listIn(await group(id, signal), "users").length;
    return n;
  };
  const members = async (): Promise<number> => {
    let n = await inGroups();
    for (const id of pathIds(ties)) {
      const on = await groupsOn(id, signal);
      if (on === undefined) return untold;
      for (const row of [await path(id, signal), ...on]) n += listIn(row, "users").length;
    }
    return n;
  };
  // What nobody weighed passes no limit.
  const weighed = byRoute.get(route) ?? (() => ({ enrollments: untold, access_ends: untold, mails: untold }));
  const weight = await weighed({ args, of, people, members, inGroups });
  if (operation.effect !== "change" || !mayEnd(args.extra)) return weight;
  return { ...weight, access_ends: Math.max(weight.access_ends, of("person") > 0 ? people : untold) };
}

/** Whether a parameter that nobody documents may end somebody's access; a score or a balance is no access. */
const mayEnd = (extra: unknown): boolean =>
  typeof extra === "object" &&
  extra !== null &&
  // Whenever it begins: a limit does not ask how things stand.
  Object.entries(extra).some(
    ([name, value]) => isTelling(name, String(value), Number.NEGATIVE_INFINITY) && !isMeasured(name),
  );
