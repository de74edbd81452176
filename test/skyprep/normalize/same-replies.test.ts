import { describe, expect, it } from "vitest";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { openAcademy } from "../../support/academy.ts";

/** What a person asks for every day, and what each reply says; texts of times aside. */
const asked: readonly (readonly [tool: string, args: Record<string, unknown>])[] = [
  ["get_users", { limit: 5 }],
  ["get_user", { user_id: 101 }],
  ["get_user_group", { user_group_id: 301 }],
  ["get_courses", { limit: 5 }],
  ["get_course_progresses", { limit: 3 }],
  ["get_power_users", {}],
  ["training_status", {}],
  ["training_status", { group: "301" }],
  ["access_review", {}],
  ["account_overview", {}],
];

async function replies(dialect: Dialect, tools = asked) {
  const lines: string[] = [];
  const academy = await openAcademy({ dialect, say: (line) => lines.push(line) });
  const all: Record<string, unknown> = {};
  for (const [tool, args] of tools) {
    const { structured, isError, text } = await academy.call(tool, args);
    all[`${tool} ${JSON.stringify(args)}`] = isError ? text : structured;
  }
  await academy.close();
  return { all, lines };
}

const ordinary = replies({});

describe("an academy that writes otherwise", () => {
  // Each way of writing is in one of these.
  it.each<[string, Dialect]>([
    [
      "texts for all, and names around all",
      {
        "ids-are-numbers": "text",
        "flags-are-booleans": "text",
        "nothing-is-null": "empty",
        "statuses-as-on-the-page": "words",
        "records-are-bare": "wrapped",
        "lists-are-bare": "wrapped",
        "group-shows-its-members": "ids",
        "fields-as-on-the-page": "more",
      },
    ],
    [
      "digits, fields left out, and data around all",
      {
        "flags-are-booleans": "digits",
        "nothing-is-null": "missing",
        "statuses-as-on-the-page": "synonyms",
        "records-are-bare": "data",
        "lists-are-bare": "data",
      },
    ],
    [
      "one for many, and lists for one",
      {
        "ids-are-numbers": "text",
        "statuses-as-on-the-page": "underscores",
        "records-are-bare": "listed",
        "lists-are-bare": "single",
      },
    ],
    ["{} for empty lists", { "statuses-as-on-the-page": "capitalised", "lists-are-bare": "keyed" }],
  ])("with %s is replied to as any other", async (_, dialect) => {
    const { all, lines } = await replies(dialect);

    expect(all).toEqual((await ordinary).all);
    const told = lines.filter((line) => line.includes("otherwise than assumed"));
    expect(new Set(told).size).toBe(told.length);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(Object.keys(dialect).length);
  });
});

describe("an academy that writes its dates otherwise", () => {
  const counted = "training_status {}";
  const numbers = async (dialect: Dialect) =>
    ((await replies(dialect, [["training_status", {}]])).all[counted] ?? {}) as Record<string, unknown>;

  it.each<[string, Dialect]>([
    ["in UTC", { "dates-are-iso": "utc" }],
    ["as seconds", { "dates-are-iso": "epoch" }],
  ])("%s has as many overdue, due and expired", async (_, dialect) => {
    const { as_of: __, ...usual } = (await ordinary).all[counted] as Record<string, unknown>;

    expect(await numbers(dialect)).toMatchObject(usual);
  });

  it.each<[string, Dialect]>([
    ["as days", { "dates-are-iso": "days" }],
    ["as Americans do", { "dates-are-iso": "american" }],
    ["without a zone", { "dates-are-iso": "zoneless" }],
  ])(
    "%s has as many overdue, and none called expired before its day or clock is over",
    async (_, dialect) => {
      const usual = (await ordinary).all[counted] as Record<string, number>;
      const told = await numbers(dialect);

      expect(told).toMatchObject({ records: usual.records, overdue: usual.overdue, due: usual.due });
      expect(Number(told.expired)).toBeLessThanOrEqual(usual.expired ?? 0);
      expect(Number(told.expired) + Number(told.expiring)).toBe((usual.expired ?? 0) + (usual.expiring ?? 0));
    },
  );
});
