import { day, endOfDay } from "./calendar.ts";
import type { Group, Progress, Status } from "./tables.ts";
import type { World } from "./world.ts";

const isOpen = (row: Progress) => row.status === "not-started" || row.status === "in-progress";

/** Groups and learning paths a person is in, paths through groups included. */
function* collectionsOf(world: World, userId: number): Generator<Group> {
  const paths = new Set<number>();
  for (const group of world.groups.values()) {
    if (!group.members.has(userId)) continue;
    yield group;
    for (const id of group.paths) paths.add(id);
  }
  for (const id of paths) {
    const path = world.groups.get(id);
    if (path && !path.members.has(userId)) yield path;
  }
}

function dueTo(world: World, userId: number): Set<number> {
  const due = new Set(world.enrollments.get(userId));
  for (const collection of collectionsOf(world, userId)) for (const id of collection.courses) due.add(id);
  return due;
}

/** All of a person's records, in order of number. */
export function progressOf(world: World, userId: number): Progress[] {
  return world.progress.of(userId).sort((a, b) => a.id - b.id);
}

/** The record that counts now: the newest that is not archived. */
export function currentProgress(world: World, userId: number, courseId: number): Progress | undefined {
  return progressOf(world, userId).findLast((row) => row.course_id === courseId && row.status !== "archived");
}

/** Courses a person has, directly and through groups and paths, except those set to not-applicable. */
export function coursesOf(world: World, userId: number): Set<number> {
  const due = dueTo(world, userId);
  const current = new Map(progressOf(world, userId).map((row) => [row.course_id, row] as const));
  for (const [courseId, row] of current) if (row.status === "not-applicable") due.delete(courseId);
  return due;
}

function openProgress(world: World, userId: number, courseId: number): Progress {
  const now = world.now();
  const deadline = world.courses.get(courseId)?.deadline_days ?? null;
  const row: Progress = {
    id: world.next(world.progress),
    user_id: userId,
    course_id: courseId,
    status: "not-started",
    percent_viewed: 0,
    last_course_item_id: null,
    enrollment_date: now,
    commencement_date: null,
    completion_date: null,
    deadline_date: deadline === null ? null : endOfDay(now + deadline * day),
    expiration_date: null,
    items: new Map(),
    created_at: now,
    updated_at: now,
  };
  world.progress.set(row.id, row);
  return row;
}

/** Takes a record away, and its number out of registrations. */
export function dropProgress(world: World, id: number): void {
  world.progress.delete(id);
  for (const registration of world.registrations.values())
    if (registration.course_progress_id === id) registration.course_progress_id = null;
}

/** Brings a person's records in line with what is due: opens what is missing, drops what is open and no longer due. */
export function syncPerson(world: World, userId: number): void {
  const due = dueTo(world, userId);
  const current = new Set<number>();
  for (const row of world.progress.of(userId)) {
    if (isOpen(row) && !due.has(row.course_id)) dropProgress(world, row.id);
    else if (row.status !== "archived") current.add(row.course_id);
  }
  for (const courseId of due) if (!current.has(courseId)) openProgress(world, userId, courseId);
}

/**
 * Puts a person in a course. Who was taken off it starts anew; who passed it and has let the pass
 * run out gets a fresh record beside the archived one.
 */
export function enrol(world: World, userId: number, courseId: number): void {
  const direct = world.enrollments.get(userId) ?? new Set();
  world.enrollments.set(userId, direct.add(courseId));

  const current = currentProgress(world, userId, courseId);
  if (current?.status === "not-applicable") setStatus(world, current, "not-started");
  const lapsed = current?.status === "passed" && (current.expiration_date ?? Infinity) <= world.now();
  if (current && lapsed) setStatus(world, current, "archived");
  syncPerson(world, userId);
}

/** Undoes a direct enrollment; what a group or path gives stays. */
export function unenrol(world: World, userId: number, courseId: number): void {
  world.enrollments.get(userId)?.delete(courseId);
  syncPerson(world, userId);
}

function finishItems(world: World, progress: Progress, exam: Status): void {
  const course = world.courses.get(progress.course_id);
  for (const item of course?.items ?? []) {
    const status = item.item_type === "Exam" ? exam : "passed";
    progress.items.set(item.id, { status, completed_at: world.now() });
    progress.last_course_item_id = item.id;
  }
}

/** Gives a record a status and the dates that go with it; not-applicable takes the course off the person. */
export function setStatus(world: World, progress: Progress, status: Status): void {
  const now = world.now();
  const validity = world.courses.get(progress.course_id)?.validity_days ?? null;
  progress.status = status;
  progress.updated_at = now;
  if (status === "archived") return;

  const finished = status === "passed" || status === "failed";
  progress.completion_date = finished ? now : null;
  progress.expiration_date = status === "passed" && validity !== null ? now + validity * day : null;
  if (finished || status === "in-progress") progress.commencement_date ??= now;
  if (finished) {
    finishItems(world, progress, status);
    progress.percent_viewed = 100;
  } else if (status === "not-started") {
    progress.items.clear();
    progress.percent_viewed = 0;
    progress.commencement_date = null;
    progress.last_course_item_id = null;
  }
}
