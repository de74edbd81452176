import { day, endOfDay, hour } from "../model/calendar.ts";
import type { Course, Group, Progress, Status } from "../model/tables.ts";
import type { Seeded } from "./people.ts";
import type { Random } from "./random.ts";

/** People up to this number also chose courses by themselves; in a bigger academy the rest only have their groups'. */
const choosers = 402;

interface Story {
  status: Status;
  /** Days ago. */
  enrolled: number;
  started?: number;
  finished?: number;
}

/** Avery, the everyday example: passed, under way, not begun, and one course overdue. */
const avery: Record<number, Story> = {
  201: { status: "in-progress", enrolled: 6, started: 6 },
  202: { status: "passed", enrolled: 120, started: 118, finished: 110 },
  203: { status: "not-started", enrolled: 44 },
  205: { status: "in-progress", enrolled: 20, started: 3 },
  216: { status: "not-started", enrolled: 10 },
  217: { status: "passed", enrolled: 100, started: 90, finished: 80 },
  240: { status: "not-started", enrolled: 15 },
};

const jordan: Record<number, Story> = {
  202: { status: "passed", enrolled: 125, started: 124, finished: 60 },
  201: { status: "passed", enrolled: 128, started: 128, finished: 121 },
};

function tell(random: Random, enrolled: number, course: Course): Story {
  const ripe = Math.min(1, enrolled / 40);
  const draw = random.next();
  const started = random.between(Math.ceil(enrolled * 0.6), enrolled);
  // Most finish near the deadline, some long after it.
  const pace = Math.max(3, (course.deadline_days ?? 60) * (random.chance(0.85) ? 0.9 : 2.5));
  const finished = Math.max(
    0,
    enrolled - random.between(1, Math.max(1, Math.min(enrolled, Math.round(pace)))),
  );
  if (draw < 0.8 * ripe)
    return { status: "passed", enrolled, started: Math.max(started, finished), finished };
  if (draw < 0.85 * ripe)
    return { status: "failed", enrolled, started: Math.max(started, finished), finished };
  if (draw < 0.87 * ripe) return { status: "not-applicable", enrolled };
  return random.chance(0.5)
    ? { status: "in-progress", enrolled, started }
    : { status: "not-started", enrolled };
}

function itemsOf(course: Course, status: Status, at: number): Progress["items"] {
  const items: Progress["items"] = new Map();
  const done = { status: "passed" as const, completed_at: at };
  if (status === "in-progress") {
    for (const item of course.items.slice(0, Math.ceil(course.items.length / 2))) items.set(item.id, done);
  } else if (status !== "not-started" && status !== "not-applicable") {
    const exam = status === "failed" ? { status: "failed" as const, completed_at: at } : done;
    for (const item of course.items) items.set(item.id, item.item_type === "Exam" ? exam : done);
  }
  // Rows may change later: none shares what became of an item with another.
  for (const [id, state] of items) items.set(id, { ...state });
  return items;
}

function rowOf(now: number, person: number, course: Course, story: Story): Omit<Progress, "id"> {
  const at = (ago: number) => now - ago * day - 2 * hour;
  const enrolled = at(story.enrolled);
  const commenced = story.started === undefined ? null : at(story.started) + hour / 2;
  const completed = story.finished === undefined ? null : at(story.finished) + hour;
  const items = itemsOf(course, story.status, completed ?? commenced ?? enrolled);
  return {
    user_id: person,
    course_id: course.id,
    status: story.status,
    percent_viewed:
      completed !== null ? 100 : Math.round((items.size / Math.max(1, course.items.length)) * 100),
    last_course_item_id: [...items.keys()].at(-1) ?? null,
    enrollment_date: enrolled,
    commencement_date: commenced,
    completion_date: completed,
    deadline_date: course.deadline_days === null ? null : endOfDay(enrolled + course.deadline_days * day),
    expiration_date:
      story.status === "passed" && completed !== null && course.validity_days !== null
        ? completed + course.validity_days * day
        : null,
    items,
    created_at: enrolled,
    updated_at: completed ?? commenced ?? enrolled,
  };
}

/** A person's records in one course: often one, two where a pass ran out and the course was given anew. */
function recordsOf(now: number, { person, random }: Seeded, course: Course): Omit<Progress, "id">[] {
  const told = person.id === 101 ? avery[course.id] : person.id === 102 ? jordan[course.id] : undefined;
  if (told) return [rowOf(now, person.id, course, told)];

  const employed = Math.floor((now - person.created_at) / day);
  const enrolled = Math.min(employed, random.between(1, 430));
  const first = rowOf(now, person.id, course, tell(random, enrolled, course));
  if (first.expiration_date === null || first.expiration_date > now || random.chance(0.4)) return [first];

  const again = Math.floor((now - first.expiration_date) / day);
  return [{ ...first, status: "archived" }, rowOf(now, person.id, course, tell(random, again, course))];
}

function chosenBy({ person, random }: Seeded, courses: readonly Course[]): number[] {
  if (person.id === 101) return [217, 240];
  if (person.id === 102) return [];
  if (person.id > choosers) return [];
  const count = random.between(0, 4);
  return Array.from({ length: count }, () => random.pick(courses))
    .filter((course) => course.active)
    .map((course) => course.id);
}

function givenTo(person: number, groups: ReadonlyMap<number, Group>): Set<number> {
  const given = new Set<number>();
  for (const group of groups.values()) {
    if (!group.members.has(person)) continue;
    for (const id of group.courses) given.add(id);
    for (const path of group.paths) for (const id of groups.get(path)?.courses ?? []) given.add(id);
  }
  return given;
}

export interface Learning {
  enrollments: Map<number, Set<number>>;
  progress: Map<number, Progress>;
}

/** A year and a bit of learning, so that what the groups give is what the records say. */
export function seedProgress(
  now: number,
  staff: readonly Seeded[],
  courses: ReadonlyMap<number, Course>,
  groups: ReadonlyMap<number, Group>,
): Learning {
  const enrollments = new Map<number, Set<number>>();
  const progress = new Map<number, Progress>();
  const all = [...courses.values()];
  const rows: Omit<Progress, "id">[] = [];
  for (const seeded of staff) {
    const id = seeded.person.id;
    const direct = new Set(chosenBy(seeded, all));
    if (direct.size > 0) enrollments.set(id, direct);
    for (const course of new Set([...direct, ...givenTo(id, groups)])) {
      const row = courses.get(course);
      if (row) rows.push(...recordsOf(now, seeded, row));
    }
  }
  // The page's samples: 901 is Avery in 201, 902 stands for course 202.
  const lead = (row: Omit<Progress, "id">) =>
    row.user_id === 101 && row.course_id === 201 ? 0 : row.user_id === 102 && row.course_id === 202 ? 1 : 2;
  rows.sort((a, b) => lead(a) - lead(b) || a.created_at - b.created_at);
  for (const [n, row] of rows.entries()) progress.set(901 + n, { id: 901 + n, ...row });
  return { enrollments, progress };
}

/** Where people were last, and when their rows were last touched. */
export function rememberLastCourse(staff: readonly Seeded[], progress: ReadonlyMap<number, Progress>): void {
  const latest = new Map<number, Progress>();
  for (const row of progress.values()) {
    const known = latest.get(row.user_id);
    if (row.commencement_date !== null && (!known || row.updated_at > known.updated_at))
      latest.set(row.user_id, row);
  }
  for (const { person } of staff) {
    if (person.id <= 102) continue;
    const row = latest.get(person.id);
    if (!row) continue;
    person.last_course_id = row.course_id;
    person.updated_at = Math.max(person.updated_at, row.updated_at);
  }
}
