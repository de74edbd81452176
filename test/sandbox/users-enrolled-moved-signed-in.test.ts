import { describe, expect, it } from "vitest";
import { progressOf } from "../../src/sandbox/model/enrollment.ts";
import { ask, newSandbox } from "./ask.ts";

describe("mass_enroll", () => {
  it("gives everybody named everything named", async () => {
    const { send, world } = newSandbox();

    await ask(send, "mass_enroll", {
      user_emails: "avery@example.com, jordan@example.com",
      user_ids: "103",
      course_ids: "230, 232",
      user_group_ids: "306,307",
      course_bundle_ids: "406",
    });

    for (const person of [101, 102, 103]) {
      for (const group of [306, 307, 406]) expect(world.groups.get(group)?.members.has(person)).toBe(true);
      const courses = progressOf(world, person).map(({ course_id }) => course_id);
      // The groups' 234, 235, 237 and the path's 205, 206, 207 come along.
      expect(courses).toEqual(expect.arrayContaining([230, 232, 234, 235, 237, 205, 206, 207]));
    }
  });

  it("enrolls nobody when one of them is unknown", async () => {
    const { send, world } = newSandbox();
    const before = world.progress.size;

    const person = await ask(send, "mass_enroll", {
      user_emails: "avery@example.com,nobody",
      course_ids: "230",
    });
    const course = await ask(send, "mass_enroll", {
      user_emails: "avery@example.com",
      course_ids: "230,9999",
    });

    expect([person.status, course.status]).toEqual([404, 404]);
    expect(world.progress.size).toBe(before);
  });

  it("opens nothing twice", async () => {
    const { send, world } = newSandbox();
    const params = { user_emails: "avery@example.com", course_ids: "230", user_group_ids: "303" };
    await ask(send, "mass_enroll", params);
    const before = world.progress.size;

    await ask(send, "mass_enroll", params);

    expect(world.progress.size).toBe(before);
  });
});

describe("move_training_data", () => {
  it("hands enrollments, groups and records over", async () => {
    const { send, world } = newSandbox();
    const { id } = (await ask(send, "create_user", { email: "twin@example.com" })).json<{ id: number }>();

    const reply = await ask(send, "move_training_data", {
      source_user_id: 101,
      target_user_id: id,
      inclusion_list: ["course_enrollments", "course_progresses", "exam_attempts"],
    });

    expect(reply.json()).toEqual({
      status: "success",
      source_user_id: 101,
      target_user_id: id,
      moved: { course_enrollments: 2, course_progresses: 7, user_group_enrollments: 2 },
      skipped: [],
    });
    expect(progressOf(world, 101)).toEqual([]);
    expect(progressOf(world, id)).toHaveLength(7);
    expect(world.progress.get(901)?.user_id).toBe(id);
  });

  it("leaves a record behind where the other has finished the course", async () => {
    const { send } = newSandbox();

    const reply = await ask(send, "move_training_data", {
      source_user_id: 101,
      target_user_id: 102,
      inclusion_list: ["course_progresses"],
    });

    expect(reply.json<{ skipped: string[] }>().skipped).toContain("course_progress 901");
  });

  it.each([
    [{ source_user_id: 101, target_user_id: 101, inclusion_list: ["course_progresses"] }],
    [{ source_user_id: 101, target_user_id: 102 }],
    [{ source_user_id: 101, target_user_id: 102, inclusion_list: ["everything"] }],
  ])("refuses %j", async (params) => {
    const { send } = newSandbox();

    expect((await ask(send, "move_training_data", params as Record<string, number>)).status).toBe(422);
  });
});

describe("get_login_key", () => {
  it("gives a key and a link that carries it", async () => {
    const { send } = newSandbox();

    const reply = await ask(send, "get_login_key", { user_email: "avery@example.com", key_type: "daily" });

    const { login_key, ...rest } = reply.json<Record<string, string>>();
    expect(rest).toEqual({
      user_id: 101,
      status: "success",
      email: "avery@example.com",
      url: `https://example.skyprepapp.com/account/automated_login?login_key=${login_key}`,
    });
  });

  it("makes the person where asked to, and puts them into the groups named", async () => {
    const { send, world } = newSandbox();

    const unasked = await ask(send, "get_login_key", { user_email: "fresh" });
    const reply = await ask(send, "get_login_key", {
      user_email: "fresh",
      autocreate: "true",
      user_groups: "Finance; west region",
      user_first_name: "Fran",
    });

    expect(unasked.status).toBe(404);
    const id = Number(reply.json().user_id);
    expect(world.people.get(id)).toMatchObject({ email: "fresh", first_name: "Fran", role: "learner" });
    expect(world.groups.get(306)?.members.has(id)).toBe(true);
    expect(world.groups.get(302)?.members.has(id)).toBe(true);
    expect(progressOf(world, id).map(({ course_id }) => course_id)).toEqual([216, 201, 234, 235]);
  });

  it("makes nobody when a group is unknown or the kind of key is", async () => {
    const { send, world } = newSandbox();
    const params = { user_email: "fresh", autocreate: "true" };

    const group = await ask(send, "get_login_key", { ...params, user_groups: "Finance;Nowhere" });
    const kind = await ask(send, "get_login_key", { ...params, key_type: "weekly" });

    expect([group.status, kind.status]).toEqual([404, 422]);
    expect(world.people.size).toBe(302);
    expect(world.loginKeys.size).toBe(0);
  });

  it("never gives the same key twice", async () => {
    const { send, world } = newSandbox();

    for (let n = 0; n < 5; n += 1) await ask(send, "get_login_key", { user_email: "avery@example.com" });

    expect(world.loginKeys.size).toBe(5);
  });
});
