import { expect } from "vitest";
import type { DialectAcademy, Proof, Proofs, Row } from "./academy.ts";

const groupId = ({ world }: DialectAcademy) =>
  [...world.groups.values()].find(
    ({ type, members, courses }) => type === "user" && members.size > 1 && courses.size > 1,
  )?.id ?? 0;
const pathId = ({ world }: DialectAcademy) =>
  [...world.groups.values()].find(({ type }) => type === "learning_path")?.id ?? 0;

const dated =
  (created: unknown): Proof =>
  async ({ read }) => {
    const course = await read("create_course", { name: "Knots" });

    expect(course).toMatchObject({ created_at: created, start_date: null, start_date_int: 0 });
    const [training] = await read<Row[]>("get_instructor_led_trainings");
    expect(training).toMatchObject({ created_at_int: expect.any(Number) });
  };

/** Its words for in-progress and passed, in records and in filters. */
const spelt =
  (begun: string, passed: string): Proof =>
  async ({ read, said, ask, world }) => {
    const first = [...world.progress.values()].find(({ status }) => status === "in-progress");
    const rows = await read<Row[]>("get_course_progresses", { status: `${begun},${passed}` });

    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set([begun, passed]));
    const { user_id = 0, course_id = 0, id = 0 } = first ?? {};
    expect(await said("get_user_course_status", { user_id, course_id })).toEqual([
      200,
      `{"status":"${begun}"}`,
    ]);
    expect(await read("get_course_progress", { course_progress_id: id })).toMatchObject({ status: begun });
    expect(await said("get_course_progresses", { status: "in-progress" })).toEqual([
      422,
      "Invalid status: in-progress",
    ]);
    await ask("update_course_progress", { course_progress_id: id, set_status: "passed" });
    expect(await read("get_course_progress", { course_progress_id: id })).toMatchObject({ status: passed });
  };

const flagged =
  (yes: unknown, no: unknown): Proof =>
  async ({ read }) => {
    expect(await read("get_user", { user_id: 101 })).toMatchObject({ email_notifications: yes, admin: no });
    const [row] = await read<{ course: Row[]; expired: unknown }[]>("get_course_progresses", {
      user_id: 101,
    });
    expect(row).toMatchObject({ course: [{ active: yes }], expired: expect.toBeOneOf([yes, no]) });
  };

const text = expect.stringMatching(/^\d+$/);

