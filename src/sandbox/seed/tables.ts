import type { Tables } from "../model/tables.ts";
import { seedAdministration } from "./administration.ts";
import { byId } from "./by-id.ts";
import { seedCourses } from "./courses.ts";
import { seedGroups } from "./groups.ts";
import { seedLedgers } from "./ledgers.ts";
import { seedMaterialsAndReports } from "./materials-and-reports.ts";
import { seedPeople } from "./people.ts";
import { rememberLastCourse, seedProgress } from "./progress.ts";
import { seedSessions } from "./sessions.ts";

/** All tables of a fresh academy. Dates lie around `now`; everything else depends on the size alone. */
export function createTables({ now, people: size }: { now: number; people: number }): Tables {
  if (!Number.isInteger(size) || size < 2 || size > 20_000)
    throw new RangeError("The sandbox holds 2 to 20,000 people.");

  const staff = seedPeople(now, size);
  const people = byId(staff.map(({ person }) => person));
  const courses = byId(seedCourses(now));
  const groups = byId(seedGroups(now, staff));
  const learning = seedProgress(now, staff, courses, groups);
  rememberLastCourse(staff, learning.progress);

  const has = (person: number) => people.has(person);
  return {
    people,
    courses,
    groups,
    ...learning,
    ...seedSessions(now, has),
    ...seedLedgers(now, has),
    ...seedAdministration(now, has),
    ...seedMaterialsAndReports(now, has, courses),
  };
}
