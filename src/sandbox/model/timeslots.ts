import { type Input, Refusal } from "../server/route.ts";
import { registrationsOf } from "../views/training.ts";
import { atWall, wallOf } from "./calendar.ts";
import { currentProgress } from "./enrollment.ts";
import { instantIn } from "./instants.ts";
import { find, personFrom } from "./people.ts";
import type { Registration, Timeslot } from "./tables.ts";
import type { World } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** 09:00 by the account's clocks. */
const tomorrowMorning = (now: number): number => atWall((Math.floor(wallOf(now) / DAY) + 1) * DAY + 9 * HOUR);

const capacityIn = (input: Input): number | undefined => {
  if (!input.has("capacity")) return undefined;
  const capacity = input.number("capacity");
  if (!Number.isInteger(capacity) || capacity < 1) throw new Refusal(422, "capacity must be 1 or more");
  return capacity;
};

const instructorIn = (input: Input, world: World): number | undefined => {
  const id = input.optionalId("primary_instructor_user_id");
  return id === undefined ? undefined : find(world.people, id, "User").id;
};

/** The row with what the request names put in its place; a session moved without a new end keeps its length. */
const changed = (slot: Timeslot, input: Input, world: World): Timeslot => {
  const commencement = instantIn(input, "commencement_time") ?? slot.commencement_time;
  const end = instantIn(input, "end_time") ?? commencement + (slot.end_time - slot.commencement_time);
  if (end <= commencement) throw new Refusal(422, "end_time must be after commencement_time");

  return {
    ...slot,
    name: input.optional("name") ?? slot.name,
    description: input.optional("description") ?? slot.description,
    location: input.optional("location") ?? slot.location,
    capacity: capacityIn(input) ?? slot.capacity,
    display_timezone: input.optional("display_timezone") ?? slot.display_timezone,
    primary_instructor_user_id: instructorIn(input, world) ?? slot.primary_instructor_user_id,
    instructor: input.optional("instructor") ?? slot.instructor,
    session_type: input.optional("session_type") ?? slot.session_type,
    commencement_time: commencement,
    end_time: end,
  };
};

/** The page names no times for a new session: two hours tomorrow morning, unless told. */
export const createTimeslot = (input: Input, world: World): Timeslot => {
  const training = find(world.trainings, input.id("instructor_led_training_id"), "Instructor led training");
  const start = tomorrowMorning(world.now());
  const plain: Timeslot = {
    id: world.next(world.timeslots),
    training_id: training.id,
    name: training.name,
    description: "",
    location: null,
    capacity: null,
    display_timezone: "Eastern Time (US & Canada)",
    primary_instructor_user_id: null,
    instructor: null,
    session_type: training.session_type,
    commencement_time: start,
    end_time: start + 2 * HOUR,
  };
  const slot = changed(plain, input, world);
  world.timeslots.set(slot.id, slot);
  return slot;
};

export const updateTimeslot = (slot: Timeslot, input: Input, world: World): Timeslot => {
  const next = changed(slot, input, world);
  const taken = registrationsOf(slot.id, world).length;
  if (next.capacity !== null && next.capacity < Math.min(taken, slot.capacity ?? taken)) {
    throw new Refusal(422, `capacity is below the ${taken} people already registered`);
  }
  world.timeslots.set(slot.id, next);
  return next;
};

export const deleteTimeslot = (slot: Timeslot, world: World): void => {
  for (const row of registrationsOf(slot.id, world)) world.registrations.delete(row.id);
  world.timeslots.delete(slot.id);
};

const progressIdFor = (userId: number, input: Input, world: World): number | null => {
  const progressId = input.optionalId("course_progress_id");
  if (progressId !== undefined) {
    const progress = find(world.progress, progressId, "Course progress");
    if (progress.user_id !== userId) throw new Refusal(422, "Course progress belongs to another user");
    return progress.id;
  }
  const courseId = input.optionalId("course_id");
  if (courseId === undefined) return null;
  const course = find(world.courses, courseId, "Course");
  return currentProgress(world, userId, course.id)?.id ?? null;
};

export const register = (slot: Timeslot, input: Input, world: World): Registration => {
  const person = personFrom(input, world);
  const progressId = progressIdFor(person.id, input, world);
  const taken = registrationsOf(slot.id, world);
  if (taken.some((row) => row.user_id === person.id)) {
    throw new Refusal(422, "User is already registered for this timeslot");
  }
  if (slot.capacity !== null && taken.length >= slot.capacity) throw new Refusal(422, "Timeslot is full");

  const now = world.now();
  const row: Registration = {
    id: world.next(world.registrations),
    timeslot_id: slot.id,
    user_id: person.id,
    course_progress_id: progressId,
    status: input.optional("status") ?? "pending",
    created_at: now,
    updated_at: now,
  };
  world.registrations.set(row.id, row);
  return row;
};
