import type { Prompt } from "./prompt.ts";

export const chaseOverdueTraining = {
  title: "Chase overdue training",
  description: "Who is late with what, and by how much, ready to be reminded.",
  arguments: {
    course: { says: "Only this course", completes: "course" },
    group: { says: "Only members of this group", completes: "group" },
    days: { says: "Also what is due within so many days, e.g. 14" },
  },
  goal: "Find out who is overdue with which training, and prepare the reminders.",
  look: [
    {
      says: "Count, and list who is overdue; with days, also what falls due in them (show due). Not all read yet: it says when to ask again.",
      calls: { training_status: ["group", "course", "show", "days"] },
    },
    {
      says: "Show a table, longest overdue first: person, course, status, deadline, days late. Then the number of people and a count by course.",
    },
  ],
  ask: [
    "Should I draft the reminders, one by person or one by manager?",
    "Does anybody no longer need a course? Only then is it taken off.",
  ],
  act: [
    {
      says: "If agreed, take a course off somebody with set_status not-applicable: the only way for one that came through a group.",
      calls: { update_course_progress: ["course_progress_id", "set_status"] },
      optional: true,
    },
  ],
  check: [],
  limits: [
    "This API mails nobody: write the reminders here, for the person to send.",
    "No status is set to passed to clear the list. Deadlines are moved in SkyPrep's web admin.",
    "People whose access has ended need no reminder: leave them out and say how many.",
  ],
} as const satisfies Prompt;

export const prepareClassroomSession = {
  title: "Prepare a classroom session",
  description: "Schedule a session of an instructor-led training and register who should come.",
  arguments: {
    training: { says: "Instructor-led training: a name or number", required: true },
    day: { says: "Day of the session, YYYY-MM-DD" },
    group: { says: "Group whose members should come", completes: "group" },
    course: { says: "Course whose open learners should come", completes: "course" },
    instructor: { says: "Who teaches", completes: "person" },
  },
  goal: "Prepare a classroom session: when, where, how many seats, and who comes.",
  look: [
    {
      says: "Find the training. Not there: it is made in SkyPrep's web admin first.",
      calls: { find: ["text", "kind"], get_ilt: ["instructor_led_training_id"] },
    },
    {
      says: "See what else is on around that day: same room, same instructor, or this session already.",
      calls: { get_ilt_timeslots: ["start_date", "end_date"] },
    },
    {
      says: "Work out who should come: the group's members, or those with the course still open.",
      calls: {
        get_user_group: ["user_group_id"],
        training_status: ["course", "show"],
      },
      optional: true,
    },
  ],
  ask: [
    "Day, start, end, time zone, room, seats and instructor: show them as one short list and let it be confirmed.",
    "Who comes? Say how many people against how many seats; more people than seats: who first?",
  ],
  act: [
    {
      says: "Schedule it, once; then compare the times in the answer, because SkyPrep does not document how they are set.",
      calls: {
        create_ilt_timeslot: [
          "instructor_led_training_id",
          "name",
          "commencement_time",
          "end_time",
          "display_timezone",
          "location",
          "capacity",
          "primary_instructor_user_id",
        ],
      },
    },
    {
      says: "Register them all in one call; nobody is where they do not all fit.",
      calls: { session_roster: ["session", "register"] },
    },
    {
      says: "After the class, not before: record who came and who did not.",
      calls: { session_roster: ["session", "attended", "absent"] },
      optional: true,
    },
  ],
  check: [
    {
      says: "Show the session with its free seats, and the roster with names.",
      calls: {
        get_ilt_timeslot: ["instructor_led_training_timeslot_id"],
        get_ilt_timeslot_registrations: ["instructor_led_training_timeslot_id"],
      },
    },
  ],
  limits: ["To move a session, change it: deleting it deletes everyone's registration."],
} as const satisfies Prompt;
