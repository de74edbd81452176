import { done, many, one } from "./schema/answer.ts";
import { extra, id, ids, input, prose, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { LearningPath } from "./schema/records/groups.ts";

export const learningPaths = {
  get_learning_paths: {
    title: "List learning paths",
    description: "All learning paths; not their people or courses. For those use get_learning_path.",
    effect: "read",
    input: input({}),
    output: many(LearningPath),
  },
  get_learning_path: {
    title: "Show a learning path",
    description: "One learning path with its people and courses.",
    effect: "read",
    input: input({ learning_path_id: id("Learning path", 402) }),
    output: one(LearningPath),
  },
  create_learning_path: {
    title: "Create a learning path",
    description:
      "Create a path of courses and enroll people and groups in it at once. Later only groups can be added (add_group_to_learning_path), people with mass_enroll.",
    effect: "add",
    input: input({
      name: text("Path name", "Management 101"),
      description: prose("What it is for", "How to lead a team").optional(),
      course_ids: ids("Courses", [201, 202]).optional(),
      user_ids: ids("People", [101, 102]).optional(),
      user_group_ids: ids("Groups", [301]).optional(),
      extra,
    }),
    output: one(LearningPath),
  },
  update_learning_path: {
    title: "Change a learning path",
    description: "Rename or describe a learning path. Courses and groups have tools of their own.",
    effect: "change",
    input: input({
      learning_path_id: id("Learning path", 402),
      name: text("New name", "New Hire Path").optional(),
      description: prose("New description", "The first month").optional(),
      extra,
    }),
    needs: [{ atLeastOne: ["name", "description", "extra"] }],
    example: ["name", "description"],
    output: done,
  },
  destroy_learning_path: {
    title: "Delete a learning path",
    description: "Delete a learning path for good. Its courses stay; enrollments through it may go.",
    effect: "remove",
    input: input({ learning_path_id: id("Learning path", 403) }),
    consequence: { kind: "irreversible", says: "deletes the learning path; enrollments through it may go" },
    output: done,
  },
  add_course_to_learning_path: {
    title: "Add a course to a learning path",
    description: "Everyone on the path is enrolled in the course too and may be mailed.",
    effect: "add",
    idempotent: true,
    input: input({ learning_path_id: id("Learning path", 402), course_id: id("Course", 203) }),
    output: done,
  },
  remove_course_from_learning_path: {
    title: "Take a course off a learning path",
    description:
      "The path no longer includes this course; people who had it only through the path may lose it.",
    effect: "remove",
    input: input({ course_id: id("Course", 201), learning_path_id: id("Learning path", 402) }),
    consequence: { kind: "removing", says: "may end the course for everyone who has it through this path" },
    output: done,
  },
  add_group_to_learning_path: {
    title: "Give a learning path to a group",
    description: "Enroll all members of a group, present and future, in the path; many may be mailed.",
    effect: "add",
    idempotent: true,
    input: input({ learning_path_id: id("Learning path", 402), user_group_id: id("Group", 303) }),
    output: done,
  },
  remove_group_from_learning_path: {
    title: "Take a learning path from a group",
    description:
      "The group no longer gives this path; members who had it only through the group may lose it.",
    effect: "remove",
    input: input({ user_group_id: id("Group", 301), learning_path_id: id("Learning path", 402) }),
    consequence: { kind: "removing", says: "may end the learning path for the group's members" },
    output: done,
  },
} satisfies Section;
