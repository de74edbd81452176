import { expect } from "vitest";
import type { Params } from "../ask.ts";
import type { DialectAcademy, Proof, Proofs, Row } from "./academy.ts";

const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id);

const paged =
  (size: number): Proof =>
  async ({ read, world }) => {
    const page = (params: Params) => read<Row[]>("get_users", params);
    const everybody = [...world.people.keys()];

    expect(idsOf(await page({}))).toEqual(everybody.slice(0, size));
    expect(idsOf(await page({ page: 2 }))).toEqual(everybody.slice(size, 2 * size));
    expect(idsOf(await page({ page: 99 }))).toEqual([]);
    expect(idsOf(await page({ per_page: 500, page: 1 }))).toEqual(everybody.slice(0, 100));
    expect(idsOf(await page({ limit: 7, page: 2 }))).toEqual(everybody.slice(7, 14));
    expect(idsOf(await page({ offset: 300 }))).toEqual(everybody.slice(300));
    expect(await read<Row[]>("get_courses")).toHaveLength(42);
  };

const pagedOf =
  (size: number): Proof =>
  async ({ read }) => {
    const { users, ...standing } = await read<{ users: Row[] }>("get_users", { page: 2 });

    expect([users.length, standing]).toEqual([size, { page: 2, per_page: size, total: 302 }]);
  };

const progress = async ({ read }: DialectAcademy, params: Params) =>
  idsOf(await read<Row[]>("get_course_progresses", params));

const unknown =
  (status: number, body: string | RegExp): Proof =>
  async ({ said }) => {
    const answers = await Promise.all([
      said("get_user", { user_email: "nobody@example.com" }),
      said("get_user", { user_id: 999_999 }),
      said("get_course", { course_id: 999_999 }),
      said("get_user_group", { user_group_id: 999_999 }),
      said("get_learning_path", { learning_path_id: 999_999 }),
      said("get_instructor_led_training_timeslot", { instructor_led_training_timeslot_id: 999_999 }),
      said("get_course_progress", { course_progress_id: 999_999 }),
      said("get_user_courses", { user_email: "nobody@example.com" }),
      said("get_skill", { skill_id: 999_999 }),
      said("enroll_user_in_course", { user_email: "nobody@example.com", course_id: 201 }),
    ]);

    const expected = typeof body === "string" ? body : expect.stringMatching(body);
    expect(answers).toEqual(answers.map(() => [status, expected]));
    expect((await said("no_such_route"))[0]).toBe(404);
    expect((await said("get_user", { user_id: 101 }))[1]).toContain('"id":101');
  };

