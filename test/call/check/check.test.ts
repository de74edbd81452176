import { describe, expect, it } from "vitest";
import { check } from "../../../src/call/check/check.ts";
import { reserved, tools } from "../../support/catalogue.ts";

const labels = new Map([["region", "ca_0"]]);

function tried(name: string, args: unknown) {
  const tool = tools.get(name);
  if (!tool) throw new Error(name);
  return check(tool, args, { reserved, customFields: labels });
}
const args = (name: string, raw: unknown) => (tried(name, raw) as { args: unknown }).args;
const wrong = (name: string, raw: unknown) =>
  ((tried(name, raw) as { wrong?: string[] }).wrong ?? []).join("\n");

const thousand = Array.from({ length: 1_000 }, (_, n) => n + 1);

describe("what assistants get wrong is mended", () => {
  it.each([
    ["a number as text", "get_course", { course_id: "201" }, { course_id: 201 }],
    [
      "a list as JSON text",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: "[1,2]" },
      { user_id: 1, course_ids: [1, 2] },
    ],
    [
      "a list as comma text",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: "1, 2" },
      { user_id: 1, course_ids: [1, 2] },
    ],
    [
      "one item for a list",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: 7 },
      { user_id: 1, course_ids: [7] },
    ],
    [
      "numbers as texts in a list",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: ["7"] },
      { user_id: 1, course_ids: [7] },
    ],
    [
      "a number given twice in a list, the first place kept",
      "destroy_ilt_timeslot_registrations",
      { instructor_led_training_timeslot_registration_ids: [522, "522", 535, 522] },
      { instructor_led_training_timeslot_registration_ids: [522, 535] },
    ],
    [
      "more than a thousand of which a thousand differ",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: [...thousand, ...thousand] },
      { user_id: 1, course_ids: thousand },
    ],
    ["a flag as text", "update_course", { course_id: 1, active: "false" }, { course_id: 1, active: false }],
    ["a flag as a digit", "update_course", { course_id: 1, active: "1" }, { course_id: 1, active: true }],
    ["null for left out", "get_user", { user_id: 1, user_email: null }, { user_id: 1 }],
    ["a number for text", "update_user", { user_id: 1, zip: 10001 }, { user_id: 1, zip: "10001" }],
    [
      "a choice for a list",
      "get_course_progresses",
      { status: "passed,failed" },
      { status: ["passed", "failed"] },
    ],
    [
      "a map as JSON text",
      "update_user",
      { user_id: 1, extra: '{"city":"Boston"}' },
      { user_id: 1, extra: { city: "Boston" } },
    ],
    [
      "permissions, as a map of flags",
      "update_manager_permissions_in_user_group",
      { user_id: 1, user_group_id: 2, permissions: { can_add_users: "true", can_remove_users: 0 } },
      { user_id: 1, user_group_id: 2, can_add_users: true, can_remove_users: false },
    ],
    [
      "permissions, as a map in a text",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: '{"can_add_users":true}' },
      { user_id: 1, user_group_id: 2, can_add_users: true },
    ],
    [
      "permissions, left out",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: null },
      { user_id: 1, user_group_id: 2 },
    ],
    ["no arguments at all", "get_courses", undefined, {}],
  ])("%s", (_, name, raw, mended) => {
    expect(args(name, raw)).toEqual(mended);
  });

  it("keeps commas inside group names, which are separated by semicolons", () => {
    expect(args("get_login_key", { user_email: "a", user_groups: "Forensics, Lab;Staff" })).toEqual({
      user_email: "a",
      user_groups: ["Forensics, Lab", "Staff"],
    });
  });

  it("turns the tenant's labels and bare numbers into custom fields", () => {
    expect(
      args("update_user", { user_id: 1, custom_fields: { Region: "EMEA", "3": "x", ca_10: 5 } }),
    ).toEqual({
      user_id: 1,
      custom_fields: { ca_0: "EMEA", ca_3: "x", ca_10: "5" },
    });
  });
});

