import { describe, expect, it } from "vitest";
import { check } from "../../../src/call/check/check.ts";
import { pairsAsMaps } from "../../../src/call/check/interpret.ts";
import { jobTools, reserved, tools } from "../../support/catalogue.ts";

const labels = new Map([
  ["region", "ca_0"],
  ["cost centre", "ca_1"],
]);

function tried(name: string, raw: Record<string, unknown>) {
  const tool = tools.get(name) ?? jobTools.get(name)?.tool;
  if (!tool) throw new Error(name);
  const { args, wrong } = pairsAsMaps(raw, tool.shape);
  return wrong.length > 0 ? { wrong } : check(tool, args, { reserved, customFields: labels });
}
const taken = (name: string, raw: Record<string, unknown>) => (tried(name, raw) as { args?: unknown }).args;
const wrong = (name: string, raw: Record<string, unknown>) =>
  ((tried(name, raw) as { wrong?: string[] }).wrong ?? []).join("\n");

const group = { user_id: 1, user_group_id: 2 };
/** A list of `{field, is}` of each tool that takes one, the map it stands for, and what the tool makes of both. */
const lists = [
  ["update_user", "custom_fields", { user_id: 1 }, { Region: "EMEA", "3": "x" }, { ca_0: "EMEA", ca_3: "x" }],
  ["create_course", "extra", { name: "x" }, { category: "Sales", level: "2" }, undefined],
  ["export_report", "where", { report: "all_users" }, { Status: "passed", Score: ">=80" }, undefined],
] as const;

const asPairs = (map: Readonly<Record<string, unknown>>) =>
  Object.entries(map).map(([field, is]) => ({ field, is }));

