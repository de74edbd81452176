import { done, many, one } from "./schema/answer.ts";
import {
  count,
  day,
  extra,
  id,
  idsOfPeople,
  input,
  instant,
  person,
  prose,
  text,
  unlisted,
} from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Registration, Timeslot, Training } from "./schema/records/sessions.ts";

/** What a timeslot shows, for creating and updating one: by analogy (contract §3; skyprep-api §1.8, row 52). */
const timeslot = {
  name: text("Name", "Onboarding Workshop").optional(),
  description: prose("What to know", "Bring a laptop.").optional(),
  commencement_time: instant("Start", "2027-01-11T09:00:00-05:00").optional(),
  end_time: instant("End", "2027-01-11T11:00:00-05:00").optional(),
  display_timezone: text("Zone, as get_ilt_timeslot names it", "Eastern Time (US & Canada)").optional(),
  location: text("Where", "Training Room A").optional(),
  capacity: count("Seats", 25).optional(),
  instructor: text("Instructor's name", "Pat Instructor").optional(),
  primary_instructor_user_id: id("Instructor", 102).optional(),
  session_type: unlisted(text("Kind of session", "in-person")).optional(),
  extra,
};
const timeslotId = id("Session", 511);
const status = (example: string, otherwise = "") =>
  text(`attended, absent or pending${otherwise}`, example, 64);

