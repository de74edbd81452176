import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({ people: 40, env: { SKYPREP_STRUCTURED: "true" } });
});
afterAll(() => academy.close());

const csv = () =>
  [
    "Email,Groups",
    ...[...academy.sandbox.world.people.values()].map(
      ({ email }, n) => `${email},${n === 30 ? "sales‑team" : ""}`,
    ),
  ].join("\n");

describe("a text that was read otherwise than it was typed is said in", () => {
  for (const [tool, args, as] of [
    ["access_review", { person: "101 Avery Learner (avery@example.com)" }, "person 101"],
    ["access_review", { person: "<mateo.farouk@example.com>" }, "person 103"],
    ["training_status", { person: "101 Avery Learner" }, "person 101"],
    ["training_status", { group: "sales‑team" }, "group 301"],
    ["offboard_person", { person: "linh.carter@example.com;", last_day: "2026-12-31" }, "person 121"],
    ["merge_people", { from: "138 Zoe Park", into: "129 Nadia Park" }, "person 138"],
    ["plan_enrollment", { group: "sales‑team", courses: ["207"] }, "group 301"],
    ["export_report", { report: "single_course", of: ["course 207"] }, "course 207"],
  ] as const) {
    it(`${tool} ${JSON.stringify(args)}`, async () => {
      const { text } = await academy.call(tool, args);
      expect(text).toMatch(new RegExp(`was read as ${as} `));
      expect(text.match(/was read as/g)?.length).toBe(tool === "merge_people" ? 2 : 1);
    });
  }

  it("plan_roster's column of groups", async () => {
    const { text } = await academy.call("plan_roster", { csv: csv() });
    expect(text).toMatch(/“sales.team” was read as group 301 /);
  });
});

describe("an address beside another's name is nobody", () => {
  for (const who of [
    "Jordan Manager <avery@example.com>",
    "Manager, Jordan <avery@example.com>",
    "Jordan Manager (avery@example.com)",
  ]) {
    it(who, async () => {
      const { text, isError } = await academy.call("access_review", { person: who });
      expect(isError).toBe(true);
      expect(text).toMatch(/101 is Avery Learner.*not “/);
      const listed = await academy.call("plan_enrollment", { people: [who], courses: ["207"] });
      expect(listed.isError).toBe(true);
      const read = await academy.call("get_user", { user_email: who });
      expect(read.isError).toBe(true);
    });
  }

  it("but a name that nobody has, or their own, is no one else's", async () => {
    for (const who of [
      "Avery L. <avery@example.com>",
      "Avery Learner avery@example.com",
      "HR <avery@example.com>",
    ]) {
      const { isError, text } = await academy.call("get_user", { user_email: who });
      expect(isError, text).toBe(false);
    }
  });
});

it("an employee's code is taken where a login is", async () => {
  for (const code of ["EMP-101", "emp-101", "#101"]) {
    const { text } = await academy.call("get_user", { user_email: code });
    expect(text).toMatch(/Person 101/);
  }
});

describe("somebody new is never made of a part of what was typed", () => {
  for (const login of [
    "zed newhire@example.com",
    "zed@example,com",
    "zed @example.com",
    "zed@example.com/zed",
    "zed@example.com zed",
    "zed@example;com",
    "zed@@example.com",
    "zed@exam ple.com",
  ]) {
    it(login, async () => {
      const before = academy.sandbox.world.people.size;
      const one = await academy.call("onboard_person", { login, first_name: "Zed", last_name: "Newhire" });
      expect(one.isError, one.text).toBe(true);
      await academy.call("create_user", { email: login, first_name: "Zed", last_name: "Newhire" });
      expect(academy.sandbox.world.people.size).toBe(before);
    });
  }

  for (const login of [
    "Zed Newhire <zed1@example.com>",
    '"Newhire, Zed" <zed2@example.com>;',
    "mailto:zed3@example.com",
    "[zed4@example.com](mailto:zed4@example.com)",
    "Zed Newhire (zed5@example.com)",
    "Email: zed6@example.com",
    "<zed7@example.com>.",
    "z’ed8@example.com",
  ]) {
    it(`though ${login} is somebody`, async () => {
      const before = academy.sandbox.world.people.size;
      const { text } = await academy.call("onboard_person", {
        login,
        first_name: "Zed",
        last_name: "Newhire",
      });
      expect(academy.sandbox.world.people.size, text).toBe(before + 1);
    });
  }
});
