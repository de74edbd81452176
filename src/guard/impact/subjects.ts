import type { Subject } from "../../../tools/schema/consequence.ts";
import { whoIn } from "../../academy/persons.ts";
import { newcomer, people, person } from "./subjects/people.ts";
import { course, group, listedRow, path, record, several, unread } from "./subjects/records.ts";
import { named, type ReadSubject } from "./subjects/seen.ts";
import { item, progress, registration, registrations } from "./subjects/training.ts";

/** How each thing that a call may be about is read. */
export const subjects: Readonly<Record<Subject, ReadSubject>> = {
  person: person(whoIn, "person"),
  newcomer,
  source: person(
    ({ source_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined),
    "person",
  ),
  receiver: person(
    ({ target_user_id: id }) => (typeof id === "number" ? { user_id: id } : undefined),
    "person",
  ),
  people,
  course: course("course_id"),
  courses: several(course, "course", "course_ids"),
  group: group("user_group_id"),
  groups: several(group, "group", "user_group_ids"),
  path: path("learning_path_id"),
  paths: several(path, "learning path", "learning_path_ids", "course_bundle_ids"),
  progress,
  item,
  training: unread("instructor_led_training_id", "training"),
  timeslot: record(
    "instructor_led_training_timeslot_id",
    "timeslot",
    "get_instructor_led_training_timeslot",
    ["name", "commencement_time"],
  ),
  registration,
  registrations,
  role: listedRow("user_role_id", "role", "get_user_roles"),
  datasets: listedRow("dataset_ids", "dataset", "get_datasets"),
  skill: unread("skill_id", "skill"),
  new: async ({ name }) => ({
    words: "something new",
    stored: named("the new one", "name", name, "given"),
    bound: [],
    targets: typeof name === "string" ? [{ kind: "new", name }] : [],
  }),
};
