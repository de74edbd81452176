import { fakeKey } from "../model/fake-key.ts";
import { find } from "../model/people.ts";
import type { Progress } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { courseView } from "./course.ts";
import { formatted, iso } from "./dates.ts";
import { personView } from "./person.ts";

const DAY = 86_400_000;

/** The page's 40 keys; `course` is a list of one, without its items. */
export const progressView = (progress: Progress, world: World): Record<string, unknown> => {
  const person = find(world.people, progress.user_id, "User");
  const course = find(world.courses, progress.course_id, "Course");
  const deadline = progress.deadline_date;
  const expiry = progress.expiration_date;
  const reenrollment = progress.status === "passed" ? expiry : null;
  const certificate = `course_progress_id=${progress.id}`;

  return {
    id: progress.id,
    days_until_deadline: deadline === null ? null : Math.floor((deadline - world.now()) / DAY),
    created_at: iso(progress.created_at),
    updated_at: iso(progress.updated_at),
    skip_prerequisites: false,
    course_id: progress.course_id,
    course_name: course.name,
    user_id: person.id,
    user_email: person.email,
    status: progress.status,
    commencement_date: iso(progress.commencement_date),
    enrollment_date: iso(progress.enrollment_date),
    completion_date: iso(progress.completion_date),
    last_course_item_id: progress.last_course_item_id,
    percent_viewed: progress.percent_viewed,
    display_percent_viewed: progress.percent_viewed,
    expiration_date: iso(expiry),
    expired: expiry !== null && expiry <= world.now(),
    access_date: null,
    deadline_date: iso(deadline),
    override_dates: false,
    real_end_date: iso(deadline),
    real_start_date: null,
    certificate_view_link: `https://${world.domain}/certificates/show?${certificate}&f=pdf`,
    public_certificate_view_link: `https://${world.domain}/public_api/view_certificate?${certificate}&view_key=${fakeKey("certificate", progress.id)}`,
    computed_deadline_date: iso(deadline),
    custom_properties: [],
    next_reenrollment_date: iso(reenrollment),
    formatted_commencement_date: formatted(progress.commencement_date),
    formatted_enrollment_date: formatted(progress.enrollment_date),
    formatted_completion_date: formatted(progress.completion_date),
    formatted_expiration_date: formatted(expiry),
    formatted_access_date: "",
    formatted_deadline_date: formatted(deadline),
    formatted_real_end_date: formatted(deadline),
    formatted_real_start_date: "",
    formatted_computed_deadline_date: formatted(deadline),
    formatted_next_reenrollment_date: formatted(reenrollment),
    user: personView(world, person),
    course: [courseView(course, world, { items: false })],
  };
};
