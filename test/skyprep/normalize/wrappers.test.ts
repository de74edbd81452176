import { describe, expect, it } from "vitest";
import { layer } from "./support.ts";

const avery = { id: 101, user_id: 101, display_name: "Avery", email: "avery@example.com" };
const jordan = { id: 102, user_id: 102, display_name: "Jordan", email: "jordan@example.com" };
const people = () => structuredClone([avery, jordan]);

describe("a list in a wrapper", () => {
  it.each([
    ["its name and pages", { users: people(), meta: { total: 302, page: 1 } }, { total: 302 }],
    ["data", { data: people() }, {}],
    [
      "results, as Rails' and Django's pages do",
      { count: 302, next: "https://x/?page=2", previous: null, results: people() },
      { total: 302, follows: true },
    ],
    ["a last such page", { count: 2, next: null, previous: null, results: people() }, { total: 2 }],
    ["two wrappers", { response: { users: people(), total_count: "302" } }, { total: 302 }],
    [
      "data and pagination",
      { data: people(), pagination: { current_page: 1, total_pages: 13 } },
      { follows: true },
    ],
    ["status and message", { status: "success", message: "success", data: people(), errors: [] }, {}],
    ["has_more", { users: people(), has_more: true }, { follows: true }],
    ["a count that may be the page's own", { users: people(), count: 2 }, {}],
    ["a total that cannot be", { users: people(), total: 1 }, {}],
    ["each its own", people().map((user) => ({ user })), {}],
  ])("by %s is that list", async (_, answer, told) => {
    const { read } = layer(answer);

    const { value, is: __, bytes: ___, ...more } = await read("get_users");

    expect(value).toEqual(people());
    expect(more).toEqual(told);
  });

  it.each([
    ["no rows, as {}", "get_courses", {}],
    ["no rows, as {} in its place", "get_courses", { courses: {} }],
  ])("%s is a list without rows", async (_, route, answer) => {
    expect(await layer(answer).value(route)).toEqual([]);
  });

  it("one row alone is a list of it", async () => {
    const { value, told } = layer(people()[0]);

    expect(await value("get_users")).toEqual([avery]);
    expect(told).toEqual(["lists-are-bare single"]);
  });

  it.each([
    ["an error in it", { users: [], errors: ["limit"] }],
    ["no success", { users: [], success: false }],
    ["words that take it back", { users: people(), message: "partially loaded" }],
    ["a refusal", { message: "Rate limit exceeded", users: [] }],
    ["two lists", { users: people(), courses: [] }],
    ["a record beside it", { users: people(), user_group: { id: 1 } }],
    ["a name nobody knows", { avatars: people() }],
    ["nothing told", null],
    ["nobody in it, not even whose key it is,", {}],
  ])("with %s stays as it came", async (_, answer) => {
    expect(await layer(answer).value("get_users")).toBe(answer);
  });
});

describe("a record in a wrapper", () => {
  it.each([
    ["its name", { user: avery }, "wrapped"],
    ["data", { data: avery }, "data"],
    ["a list of one", [avery], "listed"],
    ["a list of one that stands under its name", [{ user: avery }], "listed"],
    ["two", { response: { user: avery } }, "wrapped"],
  ])("by %s is that record", async (_, answer, how) => {
    const { value, told } = layer(structuredClone(answer));

    expect(await value("get_user")).toEqual(avery);
    expect(told).toEqual([`records-are-bare ${how}`]);
  });

  it.each([
    ["get_data", { data: 302 }, { data: 302 }],
    ["get_data", { data: { data: 302 } }, { data: 302 }],
    ["update_user", { message: "success", user: avery }, { message: "success", user: avery }],
    ["create_user", { message: "success", user: avery }, avery],
    ["destroy_user", { data: { message: "success" } }, { message: "success" }],
    ["get_user_group", { id: 301, users: [avery], courses: [] }, { id: 301, users: [avery], courses: [] }],
    ["get_user_course_status", { course_status: { status: "passed" } }, { status: "passed" }],
    ["get_login_key", { data: { user_id: 101, url: "https://x" } }, { user_id: 101, url: "https://x" }],
    ["get_program", { program: { name: "A", users_count: 3 } }, { name: "A", users_count: 3 }],
    ["create_skill_transaction", { communication: 5 }, { communication: 5 }],
    ["get_async_report", { status: "done", data: { rows: [] } }, { status: "done", data: { rows: [] } }],
    ["get_user", { error: "no such user", data: { id: 5 } }, { error: "no such user", data: { id: 5 } }],
    ["get_user", [], []],
  ])("%s %j", async (route, answer, wanted) => {
    expect(await layer(structuredClone(answer)).value(route)).toEqual(wanted);
  });
});
