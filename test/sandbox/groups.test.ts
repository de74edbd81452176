import { describe, expect, it } from "vitest";
import { currentProgress, progressOf } from "../../src/sandbox/model/enrollment.ts";
import type { World } from "../../src/sandbox/model/world.ts";
import { ask, newSandbox } from "./ask.ts";

type Rec = Record<string, unknown>;

const has = (world: World, person: number, course: number) =>
  currentProgress(world, person, course) !== undefined;
const ids = (rows: unknown) => (rows as Rec[]).map(({ id }) => id);

describe("user groups", () => {
  it("are listed without the paths, children named under their parents", async () => {
    const { send } = newSandbox();

    const groups = (await ask(send, "get_user_groups")).json<Rec[]>();

    expect(ids(groups)).toEqual([301, 302, 303, 304, 305, 306, 307, 308, 309]);
    expect(groups[1]).toMatchObject({
      user_group_id: 301,
      full_name: "Sales Team / West Region",
      user_group_type: "user",
    });
  });

  it("show their people, courses and a list of paths", async () => {
    const { send } = newSandbox();

    const group = (await ask(send, "get_user_group", { user_group_id: 301 })).json();

    expect(ids(group.users)).toEqual(expect.arrayContaining([101, 102]));
    expect(ids(group.courses)).toEqual([201, 202]);
    expect(ids(group.learning_paths)).toEqual([402]);
  });

  it("enroll their members in their courses and paths", async () => {
    const { send, world } = newSandbox();
    const { id } = (await ask(send, "create_user", { email: "new@example.com" })).json<{ id: number }>();

    await ask(send, "enroll_user_in_user_group", { user_id: id, user_group_id: 301 });

    expect(progressOf(world, id).map(({ course_id }) => course_id)).toEqual([201, 202, 203, 205]);
    const groups = (await ask(send, "get_user_group_enrollments_for_user", { user_id: id })).json();
    expect(ids(groups)).toEqual([301]);
  });

  it("take the unfinished back when a member leaves, and keep the finished", async () => {
    const { send, world } = newSandbox();

    await ask(send, "remove_user_from_user_group", { user_id: 101, user_group_id: 301 });

    expect([201, 203, 205].map((course) => has(world, 101, course))).toEqual([false, false, false]);
    expect(currentProgress(world, 101, 202)?.status).toBe("passed");
    expect(has(world, 101, 216)).toBe(true);
  });

  it("give a new course to every member, and take it from all", async () => {
    const { send, world } = newSandbox();
    const members = [...(world.groups.get(306)?.members ?? [])];
    const without = members.filter((person) => !has(world, person, 242));

    await ask(send, "add_course_to_user_group", { user_group_id: 306, course_id: 242 });
    expect(members.every((person) => has(world, person, 242))).toBe(true);

    await ask(send, "remove_course_from_user_group", { user_group_id: 306, course_id: 242 });
    expect(without.some((person) => has(world, person, 242))).toBe(false);
  });

  it("are created with members and courses from comma lists", async () => {
    const { send, world } = newSandbox();

    const made = (
      await ask(send, "create_user_group", { name: "Tigers", course_ids: "230, 232", user_ids: "101,103" })
    ).json();

    expect(made).toMatchObject({ id: 408, name: "Tigers", user_group_type: "user", user_group_id: null });
    expect([101, 103].every((person) => has(world, person, 230) && has(world, person, 232))).toBe(true);
  });

  it("are not created when one of the ids is unknown", async () => {
    const { send, world } = newSandbox();

    const reply = await ask(send, "create_user_group", { name: "Tigers", user_ids: "101,9999" });

    expect(reply.status).toBe(404);
    expect(world.groups.size).toBe(15);
  });

  it("are renamed", async () => {
    const { send, world } = newSandbox();

    const reply = await ask(send, "update_user_group", { user_group_id: 301, name: "Sellers" });

    expect(reply.json()).toEqual({ message: "success" });
    expect(world.groups.get(301)).toMatchObject({
      name: "Sellers",
      description: "Learners in the sales department.",
    });
  });

  it("take what hangs on them with them when they go", async () => {
    const { send, world } = newSandbox();

    await ask(send, "destroy_user_group", { user_group_id: 301 });

    expect(world.groups.get(302)?.parent_id).toBeNull();
    expect(world.managerships.has(1601)).toBe(false);
    expect(world.datasets.get(701)?.user_groups).toEqual([302]);
    expect(has(world, 101, 201)).toBe(false);
    expect(world.catalog.get("learning_path:405")?.user_group_ids).toEqual(new Set([302]));
  });
});

describe("learning paths", () => {
  it("are listed and read with all the people they reach", async () => {
    const { send } = newSandbox();

    const paths = (await ask(send, "get_learning_paths")).json();
    const path = (await ask(send, "get_learning_path", { learning_path_id: 402 })).json();

    expect(ids(paths)).toEqual([402, 403, 404, 405, 406, 407]);
    expect(path).toMatchObject({ user_group_type: "learning_path", force_order: true });
    expect(ids(path.users)).toContain(101);
    expect(ids(path.courses)).toEqual([201, 202, 203, 205]);
  });

  it("are created with people, groups and courses, all enrolled at once", async () => {
    const { send, world } = newSandbox();

    const made = (
      await ask(send, "create_learning_path", {
        name: "Management 101",
        description: "Lead",
        course_ids: "230",
        user_ids: "103",
        user_group_ids: "302, 306",
      })
    ).json();

    expect(made).toMatchObject({ id: 408, user_group_type: "learning_path", description: "Lead" });
    const reached = [
      103,
      ...(world.groups.get(302)?.members ?? []),
      ...(world.groups.get(306)?.members ?? []),
    ];
    expect(reached.every((person) => has(world, person, 230))).toBe(true);
  });

  it("pass a new course on through groups, and take it back", async () => {
    const { send, world } = newSandbox();

    await ask(send, "add_course_to_learning_path", { learning_path_id: 402, course_id: 242 });
    expect(has(world, 101, 242)).toBe(true);

    await ask(send, "remove_course_from_learning_path", { learning_path_id: 402, course_id: 242 });
    expect(has(world, 101, 242)).toBe(false);
  });

  it("are given to groups, and taken from them", async () => {
    const { send, world } = newSandbox();

    await ask(send, "add_group_to_learning_path", { learning_path_id: 407, user_group_id: 302 });
    expect([has(world, 101, 228), has(world, 101, 229)]).toEqual([true, true]);

    await ask(send, "remove_group_from_learning_path", { learning_path_id: 407, user_group_id: 302 });
    expect([has(world, 101, 228), has(world, 101, 229)]).toEqual([false, false]);
  });

  it("are renamed, and go with what people had only through them", async () => {
    const { send, world } = newSandbox();

    await ask(send, "update_learning_path", { learning_path_id: 402, name: "First weeks" });
    expect(world.groups.get(402)?.name).toBe("First weeks");
    await ask(send, "destroy_learning_path", { learning_path_id: 402 });

    expect(world.groups.get(301)?.paths.size).toBe(0);
    expect([has(world, 101, 203), has(world, 101, 201)]).toEqual([false, true]);
  });
});
