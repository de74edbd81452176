import { coursesOf, currentProgress, enrol, unenrol } from "../model/enrollment.ts";
import { fakeKey } from "../model/fake-key.ts";
import { knownCourses } from "../model/groups.ts";
import { instantIn } from "../model/instants.ts";
import { find, personFrom } from "../model/people.ts";
import { removeCourse } from "../model/removal.ts";
import type { Course } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { issueCourseKeys } from "../server/keys.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { courseView } from "../views/course.ts";

const courseFrom = (input: Input, world: World) => find(world.courses, input.id("course_id"), "Course");

const textFields = ["description", "category", "course_code", "subscribe_key"] as const;
const customFields = Array.from({ length: 11 }, (_, n) => `ca_${n}`);

/** The page names `name` and `active`; the rest is what a course is seen to have. */
function changesIn(input: Input): Partial<Course> {
  const changes: Partial<Course> = {};
  if (input.has("name")) changes.name = input.text("name");
  const flags = {
    active: input.flag("active"),
    sell: input.flag("sell"),
    force_order: input.flag("force_order"),
  };
  for (const name of ["active", "sell", "force_order"] as const) {
    const flag = flags[name];
    if (flag !== undefined) changes[name] = flag;
  }
  for (const name of textFields) {
    const text = input.optional(name);
    if (text !== undefined) changes[name] = text;
  }
  if (input.has("tags")) changes.tags = input.list("tags");
  if (input.has("validity_length")) changes.validity_days = input.optionalId("validity_length") ?? null;
  if (input.has("estimated_course_length_in_minutes"))
    changes.minutes = input.optionalId("estimated_course_length_in_minutes") ?? null;
  return changes;
}

function customIn(input: Input): Course["custom"] {
  return Object.fromEntries(
    customFields.filter(input.has).map((name) => [name, input.optional(name) || null]),
  );
}

function create(input: Input, world: World): Course {
  const name = input.text("name");
  const changes = changesIn(input);
  const id = world.next(world.courses);
  const now = world.now();
  const course: Course = {
    id,
    name,
    description: "",
    active: true,
    category: null,
    course_code: null,
    tags: [],
    deadline_days: null,
    validity_days: null,
    minutes: null,
    force_order: false,
    sell: false,
    subscribe_key: fakeKey("subscribe", id),
    custom: customIn(input),
    items: [],
    created_at: now,
    updated_at: now,
    ...changes,
  };
  world.courses.set(id, course);
  return course;
}

function update(input: Input, world: World): Course {
  const course = courseFrom(input, world);
  const changes = changesIn(input);
  return Object.assign(course, changes, {
    custom: { ...course.custom, ...customIn(input) },
    updated_at: world.now(),
  });
}

function enrolOne(input: Input, world: World): void {
  const person = personFrom(input, world);
  const course = courseFrom(input, world);
  const until = instantIn(input, "course_enrollment_expiration_date", "end");
  enrol(world, person.id, course.id);
  const progress = currentProgress(world, person.id, course.id);
  if (progress && until !== undefined) progress.expiration_date = until;
}

function statusOf(input: Input, world: World): string {
  const person = personFrom(input, world);
  const course = courseFrom(input, world);
  const progress = currentProgress(world, person.id, course.id);
  if (progress) return progress.status;
  if (coursesOf(world, person.id).has(course.id)) return "not-started";
  throw new Refusal(404, "User is not enrolled in this course");
}

function courseKeys(input: Input, world: World): string[] {
  const course = courseFrom(input, world);
  const count = input.optionalId("count") ?? 1;
  if (count < 1 || count > 1000) throw new Refusal(422, "Invalid parameter: count");
  return issueCourseKeys(world, course, count);
}

export const courses = {
  get_courses: {
    page: [],
    answer: (_, world) => ({
      json: [...world.courses.values()].map((course) => courseView(course, world, { items: true })),
    }),
  },
  get_course: {
    page: ["course_id"],
    answer: (input, world) => ({ json: courseView(courseFrom(input, world), world, { items: true }) }),
  },
  create_course: {
    page: ["name", "active"],
    answer: (input, world) => ({ json: courseView(create(input, world), world, { items: true }) }),
  },
  update_course: {
    page: ["course_id", "name", "active"],
    answer: (input, world) => ({ json: courseView(update(input, world), world, { items: true }) }),
  },
  destroy_course: {
    page: ["course_id"],
    answer: (input, world) => {
      removeCourse(world, courseFrom(input, world));
      return success;
    },
  },
  enroll_user_in_course: {
    page: ["user_email", "course_id"],
    answer: (input, world) => {
      enrolOne(input, world);
      return success;
    },
  },
  remove_user_from_course: {
    page: ["user_email", "course_id"],
    answer: (input, world) => {
      unenrol(world, personFrom(input, world).id, courseFrom(input, world).id);
      return success;
    },
  },
  enroll_user_in_courses: {
    page: ["user_id", "course_ids"],
    answer: (input, world) => {
      const person = personFrom(input, world);
      const ids = knownCourses(input, world);
      if (ids.length === 0) throw new Refusal(422, "Missing parameter: course_ids");
      for (const id of ids) enrol(world, person.id, id);
      return success;
    },
  },
  get_course_otp: {
    page: ["course_id", "count"],
    answer: (input, world) => ({ json: { otps: courseKeys(input, world) } }),
  },
  get_user_course_status: {
    page: ["user_id", "user_email", "course_id"],
    answer: (input, world) => ({ json: { status: statusOf(input, world) } }),
  },
} satisfies Record<string, Route>;