export const instructorLedTraining = {
  get_instructor_led_trainings: {
    title: "List instructor-led trainings",
    description:
      "All instructor-led trainings. Dates of one: get_ilt; of all between two days: get_ilt_timeslots.",
    searchHint: "classroom trainings, workshops, webinars",
    effect: "read",
    input: input({}),
    output: many(Training),
  },
  get_instructor_led_training: {
    title: "Show an instructor-led training",
    description:
      "One instructor-led training with its timeslots (sessions). Trainings are made in the web admin.",
    searchHint: "classroom training, workshop dates",
    effect: "read",
    input: input({ instructor_led_training_id: id("Training", 501) }),
    output: one(Training),
  },
  get_instructor_led_training_timeslot: {
    title: "Show a timeslot (session)",
    description: "One session: when, where, seats, how many are registered. Who: session_roster.",
    searchHint: "session details, free seats, location",
    effect: "read",
    input: input({ instructor_led_training_timeslot_id: timeslotId }),
    output: one(Timeslot),
  },
  get_instructor_led_training_timeslots: {
    title: "List timeslots (sessions) by day",
    description:
      "Sessions of all trainings between two days. One training's: get_ilt. Who is registered: session_roster.",
    searchHint: "upcoming classes, sessions and live trainings next week or month, calendar, schedule",
    effect: "read",
    input: input({
      start_date: day("From this day", "2026-01-01", "else any").optional(),
      end_date: day("To this day", "2027-12-31", "else any").optional(),
    }),
    filters: {
      start_date: { field: "commencement_time", test: "after" },
      end_date: { field: "commencement_time", test: "until" },
    },
    output: many(Timeslot),
  },
  create_instructor_led_training_timeslot: {
    title: "Schedule a timeslot (session)",
    description:
      "Add a session to a training; registers nobody; a repeat adds another. What is left out is SkyPrep's choice: give start and end, and check them in the answer.",
    searchHint: "new date, class, workshop",
    effect: "add",
    input: input({ instructor_led_training_id: id("Training", 501), ...timeslot }),
    about: ["training", "new"],
    proof: {
      read: "get_instructor_led_training_timeslots",
      among: { read: "get_instructor_led_training", in: "instructor_led_training_timeslots" },
    },
    undo: { with: "delete_instructor_led_training_timeslot", made: "instructor_led_training_timeslot_id" },
    output: one(Timeslot),
  },
  update_instructor_led_training_timeslot: {
    title: "Change a timeslot (session)",
    description:
      "Change a session; what is left out stays. With people registered, a new time or too few seats asks first. SkyPrep may not tell them.",
    searchHint: "move, reschedule, postpone a class, change the room",
    effect: "change",
    input: input({ instructor_led_training_timeslot_id: timeslotId, ...timeslot }),
    example: ["capacity"],
    about: ["timeslot"],
    keeps: ["get_instructor_led_training_timeslot"],
    proof: { read: "get_instructor_led_training_timeslot", test: { shows: {} } },
    undo: {
      with: "update_instructor_led_training_timeslot",
      same: ["instructor_led_training_timeslot_id"],
      before: "given",
    },
    consequence: {
      kind: "removing",
      asks: "Change {timeslot} while people are registered?",
      tells: ["registered"],
      note: "SkyPrep may not notify them.",
      when: [
        {
          argument: "commencement_time",
          standing: ["different", "registered"],
          asks: "Move {timeslot} to {=commencement_time}?",
          too: "move it to {=commencement_time}",
        },
        {
          argument: "end_time",
          standing: ["different", "registered"],
          asks: "Change the end of {timeslot} to {=end_time}?",
          too: "change its end to {=end_time}",
        },
        {
          argument: "capacity",
          standing: "too-few-seats",
          asks: "Reduce {timeslot} to {=capacity}?",
          too: "reduce it to {=capacity}",
        },
      ],
    },
    also: [
      {
        kind: "removing",
        asks: "Change an undocumented setting of {timeslot}?",
        too: "change an undocumented setting",
        tells: ["registered"],
        loses: "The setting may end the session or take something away.",
        when: [{ argument: "extra", value: "telling", standing: "takes-away" }],
      },
    ],
    output: one(Timeslot),
  },
  delete_instructor_led_training_timeslot: {
    title: "Delete a timeslot (session)",
    description:
      "Delete a session with its registrations, for good; asks first. SkyPrep may not tell those registered. To move it: update_ilt_timeslot.",
    searchHint: "cancel a class or workshop",
    effect: "remove",
    input: input({ instructor_led_training_timeslot_id: id("Session", 512) }),
    about: ["timeslot"],
    keeps: ["get_instructor_led_training_timeslot", "get_instructor_led_training_timeslot_registrations"],
    proof: { read: "get_instructor_led_training_timeslot", test: { gone: true } },
    undo: {
      no: "A deleted session cannot be brought back.",
      instead: "A new session can be scheduled with create_ilt_timeslot, and people registered again.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {timeslot}?",
      tells: ["registered"],
      loses: "Registrations and attendance are deleted with it.",
    },
    output: done,
  },
  get_instructor_led_training_timeslot_registrations: {
    title: "List a timeslot's registrations",
    description:
      "A session's registrations: their numbers, person's number, status. With names and free seats: session_roster.",
    searchHint: "who registered or signed up for a session, attendees",
    effect: "read",
    input: input({ instructor_led_training_timeslot_id: timeslotId }),
    output: many(Registration),
  },
  create_instructor_led_training_timeslot_registrations: {
    title: "Register a person for a timeslot",
    description:
      "Register one person for a session; they may be mailed; never repeat. Several, by name, or seats checked: session_roster.",
    searchHint: "sign up for a class",
    effect: "add",
    person: { knows: "user_id" },
    input: input({
      instructor_led_training_timeslot_id: timeslotId,
      ...person({ id: 120, login: "nadia.clarke@example.com" }),
      course_id: unlisted(id("Course it counts for", 201)).optional(),
      course_progress_id: unlisted(id("or its progress record", 901)).optional(),
      status: status("pending", "; else as SkyPrep sets it").optional(),
    }),
    about: ["person", "timeslot"],
    proof: { read: "get_instructor_led_training_timeslot_registrations" },
    undo: {
      with: "destroy_instructor_led_training_timeslot_registrations",
      same: ["instructor_led_training_timeslot_id"],
      made: "instructor_led_training_timeslot_registration_ids",
      // Whether somebody came is no registration's own: it was marked by hand.
      untouched: { status: "pending" },
    },
    output: one(Registration),
  },
  destroy_instructor_led_training_timeslot_registrations: {
    title: "Delete registrations",
    description:
      "Unregister people: delete registrations, with attendance, for good; asks first. Did not come: session_roster with absent.",
    searchHint: "cancel someone's seat in a class",
    effect: "remove",
    input: input({
      instructor_led_training_timeslot_registration_ids: idsOfPeople(
        "From get_ilt_timeslot_registrations",
        [521, 522],
      ),
      instructor_led_training_timeslot_id: id(
        "Their session, to show whose they are; else unnamed",
        511,
      ).optional(),
    }),
    wire: { instructor_led_training_timeslot_id: { sent: false } },
    about: ["registrations", "timeslot"],
    keeps: ["get_instructor_led_training_timeslot_registrations"],
    proof: {
      read: "get_instructor_led_training_timeslot_registrations",
      test: { lacks: "instructor_led_training_timeslot_registration_ids" },
    },
    undo: {
      no: "A deleted registration cannot be brought back, but people can be registered again.",
      instead: "create_ilt_timeslot_registrations registers them.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {registrations}?",
      tells: ["owners"],
    },
    output: many(Registration),
  },
  update_instructor_led_training_timeslot_registration: {
    title: "Set a registration's status",
    description:
      "Set a registration's status, by its number; overwriting attendance asks first. By name, or several: session_roster.",
    effect: "change",
    input: input({
      instructor_led_training_timeslot_registration_id: id("From get_ilt_timeslot_registrations", 521),
      status: status("attended"),
      instructor_led_training_timeslot_id: id(
        "Its session: shows what it was, lets it be undone; else neither",
        511,
      ).optional(),
    }),
    wire: { instructor_led_training_timeslot_id: { sent: false } },
    about: ["registration"],
    keeps: ["get_instructor_led_training_timeslot_registrations"],
    proof: {
      read: "get_instructor_led_training_timeslot_registrations",
      test: { rows: "instructor_led_training_timeslot_registration_id", show: { status: "status" } },
    },
    undo: {
      with: "update_instructor_led_training_timeslot_registration",
      same: ["instructor_led_training_timeslot_registration_id", "instructor_led_training_timeslot_id"],
      kept: { status: "status" },
    },
    consequence: {
      kind: "removing",
      asks: "Change {registration}{was}?",
      tells: ["owners"],
      loses: "Its current status is overwritten.",
      when: [{ standing: "remembered" }],
    },
    output: one(Registration),
  },
} satisfies Section;
