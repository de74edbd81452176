import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, date, Id, idOrNull, listOf, words } from "../values.ts";

const timeslot = {
  id: Id,
  name: words,
  commencement_time: date,
  end_time: date,
  display_timezone: words,
  location: words,
  instructor: words,
  primary_instructor_user_id: idOrNull,
  capacity: amount,
  registration_count: amount,
  session_type: words,
  description: words,
};
export const Timeslot = kind(
  "timeslot",
  "timeslots",
  timeslot,
  ["id", "name", "commencement_time", "end_time", "location", "instructor", "capacity", "registration_count"],
  { repeats: { instructor_led_training_timeslot_id: ["id"] } },
);
export const Training = kind(
  "instructor-led training",
  "instructor-led trainings",
  {
    id: Id,
    name: words,
    description: words,
    session_type: words,
    created_at: date,
    updated_at: date,
    instructor_led_training_timeslots: listOf(z.object(timeslot)),
  },
  ["id", "name", "session_type", "description"],
  {
    nested: { instructor_led_training_timeslots: Timeslot },
    pagedBy: { instructor_led_training_timeslots: "get_ilt_timeslots with dates" },
  },
);
export const Registration = kind(
  "registration",
  "registrations",
  {
    id: Id,
    instructor_led_training_timeslot_id: idOrNull,
    user_id: idOrNull,
    course_progress_id: idOrNull,
    status: words,
    created_at: date,
    updated_at: date,
  },
  ["id", "user_id", "status", "course_progress_id"],
  {
    repeats: {
      instructor_led_training_timeslot_registration_id: ["id"],
      instructor_led_training_timeslot_registration_ids: ["id"],
      instructor_led_training_timeslot_id: ["instructor_led_training_timeslot_id"],
      user_id: ["user_id"],
    },
  },
);
