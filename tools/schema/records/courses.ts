import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, custom, date, flag, Id, idOrNull, listOf, texts, words } from "../values.ts";

const item = {
  id: Id,
  item_type: words,
  name: words,
  position: amount,
  mandatory: flag,
  description: words,
  article_id: idOrNull,
  exam_id: idOrNull,
};
const course = {
  id: Id,
  name: words,
  course_code: words,
  active: flag,
  category: words,
  type_of_training: words,
  description: words,
  certificate: flag,
  credits: words,
  estimated_course_length_in_minutes: amount,
  validity_length: words,
  force_order: flag,
  sell: flag,
  contact_email: words,
  tags: texts,
  accessible_after_date: date,
  start_date: date,
  opening_date: date,
  end_date: date,
  closing_date: date,
  inaccessible_after_date: date,
  created_at: date,
  updated_at: date,
  ...custom,
  course_items: listOf(z.object(item)),
};
const CourseItem = kind("course item", "course items", item, [
  "id",
  "item_type",
  "name",
  "position",
  "mandatory",
  // Which material it shows: the only way to tell what a document is used by.
  "article_id",
]);
export const Course = kind("course", "courses", course, ["id", "name", "course_code", "active", "category"], {
  nested: { course_items: CourseItem },
  repeats: { course_id: ["course_id", "id"] },
});

export const CourseStatus = kind("course status", "course statuses", { status: words }, ["status"]);
export const CourseKeys = kind("one-time course keys", "one-time course keys", { otps: texts }, ["otps"], {
  holds: "otps",
});
