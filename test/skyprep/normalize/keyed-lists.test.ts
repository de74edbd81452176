import { describe, expect, it } from "vitest";
import { academyBehind, deep, type Fields } from "./between.ts";
import { layer } from "./support.ts";

const avery = { display_name: "Avery", email: "avery@example.com" };
const jordan = { display_name: "Jordan", email: "jordan@example.com" };
const people = () => [
  { id: 101, ...avery },
  { id: 102, ...jordan },
];
const figures = (text: string) => text.match(/\d+ records of \d+ people|overdue: \d+ \(\d+ people\)/g);

const keyed = (rows: readonly Fields[], withId = false) =>
  Object.fromEntries(rows.map(({ id, ...row }) => [String(id), withId ? { id, ...row } : row]));
const keyedDeep = (value: unknown, withId?: boolean): unknown => {
  const lists = (one: unknown): unknown =>
    Array.isArray(one) && one.length > 0 && one.every((row) => typeof row === "object" && row && "id" in row)
      ? keyed(one, withId)
      : one;
  return lists(
    deep(value, (row) => Object.fromEntries(Object.entries(row).map(([name, one]) => [name, lists(one)]))),
  );
};

async function told(answered?: (value: unknown) => unknown) {
  const { call, close } = await academyBehind({ people: 40, ...(answered && { answered }) });
  const list = await call("get_users", { limit: 3 });
  const status = await call("training_status", {});
  const group = await call("training_status", { group: "301" });
  const own = await call("get_course_progresses", { user_id: 101 });
  await close();
  return {
    total: list.structured?.total,
    figures: [...(figures(status.text) ?? []), ...(figures(group.text) ?? [])],
    own: own.text.split("\n")[0],
  };
}
const usual = await told();

describe("lists keyed by number, in lists too", () => {
  it.each([
    ["without the number in the rows", (value: unknown) => keyedDeep(value)],
    ["with it", (value: unknown) => keyedDeep(value, true)],
    [
      "under a name",
      (value: unknown) => (Array.isArray(value) ? { data: keyedDeep(value), meta: {} } : keyedDeep(value)),
    ],
  ])("%s, are those lists", async (_, answered) => {
    expect(usual.total).toBe(40);
    expect(usual.figures.length).toBeGreaterThan(2);
    expect(await told(answered)).toEqual(usual);
  });
});

describe("a list that is keyed", () => {
  it.each([
    ["by number", keyed(people())],
    ["by number, and has them in the rows", keyed(people(), true)],
    ["by number, under its name", { users: keyed(people()), meta: { count: 2 } }],
    ["by numbers with zeros before them", { "00000101": avery, "00000102": jordan }],
    ["by place", { "0": { id: 101, ...avery }, "1": { id: 102, ...jordan } }],
    ["by login", { "avery@example.com": people()[0], "jordan@example.com": people()[1] }],
  ])("%s is that list", async (_, answer) => {
    const { read, told: seen } = layer(structuredClone(answer));

    const { value, total } = await read("get_users");

    expect(value).toEqual(people().map((one) => expect.objectContaining(one)));
    expect(total).toBeUndefined();
    expect(seen).toEqual([expect.stringMatching(/^lists-are-bare (otherwise|wrapped)/), ...seen.slice(1)]);
  });

  it.each([
    ["by place, and who they are is not told", { "0": avery, "1": jordan }],
    ["by place from one, and who they are is not told", { "1": avery, "2": jordan }],
    ["by another number than theirs", { "7": { user_id: 101, ...avery } }],
  ])("%s gives nobody a number", async (_, answer) => {
    const { value } = layer(structuredClone(answer));

    const rows = (await value("get_users")) as Fields[];

    expect([rows].flat().filter((row) => "id" in row)).toEqual([]);
  });

  it.each([
    ["a record", "get_user", { ...avery, user_groups: {} }],
    ["one with a number for a name", "get_users", { "101": "Avery" }],
    ["what is nothing of a list", "get_users", { "101": avery, display_name: "Avery" }],
    ["an error", "get_users", { "101": { error: "not found" } }],
  ])("is not %s", async (_, route, answer) => {
    const came = structuredClone(answer);
    expect(await layer(came).value(route)).toBe(came);
  });

  it.each(["get_courses", "get_user_groups", "get_course_progresses"])(
    "and empty has no rows (%s)",
    async (route) => {
      expect(await layer({}).value(route)).toEqual([]);
      expect(await layer([]).value(route)).toEqual([]);
      expect(await layer({ data: {} }).value(route)).toEqual([]);
    },
  );
});
