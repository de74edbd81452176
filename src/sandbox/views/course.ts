import type { Course, CourseItem } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { iso, seconds } from "./dates.ts";

const never = [
  "accessible_after_date",
  "start_date",
  "opening_date",
  "end_date",
  "closing_date",
  "inaccessible_after_date",
];
const noDates = Object.fromEntries(
  never.flatMap((name) => [[name, null] as const, [`${name}_int`, 0] as const]),
);

function itemView(item: CourseItem, course: Course): Record<string, unknown> {
  return {
    id: item.id,
    course_item_id: item.id,
    item_type: item.item_type,
    name: item.name,
    position: item.position,
    start_date: null,
    start_date_int: 0,
    mandatory: item.mandatory,
    description: item.position === 1 ? "Read before beginning the course." : "",
    updated_at: iso(course.updated_at),
    updated_at_int: seconds(course.updated_at),
    created_at: iso(course.created_at),
    created_at_int: seconds(course.created_at),
    article_id: item.article_id,
    ...(item.item_type === "Exam" && { exam_id: item.exam_id }),
  };
}

/** A course as the page shows one: 43 keys, one fewer inside a course progress, where its items are left out. */
export function courseView(
  course: Course,
  world: World,
  { items }: { items: boolean },
): Record<string, unknown> {
  return {
    created_at: iso(course.created_at),
    updated_at: iso(course.updated_at),
    name: course.name,
    description: course.description,
    certificate: true,
    active: course.active,
    credits: "1.0",
    ...noDates,
    force_order: course.force_order,
    validity_length: course.validity_days,
    picture_url: "",
    sell: course.sell,
    contact_email: `training@${world.domain}`,
    course_id: course.id,
    id: course.id,
    category: course.category,
    course_code: course.course_code,
    type_of_training: "Online",
    estimated_course_length_in_minutes: course.minutes,
    tags: course.tags,
    ...Object.fromEntries(
      Array.from({ length: 11 }, (_, n) => [`ca_${n}`, course.custom[`ca_${n}`] ?? null]),
    ),
    ...(items && { course_items: course.items.map((item) => itemView(item, course)) }),
  };
}
