import type { Prompt } from "./prompt.ts";

export const onboardHire = {
  title: "Onboard a new hire",
  description: "Create someone's account, put them in their groups and give them their first courses.",
  arguments: {
    login: { says: "Their login, usually their work address", required: true },
    name: { says: "First and last name" },
    group: { says: "Group they join", completes: "group" },
    course: { says: "A course beyond those of the group", completes: "course" },
    path: { says: "A learning path beyond those of the group", completes: "path" },
  },
  goal: "Onboard a new hire in SkyPrep: an account, their groups, their first training.",
  look: [
    {
      says: "See whether they are there already. Found: do not create; show them, and ask whether this is somebody coming back.",
      calls: { get_user: ["user_email"], find: ["text", "kind"] },
    },
    {
      says: "Find the group, and what it brings by itself: its courses and learning paths come with membership.",
      calls: { find: ["text", "kind"], get_user_group: ["user_group_id"] },
    },
    {
      says: "Find further courses and learning paths, leaving out what the group brings.",
      calls: { find: ["text", "kind"] },
      optional: true,
    },
  ],
  ask: [
    "Is this right: first name, last name, login, groups, further courses? Show them as one short list.",
    "Should SkyPrep mail them how to sign in now, or later?",
    "Should they be more than a learner? Only if the person says so: that is a right, and is asked again.",
  ],
  act: [
    {
      says: "Do it all in one call; whoever is there already only gets what they lack.",
      calls: {
        onboard_person: ["login", "first_name", "last_name", "groups", "courses", "paths", "welcome"],
      },
    },
    {
      says: "Somebody coming back: open their access again.",
      calls: { update_user: ["user_id", "access_end_date"] },
      optional: true,
    },
    {
      says: "More than a learner, if the person said so.",
      calls: { update_user: ["user_id", "role"] },
      optional: true,
    },
  ],
  check: [
    {
      says: "Show what they have now, and what did not work.",
      calls: { get_user_courses: ["user_id"] },
      optional: true,
    },
  ],
  limits: [
    "Make no sign-in link unless the person asks for one: whoever holds it is that person.",
    "Several hires: plan_roster with their list, then apply_plan.",
  ],
} as const satisfies Prompt;

export const offboardLeaver = {
  title: "Offboard a leaver",
  description: "End someone's access and their rights, keeping every training record.",
  arguments: {
    person: { says: "Who leaves: a name, login or number", required: true, completes: "person" },
    last_day: { says: "Last day of access, YYYY-MM-DD; left out: ask" },
  },
  goal: "Offboard somebody who leaves: end their access and their rights, and keep their whole training record.",
  look: [
    {
      says: "Make sure who it is: role, login, whether access has ended already.",
      calls: { get_user: ["user_id"], find: ["text", "kind"] },
    },
    {
      says: "See which groups they are in.",
      calls: { get_user_group_enrollments_for_user: ["user_id"] },
      optional: true,
    },
    {
      says: "See what they may do besides learning: role, power-user rights, groups they manage.",
      calls: { access_review: ["person"] },
      optional: true,
    },
    {
      says: "See what training is still open.",
      calls: { training_status: ["person"] },
      optional: true,
    },
    {
      says: "See which coming sessions they teach or are registered for.",
      calls: {
        get_ilt_timeslots: ["start_date", "end_date"],
        get_ilt_timeslot_registrations: ["instructor_led_training_timeslot_id"],
      },
      optional: true,
    },
  ],
  ask: [
    "Which is their last day of access?",
    "Who takes over the groups they manage?",
    "Should they leave their groups, or stay in them for the reports?",
    "Should open courses be taken off them, or stay as they are?",
  ],
  act: [
    {
      says: "If agreed, take off open courses that came through a group, with set_status not-applicable, and before they leave the group.",
      calls: { update_course_progress: ["course_progress_id", "set_status"] },
      optional: true,
    },
    {
      says: "End it all in one call, asked about once: access, rights, groups. The record stays. With a last day ahead it sets only the end of access: call it again on that day for the rest.",
      calls: { offboard_person: ["person", "last_day", "keep_groups"] },
    },
  ],
  check: [
    {
      says: "Show them as they are now, what is left to do by hand, and what did not work.",
      calls: { get_user: ["user_id"] },
    },
  ],
  limits: [
    "Never delete the person here: deleting loses the training record. A privacy request is another job.",
    "Records cannot be archived through this API: that is done in SkyPrep's web admin.",
  ],
} as const satisfies Prompt;