export const valuesAndShapes = {
  "ids-are-numbers": {
    text: async (academy) => {
      const { read } = academy;
      expect(await read("get_user", { user_id: 101 })).toMatchObject({ id: "101", user_id: "101" });
      const group = await read("get_user_group", { user_group_id: groupId(academy) });
      expect(group).toMatchObject({
        id: text,
        users: expect.arrayContaining([expect.objectContaining({ id: text })]),
      });
      const [power] = await read<{ power_user_permissions: { dataset_ids: unknown[] } }[]>("get_power_users");
      expect(power?.power_user_permissions.dataset_ids).toEqual(expect.arrayContaining([text]));
      expect(await read("get_data", { data_type: "user_count" })).toEqual({ data: 302 });
    },
  },
  "flags-are-booleans": { digits: flagged(1, 0), text: flagged("true", "false") },
  "nothing-is-null": {
    empty: async ({ read }) => {
      const person = await read("get_user", { user_id: 101 });
      expect(person).toMatchObject({ custom_dashboard_id: "", access_end_date: "" });
      expect(Object.values(person)).not.toContain(null);
    },
    missing: async ({ read }) => {
      const person = await read("get_user", { user_id: 101 });
      expect(person).not.toHaveProperty("custom_dashboard_id");
      expect(Object.values(person)).not.toContain(null);
    },
  },
  "dates-are-iso": {
    days: dated("2026-05-07"),
    american: dated("05/07/2026"),
    epoch: dated(1_778_169_600),
    zoneless: dated("2026-05-07T12:00:00"),
    utc: dated("2026-05-07T16:00:00.000Z"),
  },
  "statuses-as-on-the-page": {
    capitalised: spelt("In-progress", "Passed"),
    words: spelt("In Progress", "Passed"),
    underscores: async ({ read, said }) => {
      const rows = await read<Row[]>("get_course_progresses", { status: "not_started" });
      expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["not_started"]));
      expect((await said("get_course_progresses", { status: "not-started" }))[0]).toBe(422);
    },
    synonyms: spelt("incomplete", "completed"),
  },
  "fields-as-on-the-page": {
    more: async ({ read, said }) => {
      const person = await read("get_user", { user_id: 101 });
      expect(Object.keys(person).length).toBeGreaterThan(60);
      expect(person).toMatchObject({ id: 101, segments: [{ id: 41 }], archived_by: { id: 7 } });
      const [row] = await read<{ user: Row; course: Row[] }[]>("get_course_progresses", { per_page: 1 });
      expect([row, row?.user, row?.course[0]].map((one) => one && "segments" in one)).toEqual([
        true,
        true,
        true,
      ]);
      expect(await said("destroy_course", { course_id: 201 })).toEqual([200, '{"message":"success"}']);
    },
  },
  "records-are-bare": {
    wrapped: async ({ read, world }) => {
      expect(await read("get_user", { user_id: 101 })).toEqual({
        user: expect.objectContaining({ id: 101 }),
      });
      expect(await read("create_course", { name: "Knots" })).toEqual({
        course: expect.objectContaining({ name: "Knots" }),
      });
      const [slot] = world.timeslots.keys();
      expect(
        Object.keys(
          await read("get_instructor_led_training_timeslot", {
            instructor_led_training_timeslot_id: slot ?? 0,
          }),
        ),
      ).toEqual(["instructor_led_training_timeslot"]);
      expect(await read<Row[]>("get_users")).toHaveLength(302);
      expect(await read("update_user", { user_id: 101, title: "Lead" })).toMatchObject({ user: { id: 101 } });
    },
    data: async ({ read, said }) => {
      expect(await read("get_course", { course_id: 201 })).toEqual({
        data: expect.objectContaining({ id: 201 }),
      });
      expect(await said("test_connection")).toEqual([200, expect.stringContaining('"message":"success"')]);
    },
    listed: async ({ read }) => {
      expect(await read("get_course", { course_id: 201 })).toEqual([expect.objectContaining({ id: 201 })]);
      expect(await read("get_program")).toEqual([expect.objectContaining({ users_count: 302 })]);
    },
  },
  "lists-are-bare": {
    wrapped: async ({ read }) => {
      const { users, meta } = await read<{ users: Row[]; meta: Row }>("get_users");
      expect([users.length, meta]).toEqual([302, { total: 302 }]);
      expect(await read("get_course_progresses", { per_page: 10, page: 2 })).toEqual({
        course_progresses: expect.objectContaining({ length: 10 }),
        meta: { page: 2, per_page: 10 },
      });
      expect(await read("get_user", { user_id: 101 })).toMatchObject({ id: 101 });
    },
    data: async ({ read }) => {
      expect(Object.keys(await read("get_courses"))).toEqual(["data"]);
      expect(Object.keys(await read("get_user_courses", { user_email: "avery@example.com" }))).toEqual([
        "data",
      ]);
    },
    single: async ({ read }) => {
      expect(await read("get_users", { limit: 1, page: 1 })).toMatchObject({ id: expect.any(Number) });
      expect(await read<Row[]>("get_users", { limit: 2, page: 1 })).toHaveLength(2);
      const row = await read("get_course_progresses", { per_page: 1 });
      expect(row).toMatchObject({ course: { id: row.course_id } });
    },
    keyed: async (academy) => {
      const { read, world } = academy;
      world.payments.clear();
      expect(await read("get_payments")).toEqual({});
      const group = await read("create_user_group", { name: "Nobody" });
      expect(await read("get_user_group", { user_group_id: Number(group.id) })).toMatchObject({
        users: {},
        courses: {},
      });
      expect(await read<Row[]>("get_users")).toHaveLength(302);
    },
  },
  "group-shows-its-members": {
    ids: async (academy) => {
      const { read, world } = academy;
      const id = groupId(academy);
      const { users, courses } = await read("get_user_group", { user_group_id: id });
      expect(users).toEqual([...(world.groups.get(id)?.members ?? [])]);
      expect(courses).toEqual([...(world.groups.get(id)?.courses ?? [])]);
      const path = await read<{ users: unknown[] }>("get_learning_path", {
        learning_path_id: pathId(academy),
      });
      expect(path.users.every((one) => typeof one === "number")).toBe(true);
    },
  },
} satisfies Proofs<
  | "ids-are-numbers"
  | "flags-are-booleans"
  | "nothing-is-null"
  | "dates-are-iso"
  | "statuses-as-on-the-page"
  | "fields-as-on-the-page"
  | "records-are-bare"
  | "lists-are-bare"
  | "group-shows-its-members"
>;
