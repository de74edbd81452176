import { done, many, one } from "./schema/answer.ts";
import { count, day, extra, flag, id, ids, input, person, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Course, CourseKeys, CourseStatus } from "./schema/records/courses.ts";

export const courses = {
  get_courses: {
    title: "List courses",
    description: "All courses: name, code, whether active. By name: find. One with its items: get_course.",
    searchHint: "course catalog, list of all trainings, what courses do we have",
    effect: "read",
    input: input({}),
    output: many(Course),
  },
  get_course: {
    title: "Show a course",
    description: "One course with its items (articles, exams). Who takes it, and how far: training_status.",
    searchHint: "what is inside a course, content, lessons, chapters, quiz, course details",
    effect: "read",
    input: input({ course_id: id("Course", 201) }),
    output: one(Course),
  },
  create_course: {
    title: "Create a course",
    description:
      "Create an empty course; content is added in the web admin. A repeat makes a second: see get_courses first.",
    searchHint: "new course",
    effect: "add",
    input: input({
      name: text("Name", "Forklift Safety"),
      active: flag("true: learners can take it; else SkyPrep decides").optional(),
      extra,
    }),
    about: ["new"],
    proof: { read: "get_courses" },
    undo: { with: "destroy_course", made: "course_id" },
    output: one(Course),
  },
  update_course: {
    title: "Change a course",
    description:
      "Rename, retire or reopen a course; what is left out stays. Retiring keeps all records and asks first: prefer it to destroy_course.",
    searchHint: "retire, archive, deactivate, rename a course",
    effect: "change",
    input: input({
      course_id: id("Course", 201),
      name: text("New name", "New Hire Orientation 2027").optional(),
      active: flag("false retires it, true reopens it").optional(),
      extra,
    }),
    example: ["name", "active"],
    about: ["course"],
    keeps: ["get_course"],
    proof: { read: "get_course", test: { shows: {} } },
    undo: { with: "update_course", same: ["course_id"], before: "given" },
    consequence: {
      kind: "removing",
      asks: "Switch off {course} for everybody who takes it?",
      too: "switch it off for everybody who takes it",
      tells: ["takers"],
      loses: "They cannot open it any more; every record is kept.",
      when: [{ argument: "active", value: "false", standing: "different" }],
    },
    also: [
      {
        kind: "removing",
        asks: "Change an undocumented setting of {course}?",
        too: "change an undocumented setting",
        tells: ["takers"],
        loses: "The setting may close the course or take something away.",
        when: [{ argument: "extra", value: "telling", standing: "takes-away" }],
      },
    ],
    output: one(Course),
  },
  destroy_course: {
    title: "Delete a course",
    description:
      "Delete a course with everyone's progress, for good; asks first. To retire it: update_course with active: false.",
    searchHint: "remove a training permanently",
    effect: "remove",
    input: input({ course_id: id("Course", 202) }),
    about: ["course"],
    keeps: ["get_course"],
    proof: { read: "get_course", test: { gone: true } },
    undo: {
      no: "A deleted course cannot be brought back.",
      instead:
        "A new course with the same name can be made with create_course; content and records are lost.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {course}?",
      tells: ["takers"],
      loses: "Its content and everybody's records in it are lost.",
      note: "Which groups and learning paths contain it was not checked. Switching it off instead keeps every record.",
    },
    output: done,
  },
  enroll_user_in_course: {
    title: "Enroll a person in a course",
    description:
      "Enroll one person in one course; may mail them. Repeats change nothing; an end day may ask first. Several courses: enroll_user_in_courses. Several people: plan_enrollment.",
    searchHint: "assign one course to an employee, sign up, give a course",
    effect: "add",
    idempotent: true,
    person: { knows: "user_email" },
    input: input({
      ...person(),
      course_id: id("Course", 203),
      course_enrollment_expiration_date: day(
        "Day the enrollment ends (no due date)",
        "2027-12-31",
        "else never",
      ).optional(),
    }),
    besides: {
      course_enrollment_expiration_date:
        "That day ends the enrollment. The deadline does not move with it: it is the course's own, and is changed in SkyPrep's web admin.",
    },
    about: ["person", "course"],
    keeps: ["get_user_courses"],
    proof: { read: "get_user_courses", test: { has: "course_id" } },
    undo: {
      with: "remove_user_from_course",
      same: ["user_id", "user_email", "course_id"],
      unless: { read: "get_user_courses", argument: "course_id" },
    },
    consequence: {
      kind: "many",
      asks: "Enroll {person} in {course}?",
      tells: ["reach"],
      reach: { people: ["user_id", "user_email"], targets: ["course_id"] },
    },
    also: [
      {
        kind: "removing",
        asks: "Set the enrollment of {person} in {course} to end on {=course_enrollment_expiration_date}?",
        tells: ["ends"],
        when: [
          { argument: "course_enrollment_expiration_date", value: "past" },
          { argument: "course_enrollment_expiration_date", standing: "in-already" },
        ],
      },
    ],
    output: done,
  },
  remove_user_from_course: {
    title: "Take a person off a course",
    description:
      "End a direct enrollment; asks first. Begun progress may be lost. Through a group: update_course_progress with not-applicable.",
    searchHint: "unenroll, unassign a course",
    effect: "remove",
    person: { knows: "user_email" },
    input: input({ ...person(), course_id: id("Course", 201) }),
    about: ["person", "course"],
    keeps: ["get_user_courses"],
    proof: {
      read: "get_user_courses",
      test: { lacks: "course_id", perhaps: "it also comes through a group or learning path" },
    },
    undo: {
      with: "enroll_user_in_course",
      same: ["user_id", "user_email", "course_id"],
      only: { read: "get_user_courses", argument: "course_id" },
      loses: "progress made in it and the enrollment's end date",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {person} from {course}?",
      tells: ["status"],
    },
    output: done,
  },
  enroll_user_in_courses: {
    title: "Enroll a person in several courses",
    description:
      "Enroll one person in several courses by number; may mail them, many ask first. Repeats change nothing. Several people, names, groups or paths: plan_enrollment.",
    searchHint: "assign several courses to one employee",
    effect: "add",
    idempotent: true,
    person: { knows: "user_id" },
    input: input({ ...person(), course_ids: ids("Courses", [203, 204]) }),
    about: ["person", "courses"],
    keeps: ["get_user_courses"],
    proof: { read: "get_user_courses", test: { has: "course_ids" } },
    undo: {
      with: "remove_user_from_course",
      same: ["user_id", "user_email"],
      single: { course_ids: "course_id" },
      unless: { read: "get_user_courses", argument: "course_ids" },
    },
    consequence: {
      kind: "many",
      asks: "Enroll {person} in {courses}?",
      tells: ["reach"],
      reach: { people: ["user_id", "user_email"], targets: ["course_ids"] },
    },
    output: done,
  },
  get_course_otp: {
    title: "Make one-time course keys",
    description:
      "Make one-use keys with which people enroll themselves in a course; asks first. Mails nothing; each call makes more. Known people: enroll_user_in_course.",
    searchHint: "access codes, self-enrollment codes to sell",
    effect: "credential",
    input: input({
      course_id: id("Course", 201),
      count: count("How many, to 100; else SkyPrep decides", 2, 100).optional(),
    }),
    about: ["course"],
    proof: { read: "get_course" },
    undo: { no: "Keys cannot be taken back once they are made." },
    consequence: {
      kind: "credential",
      asks: "Make {=count} for {course}?",
      tells: ["link"],
    },
    output: one(CourseKeys),
  },
  get_user_course_status: {
    title: "Show a person's status in a course",
    description:
      "Only a person's status (passed, not-started …) in one course. Dates and score: get_course_progress.",
    searchHint: "did she pass, has he finished the course",
    effect: "read",
    person: { knows: "either" },
    input: input({ ...person(), course_id: id("Course", 201) }),
    output: one(CourseStatus),
  },
} satisfies Section;
