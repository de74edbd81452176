import { describe, expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

type Rows = Record<string, unknown>[];
interface Asked {
  route: string;
  form: URLSearchParams;
  whole: (page?: number) => Promise<Rows>;
}

/** A client before an academy whose answers go through this on their way. */
async function academyWith(
  changed: (value: unknown, asked: Asked) => unknown | Promise<unknown>,
  people = 302,
) {
  const sandbox = createSandbox({
    now: () => noon,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const json = (incoming: Incoming): unknown =>
    /json/.test(incoming.contentType) ? JSON.parse(Buffer.from(incoming.body).toString()) : undefined;
  const send: Send = async (request, signal) => {
    const form = new URLSearchParams(request.body);
    const answer = await sandbox.send(request, signal);
    const value = json(answer);
    if (value === undefined || !request.route.startsWith("get_")) return answer;
    const of = async (page: number) => {
      const own = new URLSearchParams(form);
      for (const name of ["page", "per_page", "limit", "offset"]) own.delete(name);
      if (request.route === "get_course_progresses") {
        own.set("page", String(page));
        own.set("per_page", "100");
      }
      return json(await sandbox.send({ ...request, body: own.toString() }, signal)) as Rows;
    };
    const whole = async () => {
      const all = await of(1);
      if (request.route !== "get_course_progresses") return all;
      for (let page = 2; all.length === (page - 1) * 100; page++) all.push(...(await of(page)));
      return all;
    };
    const body = new TextEncoder().encode(
      JSON.stringify(await changed(value, { route: request.route, form, whole })),
    );
    return { ...answer, body };
  };
  return connect(send, { SKYPREP_SANDBOX: "true" });
}

const inPagesOf =
  (size: number, wrapped?: (rows: Rows, total: number) => unknown) =>
  async (value: unknown, { form, whole }: Asked) => {
    if (!Array.isArray(value)) return value;
    const all = await whole();
    const at = (Number(form.get("page") ?? 1) - 1) * size;
    const rows = all.slice(at, at + size);
    return wrapped ? wrapped(rows, all.length) : rows;
  };

const deep = (value: unknown, change: (row: Record<string, unknown>) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => deep(one, change));
  if (typeof value !== "object" || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deep(one, change)])));
};
const camel = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, one]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      one,
    ]),
  );
const resource = (row: unknown) => {
  if (typeof row !== "object" || row === null || !("id" in row)) return row;
  const { id, ...attributes } = row;
  return { id: String(id), type: "record", attributes };
};
const withDates = (write: (iso: string) => unknown) => (value: unknown) =>
  deep(value, (row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, one]) => [
        name,
        typeof one === "string" && /^\d{4}-\d\d-\d\dT/.test(one) ? write(one) : one,
      ]),
    ),
  );
const numbers = (write: (id: number) => string) => (value: unknown) =>
  deep(value, (row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, one]) => [
        name,
        /(^|_)id$/.test(name) && typeof one === "number" ? write(one) : one,
      ]),
    ),
  );

const figures = (text: string) => text.match(/\d+ records of \d+ people|overdue: \d+ \(\d+ people\)/g);

async function asAssumed(people?: number) {
  const { call, close } = await academyWith((value) => value, people);
  const { text } = await call("training_status", {});
  await close();
  return figures(text);
}
const usual = await asAssumed();
const few = await asAssumed(40);

describe("what nobody switched", () => {
  it("has something to be counted", () => {
    expect(usual).toEqual(["1706 records of 302 people", expect.stringMatching(/overdue: [1-9]/)]);
    expect(few).toEqual([
      expect.stringMatching(/^[1-9]\d\d+ records of 40 /),
      expect.stringMatching(/overdue: [1-9]/),
    ]);
  });

  it.each([
    ["of 24", inPagesOf(24)],
    ["of 32 with their total", inPagesOf(32, (rows, total) => ({ data: rows, total: String(total) }))],
    ["of 7", inPagesOf(7)],
  ])("pages %s: people and training are all counted", async (_, changed) => {
    const { call, close } = await academyWith(changed, 40);

    const people = await call("get_users", { limit: 3 });
    const status = await call("training_status", {});
    await close();

    expect(people.structured?.total).toBe(40);
    expect(figures(status.text), status.text).toEqual(few);
  });

  it.each([
    ["names as in JavaScript", (value: unknown) => deep(value, camel)],
    [
      "JSON:API",
      (value: unknown) => ({ data: Array.isArray(value) ? value.map(resource) : resource(value) }),
    ],
    ["dates as in mails", withDates((iso) => new Date(iso).toUTCString())],
    ["years of two digits", withDates((iso) => `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`)],
    [
      "dates as records",
      withDates((iso) => ({ date: iso.slice(0, 19).replace("T", " "), timezone: "America/New_York" })),
    ],
    ["ids with commas", numbers((id) => id.toLocaleString("en-US"))],
    ["ids with a point", numbers((id) => `${id}.0`)],
  ])("%s: people and training are all counted", async (_, changed) => {
    const { call, close } = await academyWith(changed);

    const people = await call("get_users", { limit: 3 });
    const status = await call("training_status", {});
    const own = await call("get_course_progresses", { user_id: 101 });
    await close();

    expect(people.structured?.total).toBe(302);
    expect(figures(status.text)).toEqual(usual);
    expect(own.text).toMatch(/^(\[sandbox\] )?7 course progresses/);
  });

  it("rows that are null are nobody", async () => {
    const { call, close } = await academyWith((value, { route }) =>
      Array.isArray(value) && route === "get_users" ? value.flatMap((one) => [one, null]) : value,
    );
    const { structured } = await call("get_users", { limit: 3 });
    await close();

    expect(structured?.total).toBe(302);
  });

  it.each([
    ["how many they are", 54],
    ["where they are", { href: "/groups/301/users", count: 54 }],
  ])("members that are told by %s are not nobody", async (_, users) => {
    const { call, close } = await academyWith((value, { route }) =>
      route === "get_user_group" ? { ...(value as object), users } : value,
    );
    const { text } = await call("training_status", { group: "301" });
    await close();

    expect(text).not.toMatch(/0 people|empty/);
    expect(text).toMatch(/does not show the users/);
  });

  it("members in a wrapper of their own are counted", async () => {
    const { call, close } = await academyWith((value, { route }) =>
      route === "get_user_group"
        ? { ...(value as object), users: { data: (value as { users: Rows }).users } }
        : value,
    );
    const { text } = await call("training_status", { group: "301" });
    await close();

    expect(text).toMatch(/Sales Team \(54 people\)/);
  });

  it("ids that are no numbers are said, and nobody is left out for them", async () => {
    const { call, close } = await academyWith(
      numbers((id) => `a0000000-0000-4000-8000-${String(id).padStart(12, "0")}`),
    );
    const power = await call("access_review", {});
    const found = await call("find", { text: "avery" });
    const overview = await call("account_overview", {});
    await close();

    expect(power.text).not.toMatch(/Nobody here has more power/);
    expect(found.text).not.toMatch(/Nothing for/);
    expect(overview.text).not.toMatch(/ 0 active/);
  });
});
