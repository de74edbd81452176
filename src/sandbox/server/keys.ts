import { enrol } from "../model/enrollment.ts";
import { fakeKey } from "../model/fake-key.ts";
import type { Course, Person } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { Refusal } from "./route.ts";

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** `ABCD-1234`, out of a number that no earlier key was made of. */
function keyOf(course: Course, serial: number): string {
  const digits = fakeKey("otp", course.id, serial);
  const front = [0, 2, 4, 6].map(
    (at) => letters[Number.parseInt(digits.slice(at, at + 2), 16) % letters.length],
  );
  return `${front.join("")}-${String(Number.parseInt(digits.slice(8, 14), 16) % 10_000).padStart(4, "0")}`;
}

/** One-time keys for a course; used ones stay remembered as spent, so none comes twice. */
export function issueCourseKeys(world: World, course: Course, count: number): string[] {
  const keys: string[] = [];
  for (let serial = world.courseKeys.size; keys.length < count; serial += 1) {
    const key = keyOf(course, serial);
    if (world.courseKeys.has(key)) continue;
    world.courseKeys.set(key, {
      key,
      course_id: course.id,
      subscribe_key: course.subscribe_key,
      used: false,
    });
    keys.push(key);
  }
  return keys;
}

/** What a learner does with a key in the course's self-enrollment page: no API route does it. */
export function redeemCourseKey(world: World, key: string, person: Person): void {
  const row = world.courseKeys.get(key);
  const course = row && world.courses.get(row.course_id);
  if (!course || row.used || row.subscribe_key !== course.subscribe_key)
    throw new Refusal(422, "Invalid key");
  row.used = true;
  enrol(world, person.id, course.id);
}

const kinds = ["otl", "daily"];

export function issueLoginKey(world: World, person: Person, type: string): string {
  if (!kinds.includes(type)) throw new Refusal(422, "Invalid parameter: key_type");
  const now = world.now();
  const key = fakeKey("login", person.id, now, world.loginKeys.size);
  world.loginKeys.set(key, { key, user_id: person.id, type, created_at: now, used: false });
  return key;
}

const utcDay = (ms: number) => Math.floor(ms / 86_400_000);

/** What opening the link does: one-time keys die of it, daily ones at the end of their UTC day (skyprep-api §2). */
export function signInWith(world: World, key: string): Person {
  const row = world.loginKeys.get(key);
  const person = row && world.people.get(row.user_id);
  const now = world.now();
  if (!person || row.used || (row.type === "daily" && utcDay(row.created_at) !== utcDay(now)))
    throw new Refusal(422, "Invalid key");
  row.used = row.type === "otl";
  person.last_login = now;
  return person;
}
