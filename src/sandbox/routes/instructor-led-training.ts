import { meeting } from "../model/filters.ts";
import { within } from "../model/instants.ts";
import { find } from "../model/people.ts";
import type { Registration, Timeslot } from "../model/tables.ts";
import { createTimeslot, deleteTimeslot, register, updateTimeslot } from "../model/timeslots.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { registrationsOf, registrationView, timeslotView, trainingView } from "../views/training.ts";

const slotFrom = (input: Input, world: World): Timeslot =>
  find(world.timeslots, input.id("instructor_led_training_timeslot_id"), "Timeslot");

const registrationFrom = (id: number, world: World): Registration =>
  find(world.registrations, id, "Registration");

const between = (input: Input, world: World): Timeslot[] => {
  const tests = within<Timeslot>(input, ({ commencement_time: at }) => at);
  return [...world.timeslots.values()]
    .filter(meeting(world, tests))
    .sort((one, other) => one.commencement_time - other.commencement_time || one.id - other.id);
};

const unregister = (input: Input, world: World): Registration[] => {
  const ids = new Set(input.ids("instructor_led_training_timeslot_registration_ids"));
  if (ids.size === 0) {
    throw new Refusal(422, "Missing parameter: instructor_led_training_timeslot_registration_ids");
  }
  const rows = [...ids].map((id) => registrationFrom(id, world));
  for (const row of rows) world.registrations.delete(row.id);
  return rows;
};

export const instructorLedTraining = {
  get_instructor_led_trainings: {
    page: [],
    answer: (_, world) => ({
      json: [...world.trainings.values()].map((training) => trainingView(training, world)),
    }),
  },
  get_instructor_led_training: {
    page: ["instructor_led_training_id"],
    answer: (input, world) => {
      const id = input.id("instructor_led_training_id");
      return { json: trainingView(find(world.trainings, id, "Instructor led training"), world) };
    },
  },
  get_instructor_led_training_timeslot: {
    page: ["instructor_led_training_timeslot_id"],
    answer: (input, world) => ({ json: timeslotView(slotFrom(input, world), world) }),
  },
  get_instructor_led_training_timeslots: {
    page: ["start_date", "end_date"],
    answer: (input, world) => ({ json: between(input, world).map((slot) => timeslotView(slot, world)) }),
  },
  create_instructor_led_training_timeslot: {
    page: ["instructor_led_training_id", "display_timezone", "description", "capacity"],
    answer: (input, world) => ({ json: timeslotView(createTimeslot(input, world), world) }),
  },
  update_instructor_led_training_timeslot: {
    page: ["instructor_led_training_timeslot_id", "display_timezone", "description", "capacity"],
    answer: (input, world) => ({
      json: timeslotView(updateTimeslot(slotFrom(input, world), input, world), world),
    }),
  },
  delete_instructor_led_training_timeslot: {
    page: ["instructor_led_training_timeslot_id"],
    answer: (input, world) => {
      deleteTimeslot(slotFrom(input, world), world);
      return success;
    },
  },
  get_instructor_led_training_timeslot_registrations: {
    page: ["instructor_led_training_timeslot_id"],
    answer: (input, world) => ({
      json: registrationsOf(slotFrom(input, world).id, world).map(registrationView),
    }),
  },
  create_instructor_led_training_timeslot_registrations: {
    page: ["instructor_led_training_timeslot_id", "user_id", "course_progress_id", "course_id", "status"],
    answer: (input, world) => ({ json: registrationView(register(slotFrom(input, world), input, world)) }),
  },
  destroy_instructor_led_training_timeslot_registrations: {
    page: ["instructor_led_training_timeslot_registration_ids"],
    answer: (input, world) => ({ json: unregister(input, world).map(registrationView) }),
  },
  update_instructor_led_training_timeslot_registration: {
    page: ["instructor_led_training_timeslot_registration_id", "status"],
    answer: (input, world) => {
      const row = registrationFrom(input.id("instructor_led_training_timeslot_registration_id"), world);
      row.status = input.text("status");
      row.updated_at = world.now();
      return { json: registrationView(row) };
    },
  },
} satisfies Record<string, Route>;
