import { done } from "./schema/answer.ts";
import { id, ids, input } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";

export const catalog = {
  add_course_or_learning_path_to_catalog: {
    title: "Put in the catalog",
    description:
      "Let people find and join courses or paths by themselves; enrolls nobody. Repeats change nothing. Who sees what is in it: update_catalog_enrollments.",
    searchHint: "self-enrollment, let people find a course themselves",
    effect: "add",
    idempotent: true,
    input: input({
      course_ids: ids("Courses", [201, 202]).optional(),
      learning_path_ids: ids("Paths", [402]).optional(),
      user_group_ids: ids("Only these groups see them; else all", [301]).optional(),
    }),
    needs: [{ atLeastOne: ["course_ids", "learning_path_ids"] }],
    example: ["course_ids"],
    widens: ["user_group_ids"],
    about: ["courses", "paths", "groups"],
    proof: { read: "get_courses" },
    undo: {
      with: "remove_course_or_learning_path_from_catalog",
      single: { course_ids: "course_id", learning_path_ids: "learning_path_id" },
      loses: "a place in the catalog that it had before and which groups saw it there",
    },
    output: done,
  },
  remove_course_or_learning_path_from_catalog: {
    title: "Take out of the catalog",
    description:
      "Hide a course, a path or both from the catalog; asks first. Enrollments stay; which groups saw it is forgotten.",
    searchHint: "hide a course, self-enrollment off",
    effect: "remove",
    input: input({
      course_id: id("Course", 216).optional(),
      learning_path_id: id("Path", 403).optional(),
    }),
    needs: [{ atLeastOne: ["course_id", "learning_path_id"] }],
    example: ["course_id"],
    about: ["course", "path"],
    proof: { read: "get_courses" },
    undo: {
      no: "It can only be put back for everyone: which groups saw it before cannot be read.",
      instead:
        "Put it back with add_course_or_learning_path_to_catalog, with user_group_ids for the groups that should see it.",
    },
    consequence: {
      kind: "removing",
      asks: "Remove {course|path} from the catalog?",
      loses: "Nobody can find it there any more; enrollments stay.",
    },
    output: done,
  },
  update_catalog_enrollments: {
    title: "Set who sees catalog entries",
    description:
      "Set which groups see what is in the catalog; asks first. May replace those set before, which cannot be read: give all. New entries: add_course_or_learning_path_to_catalog. To everybody again: remove, then add.",
    searchHint: "catalog visibility",
    effect: "change",
    input: input({
      course_ids: ids("Courses", [216]).optional(),
      learning_path_ids: ids("Paths", [403]).optional(),
      user_group_ids: ids("Groups that see them", [301]),
    }),
    needs: [{ atLeastOne: ["course_ids", "learning_path_ids"] }],
    example: ["course_ids"],
    wire: { course_ids: { as: "course_id" }, learning_path_ids: { as: "learning_path_id" } },
    about: ["courses", "paths", "groups"],
    proof: { read: "get_courses" },
    undo: { no: "Which groups saw it before cannot be read, so they cannot be put back." },
    consequence: {
      kind: "removing",
      asks: "Show {courses|paths} in the catalog only to {groups}?",
      loses: "This may replace the groups that were set before.",
    },
    output: done,
  },
} satisfies Section;
