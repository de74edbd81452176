import { done, many, one } from "./schema/answer.ts";
import {
  choice,
  choices,
  extra,
  id,
  input,
  instant,
  person,
  settableStatuses,
  statuses,
  unlisted,
} from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { ItemProgress, Progress } from "./schema/records/progress.ts";

/** Any sufficient mix finds the item (page L3258). */
const item = {
  ...person(),
  course_id: id("Course, with the person", 201).optional(),
  course_item_id: id("Item, from get_course; or exam_id", 211).optional(),
  exam_id: unlisted(id("or its exam", 312)).optional(),
  course_progress_id: id("or the record, from get_course_progress", 901).optional(),
};
const itemNeeds = [
  { atLeastOne: ["course_item_id", "exam_id"] },
  { atLeastOne: ["user_id", "user_email", "course_progress_id"] },
];

export const courseProgress = {
  get_course_progresses: {
    title: "List course progress records",
    description:
      "Training records with status, score, dates; what is left out filters nothing. Who is overdue, expiring, open: training_status.",
    searchHint: "raw training records, transcript, scores, results",
    effect: "read",
    person: { knows: "either", optional: true },
    input: input({
      ...person(),
      course_id: id("Course", 201).optional(),
      status: choices(statuses, "Only these; else all", ["in-progress", "not-started"]).optional(),
      updated_at_greater_than: instant("Changed after", "2026-05-01T00:00:00Z").optional(),
      updated_at_less_than: unlisted(instant("Changed before", "2027-12-31T00:00:00Z")).optional(),
      extra,
    }),
    filters: {
      user_id: { field: "user_id" },
      user_email: { field: "user_email" },
      course_id: { field: "course_id" },
      status: { field: "status" },
      updated_at_greater_than: { field: "updated_at", test: "after" },
      updated_at_less_than: { field: "updated_at", test: "before" },
    },
    paging: { page: "page", size: "per_page", most: 100 },
    output: many(Progress),
  },
  get_course_progress: {
    title: "Show one course progress record",
    description: "One training record with all dates and score. Several: get_course_progresses.",
    searchHint: "score, completion date of one person",
    effect: "read",
    person: { knows: "user_id", optional: true },
    input: input({
      course_progress_id: id("Record; or person and course", 901).optional(),
      ...person(),
      course_id: id("Course, with the person", 201).optional(),
    }),
    needs: [
      { exactlyOne: ["course_progress_id", "course_id"] },
      { exactlyOne: ["course_progress_id", "user_id", "user_email"] },
    ],
    example: ["course_progress_id"],
    output: one(Progress),
  },
  create_course_progress: {
    title: "Create a course progress record",
    description:
      "Add a training record without a result, e.g. for training done elsewhere: then update_course_progress. One begun: asks first, may archive it. To enroll: enroll_user_in_course.",
    searchHint: "credit training done offline",
    effect: "add",
    person: { knows: "either" },
    input: input({ ...person(), course_id: id("Course", 210), extra }),
    about: ["person", "course"],
    proof: { read: "get_course_progresses" },
    undo: {
      with: "destroy_course_progress",
      made: "course_progress_id",
      loses: "an earlier record that this archives",
    },
    consequence: {
      kind: "removing",
      asks: "Restart {person} in {course}, although they already have a record there?",
      tells: ["status"],
      loses: "That record may be archived, and they would show as not started.",
      when: [{ standing: "begun" }],
    },
    output: one(Progress),
  },
  update_course_progress: {
    title: "Set a person's status in a course",
    description:
      "Set a training record's status; overwriting a result asks first. not-applicable takes off a course that came through a group; not-started resets it. Scores, dates and deadlines cannot be set.",
    searchHint:
      "mark a course as passed or complete, reset course progress for a learner, exempt, credit offline training",
    effect: "change",
    input: input({
      course_progress_id: id("From get_course_progress", 901),
      set_status: choice(settableStatuses, "New status", "in-progress"),
      extra,
    }),
    about: ["progress"],
    keeps: ["get_course_progress"],
    proof: { read: "get_course_progress", test: { shows: { set_status: "status" } } },
    undo: {
      with: "update_course_progress",
      same: ["course_progress_id"],
      kept: { set_status: "status" },
      follows: ["completion_date", "expiration_date", "commencement_date", "percent_viewed"],
      loses: "scores and the status of each item",
    },
    consequence: {
      kind: "removing",
      asks: "Change {progress}{was}?",
      loses: "The current result is overwritten.",
      when: [{ standing: "falls" }],
    },
    output: done,
  },
  destroy_course_progress: {
    title: "Delete a course progress record",
    description:
      "Erase one training record for good; asks first. To start over: update_course_progress with not-started.",
    searchHint: "delete a training record",
    effect: "remove",
    input: input({ course_progress_id: id("From get_course_progress", 901) }),
    about: ["progress"],
    keeps: ["get_course_progress"],
    proof: { read: "get_course_progress", test: { gone: true } },
    undo: { no: "A training record that was erased cannot be brought back." },
    consequence: { kind: "irreversible", asks: "Erase {progress}?", tells: ["changes"] },
    output: done,
  },
  get_course_item_progress: {
    title: "Show progress in a course item",
    description: "How a person stands in one article or exam. Whole course: get_course_progress.",
    searchHint: "did he pass the quiz, lesson or exam status",
    effect: "read",
    person: { knows: "user_id", optional: true },
    input: input(item),
    needs: itemNeeds,
    example: ["course_id", "user_id", "course_item_id"],
    output: one(ItemProgress),
  },
  set_course_item_progress: {
    title: "Set progress in a course item",
    description:
      "Set how a person stands in one article or exam; overwriting a result asks first. Whole course: update_course_progress.",
    searchHint: "mark a lesson, quiz or exam as passed or failed",
    effect: "change",
    person: { knows: "user_id", optional: true },
    input: input({ ...item, set_status: choice(settableStatuses, "New status", "failed"), extra }),
    needs: itemNeeds,
    example: ["course_id", "user_id", "course_item_id"],
    about: ["item"],
    keeps: ["get_course_item_progress"],
    proof: { read: "get_course_item_progress", test: { shows: { set_status: "status" } } },
    undo: {
      with: "set_course_item_progress",
      same: ["user_id", "user_email", "course_id", "course_item_id", "exam_id", "course_progress_id"],
      kept: { set_status: "status" },
      follows: ["completed_at"],
      loses: "scores and the status of the whole course",
    },
    consequence: {
      kind: "removing",
      asks: "Change {item}{was}?",
      loses: "The current result is overwritten.",
      when: [{ standing: "falls" }],
    },
    output: done,
  },
} satisfies Section;