describe("what cannot be mended is refused, naming the argument, what is allowed and an example", () => {
  it.each([
    [
      "a misspelt name",
      "get_user",
      { userid: 1 },
      /"userid" is not an argument of get_user; allowed: user_id, user_email/,
    ],
    [
      "a missing argument",
      "get_course",
      {},
      /course_id is missing: Course \(a whole number, 1 or more, e\.g\. 201\)/,
    ],
    [
      "a wrong type",
      "get_course",
      { course_id: "two" },
      /course_id must be a whole number, 1 or more, e\.g\. 201/,
    ],
    [
      "one person for both",
      "move_training_data",
      { source_user_id: 101, target_user_id: "101", inclusion_list: ["course_enrollments"] },
      /source_user_id and target_user_id are the same: give two that differ/,
    ],
    ["a number that is no id", "get_course", { course_id: 0 }, /course_id must be a whole number, 1 or more/],
    ["a fraction", "get_course", { course_id: 1.5 }, /course_id must be a whole number/],
    ["no person", "get_user", {}, /Give one of user_id or user_email, e\.g\. user_id: 101/],
    ["two persons", "get_user", { user_id: 1, user_email: "a" }, /Give only one of user_id or user_email/],
    ["two persons in a filter", "get_course_progresses", { user_id: 1, user_email: "a" }, /Give only one of/],
    [
      "nothing to enroll in",
      "mass_enroll",
      { user_ids: [1] },
      /at least one of course_ids or user_group_ids/,
    ],
    [
      "an unknown choice",
      "get_data",
      { data_type: "users" },
      /data_type must be one of user_count, admin_count/,
    ],
    [
      "archived as a status to set",
      "update_course_progress",
      { course_progress_id: 1, set_status: "archived" },
      /set_status must be one of passed/,
    ],
    [
      "an empty list",
      "enroll_user_in_courses",
      { user_id: 1, course_ids: [] },
      /course_ids must be a list of integers, at least one/,
    ],
    [
      "a short password",
      "update_user",
      { user_id: 1, password: "short" },
      /password must be text of 8 to 128 characters/,
    ],
    [
      "a day that is none",
      "update_user",
      { user_id: 1, access_end_date: "July 30, 2017" },
      /access_end_date must be a day, e\.g\. "2027-12-31"/,
    ],
    [
      "permissions that are no map",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: "all" },
      /permissions must be a list of \{field, is\}, each true or false, e\.g\. \[\{"field":"can_add_users","is":false/,
    ],
    [
      "a permission that is neither true nor false",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: { can_add_users: "perhaps" } },
      /can_add_users must be true or false/,
    ],
    [
      "another argument among the permissions",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: { can_add_users: true, user_group_id: 3 } },
      /"permissions\.user_group_id" is not an argument/,
    ],
    [
      "a permission that does not exist",
      "assign_manager_to_user_group",
      { user_id: 1, user_group_id: 2, permissions: { can_fly: true } },
      /"can_fly" is not an argument/,
    ],
    [
      "an unknown custom field",
      "update_user",
      { user_id: 1, custom_fields: { Rgion: "x" } },
      /custom_fields: "Rgion" is not a number from 0 to 10, or a label: region/,
    ],
    [
      "a custom field twice",
      "update_user",
      { user_id: 1, custom_fields: { Region: "x", "0": "y" } },
      /names ca_0 twice/,
    ],
    ["a list of arguments", "get_user", [1], /one object of names and values/],
  ])("%s", (_, name, raw, message) => {
    expect(wrong(name, raw)).toMatch(message);
  });

  it("is short, however much is wrong", () => {
    const names = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`x${n}`.padEnd(200, "y"), 1]));

    expect(wrong("get_user", names).length).toBeLessThan(1_500);
    expect(wrong("get_user", names)).toMatch(
      /and 4995 more\) are not arguments of get_user; allowed: user_id/,
    );
  });

  it("says everything that is wrong at once", () => {
    expect(wrong("get_user_course_status", { usr: 1, course_id: "x" }).split("\n")).toHaveLength(3);
  });

  it("does not repeat the value of a password", () => {
    expect(wrong("update_user", { user_id: 1, password: "hunter2" })).not.toContain("hunter2");
  });
});

describe("extra carries what no source names, and nothing that matters", () => {
  it("passes a further parameter on", () => {
    expect(args("create_course", { name: "x", extra: { category: "Sales" } })).toEqual({
      name: "x",
      extra: { category: "Sales" },
    });
  });

  it.each([
    "api_key",
    "acct_key",
    "format",
    "_method",
    "admin",
    "is_admin",
    "user_role_x",
    "user_email",
    "course_id",
    "title",
    "new_password",
    "login_status",
    "dataset_ids",
    "ca_3",
    "full_permissions_for_courses_i_created",
    "disabled",
    "global_content_manager",
  ])("never %s", (key) => {
    expect(wrong("update_user", { user_id: 1, extra: { [key]: "1" } })).toMatch(/extra/);
  });

  it.each(["Upper", "9a", "a b", "a-b", "", "x".repeat(65)])("never a key like %j", (key) => {
    expect(wrong("update_user", { user_id: 1, extra: { [key]: "1" } })).toMatch(
      /extra must be a list of \{field, is\}.*a-z, 0-9 and _/,
    );
  });

  it("is not taken where the sources leave nothing open", () => {
    expect(wrong("destroy_course", { course_id: 1, extra: { a: "b" } })).toMatch(
      /"extra" is not an argument/,
    );
  });
});
