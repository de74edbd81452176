import type { Registration, Timeslot, Training } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { iso, seconds } from "./dates.ts";

export const registrationsOf = (slotId: number, world: World): Registration[] =>
  [...world.registrations.values()].filter((row) => row.timeslot_id === slotId);

export const timeslotView = (slot: Timeslot, world: World): Record<string, unknown> => ({
  id: slot.id,
  name: slot.name,
  description: slot.description,
  location: slot.location,
  capacity: slot.capacity,
  display_timezone: slot.display_timezone,
  primary_instructor_user_id: slot.primary_instructor_user_id,
  commencement_time: iso(slot.commencement_time),
  instructor: slot.instructor,
  end_time: iso(slot.end_time),
  registration_count: registrationsOf(slot.id, world).length,
  session_type: slot.session_type,
});

/** The page shows one timeslot object here; its plural name says a list, so a list it is. */
export const trainingView = (training: Training, world: World): Record<string, unknown> => ({
  id: training.id,
  model_type: "instructor_led_training",
  instructor_led_training_timeslots: [...world.timeslots.values()]
    .filter((slot) => slot.training_id === training.id)
    .map((slot) => timeslotView(slot, world)),
  name: training.name,
  created_at: iso(training.created_at),
  updated_at: iso(training.updated_at),
  created_at_int: seconds(training.created_at),
  updated_at_int: seconds(training.updated_at),
  metadata: [],
  description: training.description,
  session_type: training.session_type,
});

export const registrationView = (row: Registration): Record<string, unknown> => ({
  id: row.id,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
  instructor_led_training_timeslot_id: row.timeslot_id,
  user_id: row.user_id,
  course_progress_id: row.course_progress_id,
  status: row.status,
});