export const listsAndAbsence = {
  "people-come-whole": {
    "by-25": paged(25),
    "by-100": paged(100),
    "by-25-of": pagedOf(25),
    "by-100-of": pagedOf(100),
  },
  "other-lists-come-whole": {
    "by-25": async ({ read, world }) => {
      const courses = [...world.courses.keys()];
      expect(idsOf(await read<Row[]>("get_courses"))).toEqual(courses.slice(0, 25));
      expect(idsOf(await read<Row[]>("get_courses", { page: 2 }))).toEqual(courses.slice(25));
      expect(idsOf(await read<Row[]>("get_courses", { per_page: 100 }))).toEqual(courses);
      expect(await read<Row[]>("get_payments")).toHaveLength(Math.min(25, world.payments.size));
      expect(await read<Row[]>("get_users")).toHaveLength(302);
      expect(await read<Row[]>("get_course_progresses")).toHaveLength(100);
    },
  },
  "progress-pages": {
    "page-ignored": async (academy) => {
      const first = await progress(academy, { page: 1, per_page: 10 });
      expect(await progress(academy, { page: 2, per_page: 10 })).toEqual(first);
    },
    capped: async (academy) => {
      expect(await progress(academy, { per_page: 100 })).toHaveLength(50);
      expect(await progress(academy, {})).toHaveLength(50);
      const [all, second] = [[...academy.world.progress.keys()], await progress(academy, { page: 2 })];
      expect(second).toEqual(all.slice(50, 100));
    },
    "from-zero": async (academy) => {
      const all = [...academy.world.progress.keys()];
      expect(await progress(academy, { page: 0, per_page: 10 })).toEqual(all.slice(0, 10));
      expect(await progress(academy, { per_page: 10 })).toEqual(all.slice(0, 10));
      expect(await progress(academy, { page: 1, per_page: 10 })).toEqual(all.slice(10, 20));
    },
  },
  "filters-filter": {
    ignored: async (academy) => {
      const { read, world } = academy;
      expect(await read<Row[]>("get_users", { email: "nobody@example.com" })).toHaveLength(302);
      expect(await progress(academy, { user_id: 101, status: "passed" })).toEqual(
        [...world.progress.keys()].slice(0, 100),
      );
      expect(await read<Row[]>("get_payments", { status: "none" })).toHaveLength(world.payments.size);
    },
    refused: async ({ said, read }) => {
      expect(await said("get_users", { email: "avery@example.com" })).toEqual([
        422,
        "Unknown parameter: email",
      ]);
      expect(await said("get_course_progresses", { user_id: 101 })).toEqual([
        422,
        "Unknown parameter: user_id",
      ]);
      expect(await said("get_course_progresses", { "user_email[]": "a" })).toEqual([
        422,
        "Unknown parameter: user_email",
      ]);
      expect((await said("get_course_progresses", { course_id: 201, status: "passed" }))[0]).toBe(200);
      expect(await read<Row[]>("get_users", { limit: 5 })).toHaveLength(5);
    },
    "any-of": async (academy) => {
      const { read, world } = academy;
      const [one] = world.people.values();
      const people = await read<Row[]>("get_users", { email: one?.email ?? "", first_name: "Nobody" });
      expect(idsOf(people)).toEqual([one?.id]);
      const wanted = [...world.progress.values()].filter(
        (row) => row.user_id === 101 || row.course_id === 201 || row.status === "failed",
      );
      expect(await progress(academy, { user_id: 101, course_id: 201, status: "failed" })).toEqual(
        wanted.slice(0, 100).map(({ id }) => id),
      );
    },
  },
  "archived-are-listed": {
    "left-out": async (academy) => {
      const { read, world, ask } = academy;
      const [first] = world.progress.values();
      const id = first?.id ?? 0;
      world.progress.set(id, { ...(first as NonNullable<typeof first>), status: "archived" });
      expect(await progress(academy, { per_page: 1 })).not.toContain(id);
      expect(await progress(academy, { status: "archived,passed", per_page: 100 })).toContain(id);
      expect((await ask("get_course_progress", { course_progress_id: id })).status).toBe(200);
      const rows = await read<Row[]>("get_course_progresses", { user_id: first?.user_id ?? 0 });
      expect(rows.map(({ status }) => status)).not.toContain("archived");
    },
  },
  "deleted-are-gone": {
    listed: async ({ read, ask, said }) => {
      await ask("destroy_user", { user_email: "avery@example.com" });

      const rows = await read<Row[]>("get_users");
      expect(rows).toHaveLength(302);
      expect(rows.filter(({ deleted_at }) => deleted_at !== null)).toEqual([
        expect.objectContaining({ id: 101, deleted_at: "2026-05-07T12:00:00.000-04:00" }),
      ]);
      expect(await read<Row[]>("get_users", { email: "avery@example.com" })).toHaveLength(1);
      expect(await said("get_user", { user_id: 101 })).toEqual([404, "User not found"]);
    },
  },
  "unknown-is-404": {
    "says-error": unknown(200, '{"message":"error"}'),
    page: unknown(404, /^<!DOCTYPE html>/),
    unprocessable: unknown(422, "Record could not be found"),
    "empty-list": unknown(200, "[]"),
    owner: async ({ read, said, world }) => {
      const owner = [...world.people.values()].find(({ role }) => role === "admin");
      expect(await read("get_user", { user_email: "nobody@example.com" })).toMatchObject({ id: owner?.id });
      expect((await said("get_user", { user_id: 999_999 }))[0]).toBe(404);
      expect((await said("destroy_user", { user_email: "nobody@example.com" }))[0]).toBe(404);
      expect(world.people.size).toBe(302);
    },
    nothing: unknown(200, "null"),
  },
} satisfies Proofs<
  | "people-come-whole"
  | "other-lists-come-whole"
  | "progress-pages"
  | "filters-filter"
  | "archived-are-listed"
  | "deleted-are-gone"
  | "unknown-is-404"
>;