describe("a list of {field, is}", () => {
  it.each(lists)(
    "of %s %s is the map it stands for, in every form of either",
    (tool, name, rest, map, made) => {
      const pairs = asPairs(map);
      const [first, second] = Object.entries(map);
      const forms: unknown[] = [
        map,
        JSON.stringify(map),
        pairs,
        JSON.stringify(pairs),
        pairs.map((one) => JSON.stringify(one)),
        [...pairs, null, pairs[0], ""],
        pairs.map(({ field, is }) => ({ name: field, value: is })),
        pairs.map(({ field, is }) => ({ key: field, value: is })),
        pairs.map(({ field, is }) => ({ is, field: ` ${field} ` })),
        Object.entries(map).map(([field, is]) => ({ [field]: is })),
        [map],
        [{ field: first?.[0], is: first?.[1] }, { [String(second?.[0])]: second?.[1] }],
      ];

      for (const form of forms) {
        expect(taken(tool, { ...rest, [name]: form }), JSON.stringify(form)).toEqual({
          ...rest,
          [name]: made ?? map,
        });
      }
    },
  );

  it("of permissions is the flags it stands for, in every form of either", () => {
    const flags = { can_add_users: true, can_remove_users: false };
    for (const form of [
      flags,
      JSON.stringify(flags),
      asPairs(flags),
      JSON.stringify(asPairs(flags)),
      asPairs({ can_add_users: "true", can_remove_users: 0 }),
      [...asPairs(flags), { field: "can_add_users", is: "1" }],
      [
        { permission: "can_add_users", allowed: true },
        { field: "can_remove_users", is: "false" },
      ],
    ])
      expect(taken("assign_manager_to_user_group", { ...group, permissions: form })).toEqual({
        ...group,
        ...flags,
      });
  });

  it("of further fields is the arguments it stands for, which are taken by themselves, too", () => {
    const fields = { phone: "555", date_of_birth: "1990-02-28" };
    const person = { user_id: 1, title: "Lead" };
    for (const form of [
      { other_fields: asPairs(fields) },
      { other_fields: fields },
      { other_fields: JSON.stringify(asPairs(fields)) },
      { other_fields: asPairs({ phone: 555, date_of_birth: "1990-02-28" }) },
      { other_fields: asPairs({ phone: "555" }), date_of_birth: "1990-02-28" },
      { ...fields, other_fields: asPairs({ phone: "555" }) },
      fields,
    ])
      expect(taken("update_user", { ...person, ...form }), JSON.stringify(form)).toEqual({
        ...person,
        ...fields,
      });
    expect(wrong("update_user", { ...person, other_fields: asPairs({ date_of_birth: "soon" }) })).toMatch(
      /date_of_birth must be a day/,
    );
    expect(wrong("update_user", { ...person, other_fields: asPairs({ title: "Chief" }) })).toMatch(
      /"other_fields\.title" is not an argument/,
    );
  });

  it.each([
    ["update_user", { user_id: 1, phone: "1", other_fields: [{ field: "phone", is: "2" }] }, "phone"],
    [
      "assign_manager_to_user_group",
      { ...group, can_add_users: false, permissions: [{ field: "can_add_users", is: true }] },
      "can_add_users",
    ],
  ] as const)("of %s is refused where an argument beside it says something else: %j", (name, raw, field) => {
    expect(wrong(name, raw)).toContain(`${field} is given twice, and not with the same value`);
  });

  it("may be one pair that came without its list, empty, or left out", () => {
    expect(taken("update_user", { user_id: 1, custom_fields: { field: "Region", is: "EMEA" } })).toEqual({
      user_id: 1,
      custom_fields: { ca_0: "EMEA" },
    });
    expect(taken("create_course", { name: "x", extra: [] })).toEqual({ name: "x" });
    expect(taken("create_course", { name: "x", extra: null })).toEqual({ name: "x" });
    expect(taken("create_course", { name: "x", extra: [{ field: "a", is: null }] })).toEqual({ name: "x" });
  });

  it.each([
    [
      "update_user",
      {
        user_id: 1,
        custom_fields: [
          { field: "3", is: "x" },
          { field: "3", is: "y" },
        ],
      },
      /custom_fields names "3" twice/,
    ],
    [
      "update_user",
      {
        user_id: 1,
        custom_fields: [
          { field: "0", is: "x" },
          { field: "Region", is: "y" },
        ],
      },
      /names ca_0 twice/,
    ],
    [
      "create_course",
      {
        name: "x",
        extra: [
          { field: "level", is: "1" },
          { field: "level", is: "2" },
        ],
      },
      /extra names "level" twice/,
    ],
    [
      "assign_manager_to_user_group",
      {
        ...group,
        permissions: [
          { field: "can_add_users", is: true },
          { field: "can_add_users", is: false },
        ],
      },
      /permissions names "can_add_users" twice/,
    ],
    [
      "export_report",
      {
        report: "all_users",
        where: [
          { field: "Status", is: "passed" },
          { field: "Status", is: "failed" },
        ],
      },
      /where names "Status" twice/,
    ],
  ] as const)("that says two things of one field is refused, naming it: %s %j", (name, raw, message) => {
    expect(wrong(name, raw)).toMatch(message);
  });

  it("may say one thing of a field twice, under two of its names, too", () => {
    expect(
      taken("update_user", { user_id: 1, custom_fields: asPairs({ "0": "x", ca_0: "x", Region: "x" }) }),
    ).toEqual({
      user_id: 1,
      custom_fields: { ca_0: "x" },
    });
  });

  it("may hold both ends of a span of one column", () => {
    const where = [
      { field: "Completed", is: ">=2026-08-01" },
      { field: "Completed", is: "<2026-09-01" },
    ];

    expect(taken("export_report", { report: "all_users", where })).toEqual({
      report: "all_users",
      where: { Completed: ">=2026-08-01 and <2026-09-01" },
    });
  });

  it.each([
    [[{ field: "Status" }]],
    [[{ is: "passed" }]],
    [[{ field: "Score", is: "80", operator: ">" }]],
    [["Status"]],
    [[["Status", "passed"]]],
    ["Status is passed"],
    [7],
    [[{ field: "Status", is: { a: 1 } }]],
  ])("is never half understood: %j", (where) => {
    expect(wrong("export_report", { report: "all_users", where })).toMatch(
      /where must be a list of \{field, is\}, .*e\.g\. \[\{"field":"status","is":"passed"\}\]/,
    );
  });

  it("never carries what a map could not", () => {
    for (const field of ["__proto__", "api_key", "title", "is_admin", "ca_3"])
      expect(wrong("update_user", { user_id: 1, extra: [{ field, is: "1" }] })).toMatch(/extra/);
    expect(
      wrong("assign_manager_to_user_group", { ...group, permissions: [{ field: "user_group_id", is: 3 }] }),
    ).toMatch(/"permissions\.user_group_id" is not an argument/);
  });
});
