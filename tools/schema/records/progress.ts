import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, date, flag, Id, idOrNull, listOf, words } from "../values.ts";
import { who } from "./people.ts";

const what = z.object({ id: Id, name: words, course_code: words });
export const Progress = kind(
  "course progress",
  "course progresses",
  {
    id: Id,
    user_id: idOrNull,
    user_email: words,
    course_id: idOrNull,
    course_name: words,
    status: words,
    percent_viewed: amount,
    days_until_deadline: amount,
    computed_deadline_date: date,
    deadline_date: date,
    real_end_date: date,
    real_start_date: date,
    enrollment_date: date,
    commencement_date: date,
    completion_date: date,
    expiration_date: date,
    expired: flag,
    next_reenrollment_date: date,
    access_date: date,
    last_course_item_id: idOrNull,
    skip_prerequisites: flag,
    override_dates: flag,
    created_at: date,
    updated_at: date,
    user: who.nullish().catch(undefined),
    course: listOf(what),
  },
  [
    "id",
    "user_id",
    "user_email",
    "course_name",
    "status",
    "percent_viewed",
    "computed_deadline_date",
    "completion_date",
  ],
  {
    repeats: {
      course_progress_id: ["id"],
      user_id: ["user_id"],
      user_email: ["user_email"],
      course_id: ["course_id"],
    },
  },
);
export const ItemProgress = kind(
  "item progress",
  "item progresses",
  {
    course_progress_id: idOrNull,
    user_id: idOrNull,
    course_item_type: words,
    status: words,
    courseable_id: idOrNull,
    completed_at: date,
  },
  ["course_progress_id", "user_id", "course_item_type", "status", "completed_at"],
);
