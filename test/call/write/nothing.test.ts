import { describe, expect, it } from "vitest";
import { lateAcademy, sayingNothing } from "../../support/late-academy.ts";

const casey = { email: "casey@example.com", first_name: "Casey", last_name: "Newhire" };

describe.each([204, 200] as const)("where writes are answered with %d and nothing", (status) => {
  const academyOf = (after = 0) => lateAcademy({ after, answer: sayingNothing(status) });

  it.each([
    ["create_user", casey],
    ["create_course", { name: "A course of its own" }],
    ["create_user_group", { name: "Night shift", user_ids: [101, 102] }],
    ["create_learning_path", { name: "First week", course_ids: [201] }],
    ["create_course_progress", { user_id: 101, course_id: 210 }],
  ])("%s is found, with its number, and can be undone", async (name, args) => {
    const academy = await academyOf();

    const reply = await academy.call(name, args);
    const undone = await academy.call("undo_change", { change: 1 });
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.structured).toMatchObject({ done: true, id: expect.any(Number), verified: "yes" });
    expect(undone.text).toMatch(/was undone/);
    expect(academy.writes().filter((route) => /^create/.test(route))).toHaveLength(1);
  });

  it.each([
    ["enroll_user_in_course", { user_id: 101, course_id: 210 }],
    ["enroll_user_in_user_group", { user_id: 101, user_group_id: 303 }],
    ["mass_enroll", { user_emails: ["avery@example.com"], course_ids: [210] }],
    ["update_user", { user_id: 101, title: "Pilot" }],
    ["update_course", { course_id: 201, name: "Another name" }],
    ["destroy_user_group", { user_group_id: 303 }],
    ["add_course_to_user_group", { user_group_id: 303, course_id: 240 }],
    ["assign_manager_to_user_group", { user_id: 102, user_group_id: 303 }],
  ])("%s is looked for, found, and sent once", async (name, args) => {
    const academy = await academyOf();

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.text).toMatch(/answered nothing|says nothing/);
    expect(academy.sent(name)).toHaveLength(1);
  });

  it("what was not done is not said to be", async () => {
    const academy = await lateAcademy({ after: 3_600_000, answer: sayingNothing(status) });

    const enrolled = await academy.call("enroll_user_in_course", { user_id: 101, course_id: 210 });
    const created = await academy.call("create_course", { name: "A course of its own" });
    await academy.close();

    for (const reply of [enrolled, created]) {
      expect(reply.outcome).toBe("unknown");
      expect(reply.text).toMatch(/do not repeat it/);
    }
    expect(academy.writes()).toHaveLength(2);
  });

  it("a hire is onboarded, group, course and all", async () => {
    const academy = await academyOf();

    const { email: login, ...names } = casey;
    const reply = await academy.call("onboard_person", {
      login,
      ...names,
      groups: ["303"],
      courses: ["240"],
    });
    await academy.close();

    expect(reply.text).toMatch(/newly created: person \d+ casey@example.com: 3 done/);
    expect(academy.writes()).toEqual(["create_user", "mass_enroll"]);
  });

  it("two that may be the new one are no number", async () => {
    const academy = await academyOf();
    const name = "A course of its own";

    await academy.call("create_course", { name });
    const reply = await academy.call("create_course", { name });
    await academy.close();

    expect(reply.outcome).toBe("unknown");
    expect(reply.structured?.id).toBeUndefined();
  });
});
