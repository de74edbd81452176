import { afterEach, beforeEach, inject } from "vitest";
import type { World } from "../../../src/sandbox/model/world.ts";
import { openAcademy } from "../../support/academy.ts";
import { type Person, yes } from "../../support/person.ts";
import { copied } from "../../support/seeded.ts";

export const strict = inject("strict");
/** How whoever is asked answers. */
export const person: { says: Person } = { says: yes };
/** What they were asked. */
export const questions: string[] = [];
export let academy: Awaited<ReturnType<typeof openAcademy>>;

/** Arguments under which there is something to do, where the example of an operation finds it done already. */
export const somethingToDo: Readonly<Record<string, Record<string, unknown>>> = {
  enroll_user_in_course: { user_id: 103, course_id: 240 },
  enroll_user_in_courses: { user_id: 103, course_ids: [240] },
  enroll_user_in_user_group: { user_id: 102, user_group_id: 304 },
  remove_user_from_user_group: { user_id: 102, user_group_id: 301 },
  add_course_to_user_group: { user_group_id: 302, course_id: 230 },
  add_course_to_learning_path: { learning_path_id: 403, course_id: 230 },
  add_group_to_learning_path: { user_group_id: 302, learning_path_id: 403 },
  remove_group_from_learning_path: { user_group_id: 301, learning_path_id: 402 },
  create_or_update_power_users: { user_ids: [101], user_role_id: 601, dataset_ids: [701] },
  update_course_progress: { course_progress_id: 901, set_status: "failed" },
  add_course_or_learning_path_to_catalog: { course_ids: [203] },
};

/** For each test of a file a fresh academy. */
export function undoing(): void {
  beforeEach(async () => {
    questions.splice(0);
    person.says = yes;
    academy = await openAcademy({
      strict,
      // Enough for every example; the whole of it is compared again and again.
      people: 100,
      person: (form) => {
        questions.push(form.message);
        return person.says(form);
      },
    });
  });
  afterEach(() => academy.close());
}

const sums = (rows: Iterable<{ user_id: number; amount: number }>) => {
  const of: Record<number, number> = {};
  for (const { user_id, amount } of rows) of[user_id] = (of[user_id] ?? 0) + amount;
  return of;
};

/** What an administrator would call the state of the academy: no numbers of records, no instants of change. */
export function stateOf(world: World) {
  const values = <T>(table: Map<unknown, T>) => [...table.values()];
  return copied({
    people: values(world.people).map(({ updated_at: _, ...person }) => person),
    courses: values(world.courses).map(({ updated_at: _, ...course }) => course),
    groups: values(world.groups).map(({ updated_at: _, members, courses, paths, ...group }) => ({
      ...group,
      members: [...members].sort(),
      courses: [...courses].sort(),
      paths: [...paths].sort(),
    })),
    direct: [...world.enrollments]
      .map(([id, courses]) => [id, [...courses].sort()])
      .filter(([, c]) => String(c) !== ""),
    statuses: values(world.progress)
      .filter(({ status }) => status !== "not-applicable")
      .map(({ user_id, course_id, status }) => `${user_id} ${course_id} ${status}`)
      .sort(),
    items: values(world.progress).map(({ id, items }) => [
      id,
      [...items].map(([item, { status }]) => [item, status]),
    ]),
    powers: values(world.powerUsers)
      .map(({ user_id, user_role_id, dataset_ids }) => `${user_id} ${user_role_id} ${dataset_ids}`)
      .sort(),
    managers: values(world.managerships)
      .map(({ id: _, ...row }) =>
        JSON.stringify(row, (name, value) => (/_at$/.test(name) ? undefined : value)),
      )
      .sort(),
    timeslots: values(world.timeslots),
    registrations: values(world.registrations).map(({ id, user_id, status }) => ({ id, user_id, status })),
    points: sums(world.points.values()),
    skills: sums(world.skillPoints.values()),
    catalog: [...world.catalog.keys()].sort(),
  });
}

/** The number of the newest change. */
export const last = async () => {
  const { structured } = await academy.call("list_changes", { limit: 1 });
  const [newest] = (structured?.items ?? []) as { change: number }[];
  return newest?.change ?? 0;
};
