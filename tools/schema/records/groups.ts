import { kind } from "../answer.ts";
import { listOf } from "../values.ts";
import { Course } from "./courses.ts";
import { GroupRow, group } from "./group-row.ts";
import { Person } from "./people.ts";

const PathRow = kind("learning path", "learning paths", group, ["id", "name", "force_order", "category"]);
export const Group = kind(
  "group",
  "groups",
  {
    ...group,
    users: listOf(Person.schema),
    courses: listOf(Course.schema),
    learning_paths: listOf(GroupRow),
  },
  ["id", "name", "full_name", "user_group_id", "category"],
  {
    nested: { users: Person, courses: Course, learning_paths: PathRow },
    pagedBy: {
      users: 'export_report {"report": "single_group_all_users", "of": ["{id}"], "limit": 100}',
      courses: 'export_report {"report": "single_group_all_courses", "of": ["{id}"], "limit": 100}',
    },
    repeats: { user_group_id: ["id"] },
  },
);
export const LearningPath = kind(
  "learning path",
  "learning paths",
  { ...group, users: listOf(Person.schema), courses: listOf(Course.schema) },
  ["id", "name", "force_order", "category"],
  {
    nested: { users: Person, courses: Course },
    pagedBy: { users: 'training_status {"path": "{id}", "show": "not-started"}, and other statuses' },
    repeats: { learning_path_id: ["id"] },
  },
);
