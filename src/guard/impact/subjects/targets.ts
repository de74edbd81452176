import type { Subject } from "../../../../tools/schema/consequence.ts";
import type { Args } from "../../../academy/call-arguments.ts";
import type { Target } from "../../../journal/line.ts";

const registrationIds = "instructor_led_training_timeslot_registration_ids";

/** Whom a call is about as far as its arguments say it: for the journal, where nothing was read. */
export function targetsIn(about: readonly Subject[], args: Args): Target[] {
  const targets: Target[] = [];
  for (const subject of about) {
    const [kind, ...names] = argumentsOf[subject] ?? [];
    if (kind === undefined) continue;
    for (const name of names) {
      const given = args[name];
      for (const one of Array.isArray(given) ? given : [given]) {
        if (typeof one === "number") targets.push({ kind, id: one });
        else if (typeof one === "string")
          targets.push(subject === "new" ? { kind, name: one } : { kind, login: one });
      }
    }
  }
  return targets;
}

const argumentsOf: Partial<Readonly<Record<Subject, readonly string[]>>> = {
  person: ["person", "user_id", "user_email"],
  newcomer: ["person", "email"],
  source: ["person", "source_user_id"],
  receiver: ["person", "target_user_id"],
  people: ["person", "user_ids", "user_emails"],
  course: ["course", "course_id"],
  courses: ["course", "course_ids"],
  group: ["group", "user_group_id"],
  groups: ["group", "user_group_ids"],
  path: ["learning path", "learning_path_id"],
  paths: ["learning path", "learning_path_ids", "course_bundle_ids"],
  progress: ["course progress", "course_progress_id"],
  item: ["course item", "course_item_id", "exam_id"],
  training: ["training", "instructor_led_training_id"],
  timeslot: ["timeslot", "instructor_led_training_timeslot_id"],
  registration: ["registration", "instructor_led_training_timeslot_registration_id"],
  registrations: ["registration", registrationIds],
  role: ["role", "user_role_id"],
  datasets: ["dataset", "dataset_ids"],
  skill: ["skill", "skill_id"],
  new: ["new", "name"],
};
