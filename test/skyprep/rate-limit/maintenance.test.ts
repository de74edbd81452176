import { describe, expect, it } from "vitest";
import { agreeing } from "../../support/person.ts";
import { academyBehind, incoming } from "../normalize/between.ts";

const page = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

const down = [
  ["a page on 200", 200, page("SkyPrep is down for scheduled maintenance")],
  ["a page on 503", 503, page("We'll be right back: site under maintenance")],
  ["a page on 502", 502, page("Temporarily unavailable")],
  ["a sentence on 200", 200, "The service is temporarily unavailable. Please try again later."],
  ["a message on 200", 200, '{"message":"Maintenance mode"}'],
  ["an error on 504", 504, '{"error":"Undergoing maintenance"}'],
  ["a flag on 200", 200, '{"maintenance":true}'],
  ["a page on 403", 403, page("Offline for maintenance")],
] as const;

describe.each(down)("maintenance as %s", (_, status, body) => {
  it("is said to be that, and a read is tried again", async () => {
    const { call, close, sent } = await academyBehind({
      instead: ({ route }) => (route === "get_user" ? incoming(status, body) : undefined),
    });
    const { text, isError } = await call("get_user", { user_id: 101 });
    await close();

    expect(isError).toBe(true);
    expect(text).toMatch(/down for maintenance/);
    expect(text).toMatch(/try again later/i);
    expect(text).not.toMatch(/SKYPREP_API_KEY|key|not found/);
    expect(sent("get_user")).toHaveLength(3);
  });

  it("that passes is not heard of by a reader", async () => {
    let left = 1;
    const { call, close } = await academyBehind({
      instead: ({ route, isDone }) =>
        route === "get_user" && !isDone && left-- > 0 ? incoming(status, body) : undefined,
    });
    const { text, isError } = await call("get_user", { user_id: 101 });
    await close();

    expect(isError).toBe(false);
    expect(text).toMatch(/101/);
  });

  it.each([
    ["enroll_user_in_course", { user_id: 101, course_id: 210 }],
    ["update_user", { user_id: 101, title: "Lead" }],
  ])("has %s sent once, and told as unknown", async (route, args) => {
    const { call, close, sent } = await academyBehind(
      {
        instead: (came) => (came.route === route && came.isDone ? incoming(status, body) : undefined),
      },
      { person: agreeing },
    );
    const { text } = await call(route, args);
    await close();

    expect(sent(route)).toHaveLength(1);
    expect(text).not.toMatch(/SKYPREP_API_KEY|Nothing was changed|Not done/);
    expect(text).toMatch(/down for maintenance|unknown|verified: yes/);
  });
});

describe("what only speaks of maintenance", () => {
  it.each([
    ["a record", { id: 210, title: "Under maintenance", status: "under maintenance" }],
    ["a course that is not there", { error: "Course Building Maintenance not found" }],
    ["a course that is closed", { error: "This course is temporarily unavailable" }],
    ["a success", { message: "success", status: "User moved to Maintenance: maintenance mode" }],
  ])("%s is what it was", async (_, value) => {
    const { call, close, sent } = await academyBehind({
      instead: ({ route }) => (route === "get_course" ? incoming(200, JSON.stringify(value)) : undefined),
    });
    const { text } = await call("get_course", { course_id: 210 });
    await close();

    expect(text).not.toMatch(/down for maintenance/);
    // Absence is looked at twice; what is down is tried three times.
    expect(sent("get_course").length).toBeLessThan(3);
  });
});
