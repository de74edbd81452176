import { describe, expect, it } from "vitest";
import { drawnDialect } from "../../../src/sandbox/dialect/drawn.ts";
import { assumptions, type Dialect } from "../../../src/skyprep/assumptions.ts";
import { seededTables } from "../../support/seeded.ts";
import { ask, newSandbox } from "../ask.ts";
import { academyOf, type Row } from "./academy.ts";

describe("an academy that is otherwise in several things", () => {
  it("is drawn the same from the same seed, about half of it otherwise, and each variant from some seed", () => {
    const seeds = Array.from({ length: 300 }, (_, seed) => drawnDialect(seed));
    const drawn = new Set(seeds.flatMap((one) => Object.entries(one).map((pair) => pair.join("="))));
    const every = Object.entries(assumptions).flatMap(([id, { otherwise }]) =>
      Object.keys(otherwise).map((variant) => `${id}=${variant}`),
    );
    const sizes = seeds.map((one) => Object.keys(one).length / Object.keys(assumptions).length);

    expect(drawnDialect(7)).toEqual(drawnDialect(7));
    expect([...drawn].sort()).toEqual(every.sort());
    expect(sizes.reduce((sum, one) => sum + one) / sizes.length).toBeCloseTo(0.5, 1);
  });

  it("answers the same to the same calls in the same dialect", async () => {
    const answers = async () => {
      const { said } = academyOf(drawnDialect(11));
      const made = await said("create_user", { email: "New@example.com", first_name: "N", last_name: "W" });
      return [made, await said("get_users", { page: 2 }), await said("get_user", { user_email: "nobody" })];
    };

    expect(await answers()).toEqual(await answers());
  });

  it("is as ever without a dialect, to the byte, strict or not", async () => {
    for (const strict of [false, true]) {
      const usual = newSandbox({ strict, tables: seededTables });
      const empty = newSandbox({ strict, tables: seededTables, dialect: {} });
      for (const route of ["get_users", "get_user", "get_payments", "get_course_progresses", "get_nothing"])
        expect((await ask(empty.send, route)).text).toBe((await ask(usual.send, route)).text);
    }
  });

  it("pages, wraps and counts in one form", async () => {
    const dialect: Dialect = {
      "people-come-whole": "by-25-of",
      "lists-are-bare": "wrapped",
      "ids-are-numbers": "text",
      "flags-are-booleans": "digits",
      "dates-are-iso": "epoch",
      "nothing-is-null": "missing",
    };
    const { read } = academyOf(dialect, { strict: true });

    const { users, meta } = await read<{ users: Row[]; meta: Row }>("get_users", { page: 13 });

    expect([users.length, meta]).toEqual([2, { page: 13, per_page: 25, total: 302 }]);
    expect(users[0]).toMatchObject({ id: expect.any(String), admin: 0, created_at: expect.any(Number) });
    expect(users[0]).not.toHaveProperty("custom_dashboard_id");
  });

  it("says what is unknown as its lists, records and errors are", async () => {
    const unknown = async (dialect: Dialect) =>
      (await academyOf(dialect).said("get_user", { user_id: 999_999 }))[1];

    expect(await unknown({ "unknown-is-404": "empty-list", "lists-are-bare": "data" })).toBe('{"data":[]}');
    expect(await unknown({ "unknown-is-404": "empty-list", "lists-are-bare": "keyed" })).toBe("{}");
    expect(await unknown({ "unknown-is-404": "nothing", "records-are-bare": "wrapped" })).toBe(
      '{"user":null}',
    );
    expect(await unknown({ "unknown-is-404": "unprocessable", "errors-are-text": "on-200" })).toBe(
      '{"error":"Record could not be found"}',
    );
  });

  it("keeps a closed route's status, and says it as its errors are", async () => {
    const { said } = academyOf({ "key-opens-all": "some-403", "errors-are-text": "error-message" });

    expect(await said("get_payments")).toEqual([
      403,
      '{"error_message":"This API key may not call this route"}',
    ]);
  });

  it("drops what filters are before it reads them", async () => {
    const { read } = academyOf({ "filters-filter": "ignored", "statuses-as-on-the-page": "words" });

    expect(await read<Row[]>("get_course_progresses", { status: "in-progress" })).toHaveLength(100);
  });

  it("gives out the same numbers late as at once, and forgets no change of a world that a test made", async () => {
    const { read, ask: tell, wait, world } = academyOf({ "writes-show-at-once": "later" });
    const last = await read("create_course", { name: "Gone" });
    await tell("destroy_course", { course_id: Number(last.id) });
    wait(3_000);
    await read("get_courses");
    world.people.delete(102);

    const made = await read("create_course", { name: "Kept" });
    wait(3_000);

    expect(await read("get_course", { course_id: Number(made.id) })).toEqual(made);
    expect(await read<Row[]>("get_users")).toHaveLength(301);
  });

  it("answers every kind of call under forty drawn dialects", async () => {
    const calls: [string, Record<string, string | number>][] = [
      ["get_users", {}],
      ["get_user", { user_id: 101 }],
      ["get_course_progresses", { status: "passed", page: 1 }],
      ["create_user", { email: "New@example.com", first_name: "N", last_name: "W" }],
      ["mass_enroll", { user_emails: "New@example.com", course_ids: "201, 202" }],
      ["destroy_user", { user_email: "New@example.com" }],
      ["get_user", { user_email: "New@example.com" }],
      ["get_payments", {}],
    ];
    const tables = seededTables;
    for (let seed = 0; seed < 40; seed += 1) {
      const { send } = newSandbox({ dialect: drawnDialect(seed), tables, people: 30 });
      for (const [route, params] of calls) {
        const { status, text, contentType } = await ask(send, route, params);
        expect(status, `${route} under ${seed}`).toBeLessThan(500);
        if (contentType.startsWith("application/json")) expect(() => JSON.parse(text)).not.toThrow();
      }
    }
  });
});
