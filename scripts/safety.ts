import { consequencesIn } from "../src/guard/policy/consequence.ts";
import { sections } from "../tools/index.ts";
import type { Condition, Consequence, Standing, Value } from "../tools/schema/consequence.ts";
import type { Operation, WriteOperation } from "../tools/schema/operation.ts";

type Sections = typeof sections;
/** The routes of a section that write. */
type WritesOf<S> = { [R in keyof S]: S[R] extends { readonly effect: "read" } ? never : R }[keyof S];
type Write = { [S in keyof Sections]: WritesOf<Sections[S]> }[keyof Sections] & string;

/** What the owner of an academy would be sorry for, or why for nothing: all the writes, or this does not compile. */
const why: Readonly<Record<Write, string>> = {
  create_user: "A new learner harms nobody, with a password or without. Power given at birth does.",
  update_user:
    "Shut out, taken over, stripped of rights or an SSN overwritten: that is asked. Names, addresses, custom fields and notifications are kept before they are changed and can be put back.",
  destroy_user: "The training record goes with the person, for good.",
  get_login_key: "Whoever holds the link is that person.",
  mass_enroll: "A few enrollments can be taken back, thousands and their mails cannot.",
  move_training_data: "One person loses what the other gains, with no way back.",
  create_or_update_power_users: "Power over other people's records.",
  destroy_power_user: "Somebody can no longer do their work.",
  create_course: "An empty course harms nobody and can be deleted.",
  update_course: "Switched off, everybody who takes it stands before a closed door. A name can be put back.",
  destroy_course: "Everybody's progress in it goes with it, for good.",
  enroll_user_in_course:
    "A few enrollments can be taken back. An end set to what somebody has already takes it from them.",
  remove_user_from_course: "What becomes of the progress is not documented.",
  enroll_user_in_courses: "As mass_enroll; the route takes no end.",
  get_course_otp: "Whoever has a key enrolls without being asked.",
  add_course_or_learning_path_to_catalog:
    "Nothing is lost: people may find and join more, and it can be taken out again.",
  remove_course_or_learning_path_from_catalog: "Which groups saw it is forgotten.",
  update_catalog_enrollments: "May replace the groups that saw it, which cannot be read first.",
  create_user_group: "A group enrolls everybody in it in everything it has.",
  update_user_group: "A name or a description can be put back.",
  destroy_user_group: "Memberships, what came through them, and its managers' rights go for good.",
  enroll_user_in_user_group:
    "As an enrollment. An end set to a membership somebody has already takes it from them.",
  remove_user_from_user_group: "Courses and learning paths that came only with the group may go with it.",
  add_course_to_user_group: "Everybody in the group is enrolled, and may be mailed.",
  remove_course_from_user_group: "Members may lose a course they have begun.",
  create_learning_path: "A path enrolls everybody on it in everything it has.",
  update_learning_path: "A name or a description can be put back.",
  destroy_learning_path: "Enrollments that came only through it may go, for good.",
  add_course_to_learning_path: "Everybody on the path is enrolled, and may be mailed.",
  remove_course_from_learning_path: "People may lose a course they have begun.",
  add_group_to_learning_path: "Everybody in the group is enrolled, and may be mailed.",
  remove_group_from_learning_path: "Members may lose a path they have begun.",
  create_instructor_led_training_timeslot: "A new session can be deleted.",
  update_instructor_led_training_timeslot:
    "Whoever is registered comes at the old time, or finds no seat. Name, room, description and instructor can be put back, and so can anything where nobody is registered.",
  delete_instructor_led_training_timeslot: "Registrations and attendance go with it, for good.",
  create_instructor_led_training_timeslot_registrations: "A registration can be deleted.",
  destroy_instructor_led_training_timeslot_registrations:
    "The attendance they record goes with them, for good.",
  update_instructor_led_training_timeslot_registration:
    "Who came is remembered nowhere else. Marking what was pending is quiet, where the timeslot is named so that it can be read; so is the value it has.",
  create_course_progress: "Over a record that was begun, the person may start at nothing.",
  update_course_progress: "Status, dates and scores of what was achieved. Marking complete is quiet.",
  destroy_course_progress: "The record is erased for good.",
  set_course_item_progress: "As update_course_progress.",
  create_gamification_transaction: "Points that somebody earned are theirs. Giving some is quiet.",
  create_skill_transaction:
    "Points that somebody earned are theirs, and competencies rest on them. Giving some is quiet.",
  remove_manager_from_user_group: "Somebody can no longer do their work.",
  assign_manager_to_user_group: "Power over other people's records.",
  update_manager_permissions_in_user_group: "Power over other people's records, given or taken.",
};

const standings: Readonly<Record<Standing, string>> = {
  "above-learner": "they have more power than a learner",
  different: "it is another than now",
  overwritten: "there is one and it would be another",
  falls: "status, score or percentage would fall, or a finished result be another",
  "takes-away": "it is less, sooner, or not known to be more",
  begun: "they have begun or finished that course",
  "in-already": "they are in already",
  registered: "people are registered",
  "too-few-seats": "it is fewer than are registered",
  remembered: "it holds more than pending, or a seat would be given up",
};
const values: Readonly<Record<Value, string>> = {
  false: "is false",
  negative: "is negative",
  past: "is today or past",
  future: "is to come",
  telling: "names an end, a result or what is shown",
};

function condition({ argument, except = [], value, standing = [] }: Condition): string {
  const what = argument === undefined ? [] : [`\`${argument}\` ${value ? values[value] : "is given"}`];
  const other = except.map((one) => `is not ${one}`);
  return [...what, ...other, ...[standing].flat().map((one) => standings[one])].join(", and ");
}

function asked({ when, reach }: Consequence): string {
  if (reach) return "beyond 25 pairs an hour";
  return when === undefined ? "always" : `where ${when.map(condition).join("; or where ")}`;
}

const phrased = ({ kind }: Consequence) => (kind === "irreversible" ? "irreversible (typed)" : kind);

/** What of the budgets (contract §5) a call is counted in. */
function counted(all: readonly Consequence[]): string {
  const counts = [
    ...(all.some(({ kind }) => kind === "irreversible") ? ["deletions an hour"] : []),
    ...(all.some(({ kind }) => kind === "power") ? ["grants an hour"] : []),
    ...(all.some(({ reach }) => reach) ? ["pairs an hour"] : []),
    ...(all.length > 0 ? ["people a call"] : []),
  ];
  return counts.join(", ") || "nothing";
}

const isWrite = (operation: Operation): operation is WriteOperation => operation.effect !== "read";
export const writes: readonly (readonly [string, WriteOperation])[] = Object.values(
  sections as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).flatMap((section) =>
  Object.entries(section).flatMap(([route, operation]) =>
    isWrite(operation) ? [[route, operation] as const] : [],
  ),
);

// Cells are long here: laid out in columns, most of the file would be blanks.
const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

export function safetyTable(): string {
  const rows = writes.map(([route, operation]) => {
    const all = consequencesIn(operation);
    const kinds = [...new Set(all.map(phrased))];
    const when = all.map((one) => (kinds.length > 1 ? `${one.kind}: ${asked(one)}` : asked(one)));
    return line([
      `\`${route}\``,
      when.join("<br>") || "no",
      kinds.join(", ") || "none",
      why[route as Write],
      counted(all),
    ]);
  });
  return [
    line(["Operation", "Asked", "Kind", "Why", "Counted in"]),
    line(Array(5).fill("---")),
    ...rows,
  ].join("\n");
}
