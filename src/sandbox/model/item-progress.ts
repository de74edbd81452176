import { type Input, Refusal } from "../server/route.ts";
import { currentProgress, setStatus } from "./enrollment.ts";
import { find, personFrom } from "./people.ts";
import type { CourseItem, Progress, Status } from "./tables.ts";
import type { World } from "./world.ts";

export interface ItemProgress {
  progress: Progress;
  item: CourseItem;
}

const itemTest = (input: Input): ((item: CourseItem) => boolean) => {
  const itemId = input.optionalId("course_item_id");
  if (itemId !== undefined) return (item) => item.id === itemId;
  const examId = input.optionalId("exam_id");
  if (examId !== undefined) return (item) => item.exam_id === examId;
  throw new Refusal(422, "Missing parameter: course_item_id or exam_id");
};

const candidates = (input: Input, world: World, wanted: (item: CourseItem) => boolean): Progress[] => {
  const progressId = input.optionalId("course_progress_id");
  if (progressId !== undefined) return [find(world.progress, progressId, "Course progress")];

  const person = personFrom(input, world);
  const courseId = input.optionalId("course_id");
  const courses =
    courseId === undefined
      ? [...world.courses.values()].filter((course) => course.items.some(wanted))
      : [find(world.courses, courseId, "Course")];
  if (courses.length === 0) throw new Refusal(404, "Course item not found");
  return courses.flatMap((course) => currentProgress(world, person.id, course.id) ?? []);
};

/**
 * The page lets any sufficient mix of exam_id, user_id, course_id, course_progress_id and
 * course_item_id say which item of whose progress is meant.
 */
export const itemProgressFrom = (input: Input, world: World): ItemProgress => {
  const wanted = itemTest(input);
  const progress = candidates(input, world, wanted)[0];
  if (!progress) throw new Refusal(404, "Course progress not found");

  const item = find(world.courses, progress.course_id, "Course").items.find(wanted);
  if (!item) throw new Refusal(404, "Course item not found");
  return { progress, item };
};

/** Of a passed course every item counts as passed, recorded or not. */
export const itemState = (
  progress: Progress,
  item: CourseItem,
): { status: Status; completed_at: number | null } => {
  const recorded = progress.items.get(item.id);
  if (recorded) return recorded;
  return progress.status === "passed"
    ? { status: "passed", completed_at: progress.completion_date }
    : { status: "not-started", completed_at: null };
};

const mandatoryPassed = (progress: Progress, items: readonly CourseItem[]): boolean => {
  const mandatory = items.filter((item) => item.mandatory);
  return mandatory.length > 0 && mandatory.every((item) => progress.items.get(item.id)?.status === "passed");
};

/** Passing a course marks all its items; here each keeps its own story. */
const passKeepingItems = (world: World, progress: Progress): void => {
  const items = new Map(progress.items);
  const last = progress.last_course_item_id;
  setStatus(world, progress, "passed");
  progress.items = items;
  progress.last_course_item_id = last;
};

/** Sets the item and lets an unfinished course progress follow: begun, or passed with its last mandatory item. */
export const setItemStatus = (world: World, { progress, item }: ItemProgress, status: Status): void => {
  const over = status === "passed" || status === "failed";
  const unfinished = progress.status === "not-started" || progress.status === "in-progress";
  const begun = unfinished && status !== "not-started" && status !== "not-applicable";
  if (begun && progress.status === "not-started") setStatus(world, progress, "in-progress");

  progress.items.set(item.id, { status, completed_at: over ? world.now() : null });
  progress.updated_at = world.now();
  if (!unfinished) return;

  const { items } = find(world.courses, progress.course_id, "Course");
  const passed = items.filter((one) => progress.items.get(one.id)?.status === "passed").length;
  progress.percent_viewed = Math.round((100 * passed) / items.length);
  if (begun) progress.last_course_item_id = item.id;
  if (mandatoryPassed(progress, items)) passKeepingItems(world, progress);
};
