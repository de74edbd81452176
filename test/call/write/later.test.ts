import { describe, expect, it } from "vitest";
import { lateAcademy, sayingNothing } from "../../support/late-academy.ts";

const casey = { login: "casey@example.com", first_name: "Casey", last_name: "Newhire" };

describe("where reads show a write three seconds later", () => {
  it.each([
    ["enroll_user_in_course", { user_id: 101, course_id: 210 }],
    ["remove_user_from_user_group", { user_id: 101, user_group_id: 301 }],
    ["destroy_user_group", { user_group_id: 303 }],
    ["destroy_user", { user_id: 150 }],
    ["mass_enroll", { user_emails: ["avery@example.com"], course_ids: [210], user_group_ids: [303] }],
  ])("%s is verified once it shows, and sent once", async (name, args) => {
    const academy = await lateAcademy();

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.text).toMatch(/verified: yes/);
    expect(academy.writes()).toEqual([name]);
  });

  it("a success that never shows is no failure, and said to be so", async () => {
    const academy = await lateAcademy({ after: 3_600_000 });

    const reply = await academy.call("enroll_user_in_course", { user_id: 101, course_id: 210 });
    await academy.close();

    expect(reply.outcome).toBe("done");
    expect(reply.text).toMatch(/verified: no \(get_user_courses does not show 210\)/);
    expect(reply.text).toMatch(/SkyPrep said success, and 7 s later it did not show yet/);
    expect(academy.writes()).toHaveLength(1);
  });

  it.each([undefined, sayingNothing(204)])(
    "a hire is onboarded once, and again has it all",
    async (answer) => {
      const academy = await lateAcademy({ ...(answer && { answer }) });
      const hire = { ...casey, groups: ["303"], courses: ["211"], welcome: "link" };

      const first = await academy.call("onboard_person", hire);
      const again = await academy.call("onboard_person", { ...hire, welcome: undefined });
      await academy.close();

      // A link that was answered with nothing is nowhere.
      const done = answer ? "3 done, 1 unknown" : "4 done";
      expect(first.text).toMatch(new RegExp(`newly created: person \\d+ casey@example.com: ${done}`));
      expect(again.text).toMatch(/Nothing to do/);
      expect(academy.writes()).toEqual(["create_user", "mass_enroll", "get_login_key"]);
    },
  );

  it.each([
    ["update_user", { user_id: 101, title: "Pilot" }],
    ["update_course", { course_id: 201, name: "Another name" }],
    ["create_user", { email: "casey@example.com", first_name: "Casey", last_name: "Newhire" }],
    ["create_course", { name: "A course of its own" }],
    ["create_user_group", { name: "Night shift" }],
    ["enroll_user_in_user_group", { user_id: 101, user_group_id: 303 }],
    ["assign_manager_to_user_group", { user_id: 102, user_group_id: 303 }],
  ])("%s is undone right after it", async (name, args) => {
    const academy = await lateAcademy();

    const done = await academy.call(name, args);
    const { structured } = await academy.call("list_changes", {});
    const [change] = (structured?.items ?? []) as { change: number }[];
    const undone = await academy.call("undo_change", { change: change?.change });
    const reply = await academy.call("list_changes", {});
    await academy.close();

    expect(done.outcome, done.text).toBe("done");
    expect(undone.text).toMatch(/was undone/);
    expect(undone.text).not.toMatch(/another|changed since|not there/);
    expect(academy.writes()).toHaveLength(2);
    expect(reply.structured?.items).toHaveLength(2);
  });

  it("what was made is there for the next call", async () => {
    const academy = await lateAcademy();

    const made = await academy.call("create_user_group", { name: "Night shift" });
    const id = made.structured?.id;
    const shown = await academy.call("get_user_group", { user_group_id: id });
    const listed = await academy.call("get_user_groups", { search: "Night shift" });
    await academy.close();

    expect(shown.text).toMatch(/Night shift/);
    expect(listed.text).toMatch(/Night shift/);
  });

  it("somebody deleted right after they were made is gone", async () => {
    const academy = await lateAcademy();

    const made = await academy.call("create_user", {
      email: casey.login,
      first_name: "Casey",
      last_name: "Newhire",
    });
    const gone = await academy.call("destroy_user", { user_id: made.structured?.id });
    const shown = await academy.call("get_user", { user_email: casey.login });
    await academy.close();

    expect(gone.text).toMatch(/verified: yes/);
    expect(shown.isError).toBe(true);
    expect(academy.writes()).toEqual(["create_user", "destroy_user"]);
  });

  it("a plan is carried out whole, and a leaver offboarded", async () => {
    const academy = await lateAcademy();

    const plan = await academy.call("plan_enrollment", {
      people: ["avery@example.com", "jordan@example.com"],
      courses: ["210", "211"],
    });
    const applied = await academy.call("apply_plan", { plan: plan.structured?.plan });
    const left = await academy.call("offboard_person", { person: "101" });
    await academy.close();

    for (const { text, outcome } of [applied, left]) {
      expect(outcome, text).toBe("done");
      expect(text).not.toMatch(/[1-9]\d* (unknown|failed|not tried)/);
    }
    expect(new Set(academy.sent("mass_enroll").map(({ body }) => body)).size).toBe(
      academy.sent("mass_enroll").length,
    );
  });
});
