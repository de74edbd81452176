import { done, many, one } from "./schema/answer.ts";
import { day, extra, id, ids, idsOfPeople, input, person, prose, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Group } from "./schema/records/groups.ts";

export const userGroups = {
  get_user_groups: {
    title: "List groups",
    description: "All groups with their parents. Members and courses: get_user_group. By name: find.",
    searchHint: "teams, departments",
    effect: "read",
    input: input({}),
    output: many(Group),
  },
  get_user_group: {
    title: "Show a group",
    description: "One group with its people, courses and learning paths. How its people do: training_status.",
    searchHint: "members of a team or department, who is in a group",
    effect: "read",
    input: input({ user_group_id: id("Group", 301) }),
    output: one(Group),
  },
  create_user_group: {
    title: "Create a group",
    description:
      "Create a group; its members, also later ones, get its courses and may be mailed; many ask first. A repeat makes a second: see get_user_groups first.",
    searchHint: "new team, department, location",
    effect: "add",
    input: input({
      name: text("Name", "Night Shift"),
      course_ids: ids("Courses; else none", [201, 202]).optional(),
      user_ids: idsOfPeople("Members; else none", [101, 102]).optional(),
      extra,
    }),
    about: ["new", "people", "courses"],
    proof: {
      read: "get_user_groups",
      holds: {
        read: "get_user_group",
        as: "user_group_id",
        lists: { course_ids: "courses", user_ids: "users" },
        adds: {
          course_ids: { by: "add_course_to_user_group", argument: "course_id" },
          user_ids: { by: "enroll_user_in_user_group", argument: "user_id" },
        },
      },
    },
    undo: { with: "destroy_user_group", made: "user_group_id" },
    consequence: {
      kind: "many",
      asks: "Create the group {new} with {people|courses}?",
      tells: ["reach"],
      reach: { people: ["user_ids"], targets: ["course_ids"] },
    },
    output: one(Group),
  },
  update_user_group: {
    title: "Change a group",
    description:
      "Rename or describe a group; the rest stays; may ask first. Members: enroll_user_in_user_group. Courses: add_course_to_user_group.",
    searchHint: "rename a team",
    effect: "change",
    input: input({
      user_group_id: id("Group", 301),
      name: text("New name", "Sales Team EMEA").optional(),
      description: prose("New description", "Everyone who sells").optional(),
      extra,
    }),
    example: ["name"],
    about: ["group"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { shows: {} } },
    undo: { with: "update_user_group", same: ["user_group_id"], before: "given" },
    consequence: {
      kind: "removing",
      asks: "Change an undocumented setting of {group}?",
      tells: ["group-holds"],
      loses: "The setting may end something or take it away.",
      when: [{ argument: "extra", value: "telling", standing: "takes-away" }],
    },
    output: done,
  },
  destroy_user_group: {
    title: "Delete a group",
    description:
      "Delete a group for good; asks first. People and courses stay; enrollments had only through it may go, with progress. One member: remove_user_from_user_group.",
    searchHint: "delete a team or department",
    effect: "remove",
    input: input({ user_group_id: id("Group", 302) }),
    about: ["group"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { gone: true } },
    undo: {
      no: "A deleted group cannot be brought back.",
      instead: "A new group with the same name, people and courses can be made with create_user_group.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {group}?",
      tells: ["group-holds"],
      loses:
        "Its people and courses stay; what people had only through the group may be lost, and so may its managers' rights.",
    },
    output: done,
  },
  enroll_user_in_user_group: {
    title: "Add a person to a group",
    description:
      "Make one person a member: they get the group's courses and paths, and may be mailed. Repeats change nothing; an end day may ask first. Several people: plan_enrollment.",
    searchHint: "join a team, move to another department",
    effect: "add",
    idempotent: true,
    person: { knows: "either" },
    input: input({
      ...person(),
      user_group_id: id("Group", 303),
      user_group_enrollment_expiration_date: day(
        "Last day as a member",
        "2027-12-31",
        "else no end",
      ).optional(),
    }),
    besides: {
      user_group_enrollment_expiration_date:
        "That day ends the membership. Deadlines do not move with it: they are the courses' own, and are changed in SkyPrep's web admin.",
    },
    about: ["person", "group"],
    keeps: ["get_user_group_enrollments_for_user"],
    proof: { read: "get_user_group_enrollments_for_user", test: { has: "user_group_id" } },
    undo: {
      with: "remove_user_from_user_group",
      same: ["user_id", "user_email", "user_group_id"],
      unless: { read: "get_user_group_enrollments_for_user", argument: "user_group_id" },
    },
    consequence: {
      kind: "many",
      asks: "Add {person} to {group}?",
      tells: ["reach"],
      reach: { people: ["user_id", "user_email"], targets: ["user_group_id"] },
    },
    also: [
      {
        kind: "removing",
        asks: "Set the membership of {person} in {group} to end on {=user_group_enrollment_expiration_date}?",
        tells: ["ends"],
        when: [
          { argument: "user_group_enrollment_expiration_date", value: "past" },
          { argument: "user_group_enrollment_expiration_date", standing: "in-already" },
        ],
      },
    ],
    output: done,
  },
  remove_user_from_user_group: {
    title: "Take a person out of a group",
    description:
      "End a membership; asks first. Courses had only through the group may go, with progress. To move somebody, add to the new group first.",
    searchHint: "leave a team, change department",
    effect: "remove",
    person: { knows: "user_id" },
    input: input({ ...person(), user_group_id: id("Group", 301) }),
    about: ["person", "group"],
    keeps: ["get_user_group_enrollments_for_user"],
    proof: { read: "get_user_group_enrollments_for_user", test: { lacks: "user_group_id" } },
    undo: {
      with: "enroll_user_in_user_group",
      same: ["user_id", "user_email", "user_group_id"],
      only: { read: "get_user_group_enrollments_for_user", argument: "user_group_id" },
      loses: "progress made in the group's courses and the membership's end date",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {person} from {group}?",
      tells: ["through-group"],
    },
    output: done,
  },
  get_user_group_enrollments_for_user: {
    title: "List a person's groups",
    description:
      "Groups a person is a member of. Who is in one: get_user_group. Groups they manage: access_review.",
    searchHint: "which team or department is he in",
    effect: "read",
    person: { knows: "either" },
    input: input({ ...person() }),
    output: many(Group),
  },
  add_course_to_user_group: {
    title: "Give a course to a group",
    description:
      "Enroll a group's members, present and future, in a course; many ask first. May mail them; repeats change nothing. Present members only: plan_enrollment.",
    searchHint: "assign a course to a team or department",
    effect: "add",
    idempotent: true,
    input: input({ user_group_id: id("Group", 301), course_id: id("Course", 203) }),
    about: ["group", "course"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { has: "course_id", in: "courses" } },
    undo: {
      with: "remove_course_from_user_group",
      same: ["user_group_id", "course_id"],
      unless: { read: "get_user_group", list: "courses", argument: "course_id" },
    },
    consequence: {
      kind: "many",
      asks: "Add {course} to {group}?",
      tells: ["reach"],
      reach: { through: ["user_group_id"], targets: ["course_id"] },
    },
    output: done,
  },
  remove_course_from_user_group: {
    title: "Take a course from a group",
    description:
      "Stop giving a course to a group; asks first. Members who had it only through the group may lose it, with progress. One member: update_course_progress with not-applicable.",
    searchHint: "unassign a course from a team",
    effect: "remove",
    input: input({ course_id: id("Course", 201), user_group_id: id("Group", 301) }),
    about: ["course", "group"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { lacks: "course_id", in: "courses" } },
    undo: {
      with: "add_course_to_user_group",
      same: ["user_group_id", "course_id"],
      only: { read: "get_user_group", list: "courses", argument: "course_id" },
      loses: "progress that members made in it",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {course} from {group}?",
      tells: ["group-holds"],
      loses: "Members who have the course only through this group may lose it.",
    },
    output: done,
  },
} satisfies Section;
