import { describe, expect, it } from "vitest";
import { ask, keys, newSandbox, noon } from "./ask.ts";

describe("the sandbox's door", () => {
  it("says success and the domain to the right keys, however the headers are capitalised", async () => {
    const { send } = newSandbox();

    const reply = await ask(
      send,
      "test_connection",
      {},
      {
        "x-skyprep-api-key": "sandbox-key",
        "X-SKYPREP-ACCT-KEY": "example.skyprepapp.com",
      },
    );

    expect(reply.json()).toEqual({ message: "success", acct_key: "example.skyprepapp.com" });
    expect(reply.contentType).toContain("application/json");
  });

  it("takes the keys as form fields too", async () => {
    const { send } = newSandbox();

    const reply = await ask(
      send,
      "test_connection",
      { api_key: "sandbox-key", acct_key: "example.skyprepapp.com" },
      {},
    );

    expect(reply.json()).toMatchObject({ message: "success" });
  });

  it.each([
    ["a wrong key", { ...keys, "X-SkyPrep-API-Key": "wrong" }],
    ["a wrong account", { ...keys, "X-SkyPrep-Acct-Key": "other.skyprepapp.com" }],
    ["no keys", {}],
  ])("shows the sign-in page on a good status to %s", async (_, headers) => {
    const { send } = newSandbox();

    const reply = await ask(send, "get_user", { user_id: 101 }, headers as Record<string, string>);

    expect(reply.status).toBe(200);
    expect(reply.contentType).toContain("text/html");
    expect(reply.text).toMatch(/^<!DOCTYPE html>/);
    expect(reply.text).not.toContain("Avery");
  });

  it.each([
    ["no_such_route", {}],
    ["toString", {}],
    ["get_user", { user_id: 999_999 }],
    ["get_user", { user_email: "nobody@example.com" }],
    ["get_course", { course_id: 999_999 }],
    ["get_user_group", { user_group_id: 402 }],
    ["get_learning_path", { learning_path_id: 301 }],
  ])("answers %s %j with a 404 and a text", async (route, params) => {
    const { send } = newSandbox();

    const reply = await ask(send, route, params);

    expect(reply.status).toBe(404);
    expect(reply.contentType).toContain("text/plain");
    expect(reply.text).toMatch(/not found/i);
  });

  it.each([
    ["get_user", {}, "Missing parameter: user_id or user_email"],
    ["get_course", {}, "Missing parameter: course_id"],
    ["get_course", { course_id: "abc" }, "Invalid parameter: course_id"],
    ["create_user", { first_name: "Nobody" }, "Missing parameter: email"],
    ["create_course", { active: "true" }, "Missing parameter: name"],
    ["create_course", { name: "A", active: "perhaps" }, "Invalid parameter: active"],
    ["get_data", { data_type: "moon_count" }, "Invalid parameter: data_type"],
    ["mass_enroll", { user_emails: "avery@example.com" }, "Missing parameter: course_ids"],
    ["mass_enroll", { course_ids: "201" }, "Missing parameter: user_emails"],
  ])("answers %s %j with a 422 and a text", async (route, params, text) => {
    const { send } = newSandbox();

    const reply = await ask(send, route, params as Record<string, string>);

    expect(reply.status).toBe(422);
    expect(reply.text).toContain(text);
  });

  it("refuses the 101st call in a minute, and is free again a minute after the first", async () => {
    let time = noon;
    const { send } = newSandbox({ callsPerMinute: 100, now: () => time });
    for (let n = 0; n < 100; n += 1) {
      expect((await ask(send, "test_connection")).status).toBe(200);
      time += 100;
    }

    const refused = await ask(send, "test_connection");
    expect(refused.status).toBe(429);
    expect(refused.text).toContain("Rate limit");
    expect(refused.retryAfter).toBe(50);

    time = noon + 59_999;
    expect((await ask(send, "test_connection")).status).toBe(429);
    time = noon + 60_000;
    expect((await ask(send, "test_connection")).status).toBe(200);
    expect((await ask(send, "test_connection")).status).toBe(429);
  });

  it("counts calls with wrong keys, as the limit is by address", async () => {
    const { send } = newSandbox({ callsPerMinute: 1 });

    await ask(send, "test_connection", {}, {});

    expect((await ask(send, "test_connection")).status).toBe(429);
  });

  it("does nothing for a call that is already cancelled", async () => {
    const { send, world } = newSandbox();
    const reason = new Error("never mind");

    const call = send(
      { route: "destroy_user", headers: keys, body: "user_email=avery@example.com" },
      AbortSignal.abort(reason),
    );

    await expect(call).rejects.toBe(reason);
    expect(world.people.has(101)).toBe(true);
  });

  it("reads repeated name[] as a list", async () => {
    const { send, world } = newSandbox();

    await ask(send, "enroll_user_in_courses", { user_id: 101, course_ids: [230, 232] });

    expect(world.enrollments.get(101)).toEqual(new Set([217, 240, 230, 232]));
  });
});

describe("a strict sandbox", () => {
  it("ignores what the page does not name for a route", async () => {
    const { send, world } = newSandbox({ strict: true });

    const people = await ask(send, "get_users", { limit: 1, email: "avery@example.com" });
    const created = await ask(send, "create_user", {
      email: "new@example.com",
      title: "Clerk",
      company: "Other",
      password: "short",
    });

    expect(people.json<unknown[]>()).toHaveLength(302);
    expect(created.json()).toMatchObject({ title: "Clerk", company: null });
    expect(world.people.get(Number(created.json().id))?.password).toBeNull();
  });

  it.each([
    ["update_user", { user_id: 101, title: "Clerk" }],
    ["destroy_user", { user_id: 101 }],
    ["enroll_user_in_course", { user_id: 101, course_id: 230 }],
    ["remove_user_from_course", { user_id: 101, course_id: 217 }],
    ["mass_enroll", { user_ids: "101", course_ids: "230" }],
  ])("does not hear user ids in %s", async (route, params) => {
    const strict = newSandbox({ strict: true });
    const free = newSandbox();

    expect((await ask(strict.send, route, params)).status).toBe(422);
    expect((await ask(free.send, route, params)).status).toBe(200);
  });

  it.each([
    ["update_user", { user_email: "avery@example.com", access_end_date: "July 30, 2027" }],
    ["enroll_user_in_user_group", { user_id: 101, user_group_id: 303 }],
    ["update_user_group", { user_group_id: 301, name: "Sales", description: "Us" }],
    ["get_user_courses", { user_email: "avery@example.com" }],
    ["mass_enroll", { user_emails: "avery@example.com", course_ids: "230" }],
  ])("hears what the page names for %s", async (route, params) => {
    const { send } = newSandbox({ strict: true });

    expect((await ask(send, route, params as unknown as Record<string, string>)).status).toBe(200);
  });
});
