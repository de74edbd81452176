import { currentProgress, dropProgress, enrol, setStatus } from "../model/enrollment.ts";
import { itemProgressFrom, itemState, setItemStatus } from "../model/item-progress.ts";
import { find, personFrom } from "../model/people.ts";
import { progressPage } from "../model/progress-filters.ts";
import { settableStatus } from "../model/statuses.ts";
import type { Progress } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { success } from "../server/success.ts";
import { iso, seconds } from "../views/dates.ts";
import { progressView } from "../views/progress.ts";

const named = (input: Input, world: World): Progress =>
  find(world.progress, input.id("course_progress_id"), "Course progress");

/** By its number or, as one public client does (skyprep-api §2), by person and course. */
const asked = (input: Input, world: World): Progress => {
  if (input.has("course_progress_id") || !input.has("course_id")) return named(input, world);
  const person = personFrom(input, world);
  const course = find(world.courses, input.id("course_id"), "Course");
  const progress = currentProgress(world, person.id, course.id);
  if (!progress) throw new Refusal(404, "Course progress not found");
  return progress;
};

/** Creating again after a finished one archives that and starts anew (skyprep-api §4.1); an unfinished one refuses. */
const create = (input: Input, world: World): Progress => {
  const person = personFrom(input, world);
  const course = find(world.courses, input.id("course_id"), "Course");
  const before = currentProgress(world, person.id, course.id);
  if (before?.status === "not-started" || before?.status === "in-progress") {
    throw new Refusal(422, "User already has a course progress in this course");
  }
  if (before?.status === "passed" || before?.status === "failed") setStatus(world, before, "archived");
  enrol(world, person.id, course.id);
  const opened = currentProgress(world, person.id, course.id);
  if (!opened) throw new Refusal(422, "User could not be enrolled in this course");
  return opened;
};

/** Without its record a direct enrollment ends too, or the next change to the person would open it again. */
const destroy = ({ id, user_id, course_id }: Progress, world: World): void => {
  dropProgress(world, id);
  if (!currentProgress(world, user_id, course_id)) world.enrollments.get(user_id)?.delete(course_id);
};

const itemNames = ["exam_id", "user_id", "course_id", "course_progress_id", "course_item_id"];

export const courseProgress = {
  get_course_progresses: {
    page: ["course_id", "status", "updated_at_greater_than", "updated_at_less_than", "per_page", "page"],
    answer: (input, world) => ({
      json: progressPage(input, world).map((progress) => progressView(progress, world)),
    }),
  },
  get_course_progress: {
    page: ["course_progress_id"],
    answer: (input, world) => ({ json: progressView(asked(input, world), world) }),
  },
  create_course_progress: {
    page: ["user_id", "user_email", "course_id"],
    answer: (input, world) => ({ json: progressView(create(input, world), world) }),
  },
  update_course_progress: {
    page: ["course_progress_id", "set_status"],
    answer: (input, world) => {
      const progress = named(input, world);
      setStatus(world, progress, settableStatus(input));
      return success;
    },
  },
  destroy_course_progress: {
    page: ["course_progress_id"],
    answer: (input, world) => {
      destroy(named(input, world), world);
      return { text: "success", contentType: "text/plain; charset=utf-8" };
    },
  },
  get_course_item_progress: {
    page: itemNames,
    answer: (input, world) => {
      const { progress, item } = itemProgressFrom(input, world);
      const { status, completed_at } = itemState(progress, item);
      return {
        json: {
          course_progress_id: progress.id,
          user_id: progress.user_id,
          course_item_type: item.item_type,
          status,
          courseable_id: item.item_type === "Exam" ? item.exam_id : item.article_id,
          completed_at: iso(completed_at),
          completed_at_int: seconds(completed_at),
        },
      };
    },
  },
  set_course_item_progress: {
    page: [...itemNames, "set_status"],
    answer: (input, world) => {
      const target = itemProgressFrom(input, world);
      setItemStatus(world, target, settableStatus(input));
      return success;
    },
  },
} satisfies Record<string, Route>;
