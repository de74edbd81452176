import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { ask, newSandbox, noon, type Params } from "./ask.ts";

interface Row {
  id: number;
  user_id: number;
  user_email: string;
  course_id: number;
  status: string;
  updated_at: string;
  completion_date: string | null;
}

const keys =
  "id days_until_deadline created_at updated_at skip_prerequisites course_id course_name user_id user_email status commencement_date enrollment_date completion_date last_course_item_id percent_viewed display_percent_viewed expiration_date expired access_date deadline_date override_dates real_end_date real_start_date certificate_view_link public_certificate_view_link computed_deadline_date custom_properties next_reenrollment_date formatted_commencement_date formatted_enrollment_date formatted_completion_date formatted_expiration_date formatted_access_date formatted_deadline_date formatted_real_end_date formatted_real_start_date formatted_computed_deadline_date formatted_next_reenrollment_date user course".split(
    " ",
  );
const day = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

const rows = async ({ send }: Sandbox, params: Params = {}): Promise<Row[]> =>
  (await ask(send, "get_course_progresses", params)).json<Row[]>();

const everyRow = async (sandbox: Sandbox, params: Params = {}): Promise<Row[]> => {
  const all: Row[] = [];
  for (let page = 1; ; page++) {
    const some = await rows(sandbox, { ...params, page });
    all.push(...some);
    if (some.length < 100) return all;
  }
};

const one = async ({ send }: Sandbox, id: number) =>
  (await ask(send, "get_course_progress", { course_progress_id: id })).json<
    Row & { percent_viewed: number; user: object; course: object[]; days_until_deadline: number | null }
  >();

describe("reading course progress", () => {
  test("a record has the page's 40 keys, the whole person and a list of one course without items", async () => {
    const record = await one(newSandbox(), 901);

    expect(Object.keys(record)).toEqual(keys);
    expect(Object.keys(record.user)).toHaveLength(60);
    expect(record.course).toHaveLength(1);
    expect(record.course[0]).not.toHaveProperty("course_items");
    expect(record).toMatchObject({ user_id: 101, course_id: 201, status: "in-progress" });
  });

  test("days until the deadline are negative as soon as it has passed", async () => {
    const sandbox = newSandbox();
    const row = sandbox.world.progress.get(901);
    if (!row) throw new Error("901 is in the seed");

    row.deadline_date = noon + 14 * day + 1;
    expect((await one(sandbox, 901)).days_until_deadline).toBe(14);
    row.deadline_date = noon - 1;
    expect((await one(sandbox, 901)).days_until_deadline).toBe(-1);
  });

  test("pages hold 100 rows unless told, start at 1, never overlap and end with a short one", async () => {
    const sandbox = newSandbox();
    const total = sandbox.world.progress.size;

    const all = await everyRow(sandbox);

    expect(await rows(sandbox)).toHaveLength(100);
    expect(await rows(sandbox, { per_page: 7 })).toHaveLength(7);
    expect(await rows(sandbox, { per_page: 500 })).toHaveLength(100);
    expect(new Set(all.map((row) => row.id)).size).toBe(total);
    expect(await rows(sandbox, { page: 9999 })).toEqual([]);
    expect((await ask(sandbox.send, "get_course_progresses", { page: 0 })).status).toBe(422);
  });

  test("a course and a comma list of statuses narrow the rows together", async () => {
    const sandbox = newSandbox();

    const found = await everyRow(sandbox, { course_id: 201, status: "passed, in-progress" });

    const expected = [...sandbox.world.progress.values()].filter(
      (row) => row.course_id === 201 && (row.status === "passed" || row.status === "in-progress"),
    );
    expect(found).toHaveLength(expected.length);
    expect(new Set(found.map((row) => `${row.course_id} ${row.status}`))).toEqual(
      new Set(["201 passed", "201 in-progress"]),
    );
  });

  test("archived rows can be asked for", async () => {
    const found = await rows(newSandbox(), { status: "archived" });

    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((row) => row.status))).toEqual(new Set(["archived"]));
  });

  test("a person narrows by number or by login, unless the sandbox is strict", async () => {
    const free = newSandbox();
    const strict = newSandbox({ strict: true });

    const byId = await rows(free, { user_id: 101 });
    const byLogin = await rows(free, { user_email: "AVERY@example.com" });
    const unheard = await rows(strict, { user_id: 101 });

    expect(new Set(byId.map((row) => row.user_id))).toEqual(new Set([101]));
    expect(byLogin).toEqual(byId);
    expect(new Set(unheard.map((row) => row.user_id)).size).toBeGreaterThan(1);
  });

  test("a login status narrows to the people who have it", async () => {
    const sandbox = newSandbox();
    const avery = sandbox.world.people.get(101);
    if (!avery) throw new Error("101 is in the seed");
    avery.login_status = "disabled";

    const found = await everyRow(sandbox, { login_status: "disabled" });

    expect(found.map((row) => row.user_id)).toContain(101);
    for (const row of found) {
      expect(sandbox.world.people.get(row.user_id)?.login_status).toBe("disabled");
    }
  });

  test("an updated_at window leaves out its edges and is newest first", async () => {
    const sandbox = newSandbox();
    const times = [...sandbox.world.progress.values()].map((row) => row.updated_at).sort((a, b) => a - b);
    const [least = 0, most = 0] = [times[10], times.at(-10)];

    const found = await everyRow(sandbox, {
      updated_at_greater_than: iso(least),
      updated_at_less_than: iso(most),
    });

    const got = found.map((row) => Date.parse(row.updated_at));
    expect(got).toEqual(times.filter((at) => at > least && at < most).reverse());
  });

  test("a completion_date window holds only completed rows, newest first", async () => {
    const sandbox = newSandbox();

    const found = await everyRow(sandbox, { completion_date_greater_than: iso(noon - 90 * day) });

    const got = found.map((row) => Date.parse(row.completion_date ?? ""));
    const expected = [...sandbox.world.progress.values()].flatMap((row) => row.completion_date ?? []);
    expect(got).toEqual(expected.filter((at) => at > noon - 90 * day).sort((a, b) => b - a));
    expect(got.length).toBeGreaterThan(0);
  });

  test("the two date filters together are a 400 with a text", async () => {
    const { send } = newSandbox();

    const refused = await ask(send, "get_course_progresses", {
      updated_at_greater_than: "2026-05-01T00:00:00Z",
      completion_date_less_than: "2026-05-02T00:00:00Z",
    });

    expect(refused.status).toBe(400);
    expect(refused.text).toContain("completion_date");
  });

  test.each([
    [{ status: "done" }, 422],
    [{ updated_at_greater_than: "soon" }, 422],
    [{ per_page: 0 }, 422],
    [{ course_id: 999999 }, 404],
    [{ user_id: 999999 }, 404],
  ])("%j is refused with %i and a text", async (params, status) => {
    const { send } = newSandbox();

    const refused = await ask(send, "get_course_progresses", params);

    expect(refused.status).toBe(status);
    expect(refused.text).not.toBe("");
  });

  test("person and course find the current record too, unless the sandbox is strict", async () => {
    const pair = { user_id: 101, course_id: 201 };

    const found = await ask(newSandbox().send, "get_course_progress", pair);
    const unheard = await ask(newSandbox({ strict: true }).send, "get_course_progress", pair);

    expect(found.json().id).toBe(901);
    expect(unheard.status).toBe(422);
  });
});
