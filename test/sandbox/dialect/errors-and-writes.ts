import { expect } from "vitest";
import { academyOf, type Proof, type Proofs, type Row } from "./academy.ts";

/** A request without what it needs, and one of somebody who is not there. */
const wrong =
  (status: number | undefined, body: unknown): Proof =>
  async ({ said }) => {
    const [first, unknown] = [await said("get_user"), await said("get_course", { course_id: 999_999 })];

    expect(first).toEqual([status ?? 422, body]);
    expect(unknown[0]).toBe(status ?? 404);
  };

const shut =
  (status: number): Proof =>
  async ({ said }) => {
    const closed = [
      "get_power_users",
      "get_payments",
      "get_report",
      "generate_async_report",
      "get_user_roles",
    ];
    const open = [
      "get_users",
      "get_courses",
      "get_user_groups",
      "get_program",
      "get_instructor_led_trainings",
    ];

    for (const route of closed)
      expect(await said(route)).toEqual([status, "This API key may not call this route"]);
    for (const route of open) expect((await said(route))[0]).toBe(200);
  };

const silent =
  (status: number): Proof =>
  async ({ said, read, world }) => {
    expect(await said("create_user", { email: "new@example.com", first_name: "N", last_name: "W" })).toEqual([
      status,
      "",
    ]);
    expect(await said("update_course", { course_id: 201, name: "Renamed" })).toEqual([status, ""]);
    expect(await said("destroy_user", { user_email: "new@example.com" })).toEqual([status, ""]);
    expect(await said("destroy_user", { user_email: "new@example.com" })).toEqual([404, "User not found"]);
    expect(await read("get_course", { course_id: 201 })).toMatchObject({ name: "Renamed" });
    expect(await read("get_login_key", { user_email: "avery@example.com" })).toMatchObject({
      status: "success",
    });
    expect(world.people.size).toBe(302);
  };

/** How many courses the 101st person is put into by each way to write two of them. */
async function enrolled(
  ask: (courses: Record<string, string | number[]>) => Promise<readonly [number, string]>,
) {
  return [
    await ask({ course_ids: "201,202" }),
    await ask({ course_ids: "203, 204" }),
    await ask({ course_ids: [205, 206] }),
  ];
}

/** The same, and which of the courses 201 to 206 a new group then has. */
const listsOf =
  (statuses: readonly number[], courses: readonly number[]): Proof =>
  async ({ said, world }) => {
    const answers = await enrolled((given) => said("create_user_group", { name: "Six", ...given }));

    const made = [...world.groups.values()].filter(({ name }) => name === "Six");
    expect(answers.map(([status]) => status)).toEqual(statuses);
    expect(made.flatMap((group) => [...group.courses])).toEqual(courses);
  };

/** What is said to the call that is one too many. */
const tooOften =
  (status: number, contentType: string, body: RegExp): Proof =>
  async ({ ask }) => {
    await ask("test_connection");
    const reply = await ask("test_connection");

    expect([reply.status, reply.contentType, reply.retryAfter]).toEqual([status, contentType, undefined]);
    expect(reply.text).toMatch(body);
  };

const json = "application/json; charset=utf-8";
const plain = "text/plain; charset=utf-8";
const missing = "Missing parameter: user_id or user_email";

export const errorsAndWrites = {
  "errors-are-text": {
    error: wrong(undefined, `{"error":"${missing}"}`),
    errors: wrong(undefined, `{"errors":["${missing}"]}`),
    "error-message": wrong(200, `{"error_message":"${missing}"}`),
    "on-200": wrong(200, `{"error":"${missing}"}`),
    "page-on-200": wrong(200, expect.stringMatching(/^<!DOCTYPE html>/)),
  },
  "key-opens-all": { "some-403": shut(403), "some-401": shut(401) },
  "writes-answer": { "204": silent(204), empty: silent(200) },
  "writes-show-at-once": {
    later: async ({ ask, read, said, wait }) => {
      const person = { email: "new@example.com", first_name: "New", last_name: "Here" };
      const made = await read("create_user", person);

      wait(1_000);
      await ask("update_user", { user_email: person.email, first_name: "Newer" });
      expect(await read<Row[]>("get_users")).toHaveLength(302);
      expect((await said("get_user", { user_email: person.email }))[0]).toBe(404);
      expect((await said("create_user", person))[0]).toBe(422);

      wait(2_000);
      expect(await read("get_user", { user_email: person.email })).toEqual(made);

      wait(1_000);
      expect(await read("get_user", { user_email: person.email })).toEqual({
        ...made,
        ...(await read("get_user", { user_id: Number(made.id) })),
        first_name: "Newer",
        updated_at: "2026-05-07T12:00:01.000-04:00",
      });
    },
  },
  "logins-keep-their-case": {
    lowered: async ({ read }) => {
      const made = await read("create_user", {
        email: "Ann.Lee@Example.com",
        first_name: "A",
        last_name: "L",
      });
      expect(made).toMatchObject({ email: "ann.lee@example.com", username: "ann.lee@example.com" });
      const key = await read("get_login_key", { user_email: "New@Example.com", autocreate: true });
      expect(key).toMatchObject({ email: "new@example.com" });
    },
  },
  "lists-by-comma": {
    "no-blanks": listsOf([200, 422, 200], [201, 202, 205, 206]),
    blanks: listsOf([200, 200, 200], [201, 203, 204, 205, 206]),
    brackets: listsOf([200, 200, 200], [205, 206]),
  },
  "limit-is-429": {
    "without-retry-after": tooOften(429, plain, /^Rate limit exceeded\.$/),
    "503": tooOften(503, plain, /^Rate limit exceeded/),
    page: tooOften(200, "text/html; charset=utf-8", /^<!DOCTYPE html>/),
    words: tooOften(200, json, /^\{"message":"Rate limit exceeded"\}$/),
  },
  "address-is-final": {
    // Over the network it is another matter: over-http.test.ts.
    https: async ({ read }) => {
      expect(await read("get_user", { user_id: 101 })).toMatchObject({ id: 101 });
    },
  },
} satisfies Proofs<
  | "errors-are-text"
  | "key-opens-all"
  | "writes-answer"
  | "writes-show-at-once"
  | "logins-keep-their-case"
  | "lists-by-comma"
  | "limit-is-429"
  | "address-is-final"
>;

/** Where calls are counted, only the first of a minute is welcome. */
export const countedAcademy = (dialect: Parameters<typeof academyOf>[0]) =>
  academyOf(dialect, "limit-is-429" in dialect ? { callsPerMinute: 1 } : {});
