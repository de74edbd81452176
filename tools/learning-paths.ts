import { done, many, one } from "./schema/answer.ts";
import { extra, id, ids, idsOfPeople, input, prose, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { LearningPath } from "./schema/records/groups.ts";

export const learningPaths = {
  get_learning_paths: {
    title: "List learning paths",
    description: "All learning paths. People and courses of one: get_learning_path. By name: find.",
    searchHint: "curricula, programs, course bundles",
    effect: "read",
    input: input({}),
    output: many(LearningPath),
  },
  get_learning_path: {
    title: "Show a learning path",
    description: "One learning path with its people and courses. How far they are: training_status.",
    searchHint: "courses in a curriculum or program, course bundle",
    effect: "read",
    input: input({ learning_path_id: id("Path", 402) }),
    output: one(LearningPath),
  },
  create_learning_path: {
    title: "Create a learning path",
    description:
      "Create a path; people and groups given are enrolled (many ask first), and may be mailed. A repeat makes a second: see get_learning_paths first. People later: plan_enrollment.",
    searchHint: "new curriculum, program",
    effect: "add",
    input: input({
      name: text("Name", "Management 101"),
      description: prose("Purpose; else empty", "How to lead a team").optional(),
      course_ids: ids("Courses; else none", [201, 202]).optional(),
      user_ids: idsOfPeople("People; else none", [101, 102]).optional(),
      user_group_ids: ids("Groups; else none", [301]).optional(),
      extra,
    }),
    about: ["new", "people", "groups", "courses"],
    proof: {
      read: "get_learning_paths",
      holds: {
        read: "get_learning_path",
        as: "learning_path_id",
        lists: { course_ids: "courses", user_ids: "users" },
        adds: { course_ids: { by: "add_course_to_learning_path", argument: "course_id" } },
      },
    },
    undo: { with: "destroy_learning_path", made: "learning_path_id" },
    consequence: {
      kind: "many",
      asks: "Create the learning path {new} with {people|groups|courses}?",
      tells: ["reach"],
      reach: { people: ["user_ids"], through: ["user_group_ids"], targets: ["course_ids"] },
    },
    output: one(LearningPath),
  },
  update_learning_path: {
    title: "Change a learning path",
    description:
      "Rename or describe a path; the rest stays. May ask first. Courses: add_course_to_learning_path. People: plan_enrollment.",
    searchHint: "rename a curriculum",
    effect: "change",
    input: input({
      learning_path_id: id("Path", 402),
      name: text("New name", "New Hire Path").optional(),
      description: prose("New description", "The first month").optional(),
      extra,
    }),
    example: ["name", "description"],
    about: ["path"],
    keeps: ["get_learning_path"],
    proof: { read: "get_learning_path", test: { shows: {} } },
    undo: { with: "update_learning_path", same: ["learning_path_id"], before: "given" },
    consequence: {
      kind: "removing",
      asks: "Change an undocumented setting of {path}?",
      tells: ["path-holds"],
      loses: "The setting may end something or take it away.",
      when: [{ argument: "extra", value: "telling", standing: "takes-away" }],
    },
    output: done,
  },
  destroy_learning_path: {
    title: "Delete a learning path",
    description:
      "Delete a path for good; asks first. Its courses stay; enrollments had only through it may go, with progress.",
    searchHint: "delete a curriculum",
    effect: "remove",
    input: input({ learning_path_id: id("Path", 403) }),
    about: ["path"],
    keeps: ["get_learning_path"],
    proof: { read: "get_learning_path", test: { gone: true } },
    undo: {
      no: "A deleted learning path cannot be brought back.",
      instead: "A new path with the same name, people and courses can be made with create_learning_path.",
    },
    consequence: {
      kind: "irreversible",
      asks: "Delete {path}?",
      tells: ["path-holds"],
      loses: "Its courses stay; enrollments that came only through it may be lost.",
    },
    output: done,
  },
  add_course_to_learning_path: {
    title: "Add a course to a learning path",
    description:
      "Add a course to a path: everyone on it is enrolled, and may be mailed; many ask first. Repeats change nothing.",
    searchHint: "extend a curriculum",
    effect: "add",
    idempotent: true,
    input: input({ learning_path_id: id("Path", 402), course_id: id("Course", 203) }),
    about: ["path", "course"],
    keeps: ["get_learning_path"],
    proof: { read: "get_learning_path", test: { has: "course_id", in: "courses" } },
    undo: {
      with: "remove_course_from_learning_path",
      same: ["learning_path_id", "course_id"],
      unless: { read: "get_learning_path", list: "courses", argument: "course_id" },
    },
    consequence: {
      kind: "many",
      asks: "Add {course} to {path}?",
      tells: ["reach"],
      reach: { through: ["learning_path_id"], targets: ["course_id"] },
    },
    output: done,
  },
  remove_course_from_learning_path: {
    title: "Take a course off a learning path",
    description:
      "Take a course out of a path; asks first. People who had it only through the path may lose it, with progress.",
    effect: "remove",
    input: input({ course_id: id("Course", 201), learning_path_id: id("Path", 402) }),
    about: ["course", "path"],
    keeps: ["get_learning_path"],
    proof: { read: "get_learning_path", test: { lacks: "course_id", in: "courses" } },
    undo: {
      with: "add_course_to_learning_path",
      same: ["learning_path_id", "course_id"],
      only: { read: "get_learning_path", list: "courses", argument: "course_id" },
      loses: "progress that people made in it",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {course} from {path}?",
      tells: ["path-holds"],
      loses: "People who have the course only through this path may lose it.",
    },
    output: done,
  },
  add_group_to_learning_path: {
    title: "Give a learning path to a group",
    description:
      "Enroll a group's members, present and future, in a path; many ask first. May mail them; repeats change nothing. Single people: plan_enrollment.",
    searchHint: "assign a curriculum to a team",
    effect: "add",
    idempotent: true,
    input: input({ learning_path_id: id("Path", 402), user_group_id: id("Group", 303) }),
    about: ["group", "path"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { has: "learning_path_id", in: "learning_paths" } },
    undo: {
      with: "remove_group_from_learning_path",
      same: ["learning_path_id", "user_group_id"],
      unless: { read: "get_user_group", list: "learning_paths", argument: "learning_path_id" },
    },
    consequence: {
      kind: "many",
      asks: "Put {group} on {path}?",
      tells: ["reach"],
      reach: { through: ["user_group_id"], targets: ["learning_path_id"] },
    },
    output: done,
  },
  remove_group_from_learning_path: {
    title: "Take a learning path from a group",
    description:
      "Stop giving a path to a group; asks first. Members who had it only through the group may lose it, with progress. No tool takes one person off a path.",
    effect: "remove",
    input: input({ user_group_id: id("Group", 301), learning_path_id: id("Path", 402) }),
    about: ["group", "path"],
    keeps: ["get_user_group"],
    proof: { read: "get_user_group", test: { lacks: "learning_path_id", in: "learning_paths" } },
    undo: {
      with: "add_group_to_learning_path",
      same: ["learning_path_id", "user_group_id"],
      only: { read: "get_user_group", list: "learning_paths", argument: "learning_path_id" },
      loses: "progress that members made in its courses",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {group} from {path}?",
      tells: ["group-holds"],
      loses: "Members who have the path only through this group may lose it.",
    },
    output: done,
  },
} satisfies Section;
