import { describe, expect, it } from "vitest";
import {
  coursesOf,
  currentProgress,
  enrol,
  progressOf,
  setStatus,
} from "../../src/sandbox/model/enrollment.ts";
import { visibleTo } from "../../src/sandbox/model/visibility.ts";
import type { World } from "../../src/sandbox/model/world.ts";
import { ask, newSandbox, noon } from "./ask.ts";

const day = 86_400_000;
const courseIds = (world: World, person: number) =>
  progressOf(world, person).map(({ course_id }) => course_id);
const current = (world: World, person: number, course: number) => {
  const row = currentProgress(world, person, course);
  if (!row) throw new Error("No record");
  return row;
};

describe("courses", () => {
  it("are created bare and changed in what is given", async () => {
    const { send } = newSandbox();

    const made = (await ask(send, "create_course", { name: "Juggling", active: "false" })).json();
    const changed = (
      await ask(send, "update_course", { course_id: Number(made.id), active: "true", category: "Fun" })
    ).json();

    expect(made).toMatchObject({ id: 243, name: "Juggling", active: false, course_items: [] });
    expect(changed).toMatchObject({ id: 243, name: "Juggling", active: true, category: "Fun" });
  });

  it("enroll one person, and take them out again with the unfinished record", async () => {
    const { send, world } = newSandbox();

    await ask(send, "enroll_user_in_course", { user_email: "avery@example.com", course_id: 230 });
    expect(current(world, 101, 230)).toMatchObject({ status: "not-started", enrollment_date: noon });
    await ask(send, "remove_user_from_course", { user_email: "avery@example.com", course_id: 230 });

    expect(currentProgress(world, 101, 230)).toBeUndefined();
  });

  it("keep a finished record when the person is taken out", async () => {
    const { send, world } = newSandbox();

    await ask(send, "remove_user_from_course", { user_email: "avery@example.com", course_id: 217 });

    expect(current(world, 101, 217).status).toBe("passed");
    expect(coursesOf(world, 101).has(217)).toBe(false);
  });

  it("stay with whom a group gives them to", async () => {
    const { send, world } = newSandbox();

    await ask(send, "remove_user_from_course", { user_email: "avery@example.com", course_id: 201 });

    expect(current(world, 101, 201).id).toBe(901);
  });

  it("come in comma lists, all or none", async () => {
    const { send, world } = newSandbox();
    const before = courseIds(world, 101);

    const unknown = await ask(send, "enroll_user_in_courses", { user_id: 101, course_ids: "230,9999" });
    expect(unknown.status).toBe(404);
    expect(courseIds(world, 101)).toEqual(before);

    await ask(send, "enroll_user_in_courses", { user_id: 101, course_ids: "230, 232,234" });
    expect(courseIds(world, 101)).toEqual([...before, 230, 232, 234]);
  });

  it("tell a person's status", async () => {
    const { send } = newSandbox();
    const status = (course_id: number) => ask(send, "get_user_course_status", { user_id: 101, course_id });

    expect((await status(201)).json()).toEqual({ status: "in-progress" });
    expect((await status(202)).json()).toEqual({ status: "passed" });
    expect((await status(242)).status).toBe(404);
  });

  it("take their records, keys and places with them when they go", async () => {
    const { send, world } = newSandbox();
    await ask(send, "get_course_otp", { course_id: 216, count: 3 });

    await ask(send, "destroy_course", { course_id: 216 });
    await ask(send, "destroy_course", { course_id: 201 });

    expect(
      [...world.progress.values()].filter(({ course_id }) => course_id === 216 || course_id === 201),
    ).toEqual([]);
    expect([...world.groups.values()].filter(({ courses }) => courses.has(216) || courses.has(201))).toEqual(
      [],
    );
    expect([...world.enrollments.values()].filter((direct) => direct.has(216) || direct.has(201))).toEqual(
      [],
    );
    expect(world.catalog.has("course:216")).toBe(false);
    expect(world.courseKeys.size).toBe(0);
    expect(world.registrations.get(521)?.course_progress_id).toBeNull();
    expect(world.datasets.get(701)?.courses.static_id_list).toEqual([202]);
    expect((await ask(send, "get_course", { course_id: 216 })).status).toBe(404);
  });
});

describe("an enrollment", () => {
  it("gets a deadline at the end of a day and, once passed, an expiry", () => {
    const { world } = newSandbox();

    enrol(world, 101, 228);
    enrol(world, 101, 227);
    setStatus(world, current(world, 101, 227), "passed");

    expect(current(world, 101, 228).deadline_date).toBe(Date.parse("2026-06-06T23:59:59.000-04:00"));
    expect(current(world, 101, 227)).toMatchObject({
      status: "passed",
      percent_viewed: 100,
      commencement_date: noon,
      completion_date: noon,
      expiration_date: noon + 365 * day,
    });
  });

  it("ends with not-applicable, even through a group, and starts anew when given again", () => {
    const { world } = newSandbox();

    setStatus(world, current(world, 101, 201), "not-applicable");
    expect(coursesOf(world, 101).has(201)).toBe(false);

    enrol(world, 101, 201);
    expect(coursesOf(world, 101).has(201)).toBe(true);
    expect(current(world, 101, 201)).toMatchObject({ id: 901, status: "not-started", percent_viewed: 0 });
  });

  it("given again after the pass has run out opens a fresh record beside the archived one", () => {
    const { world } = newSandbox();
    const old = current(world, 101, 202);
    old.expiration_date = noon - day;

    enrol(world, 101, 202);

    expect(old.status).toBe("archived");
    expect(current(world, 101, 202)).toMatchObject({ status: "not-started", enrollment_date: noon });
  });
});

describe("the catalogue", () => {
  const seen = (world: World, person: number) =>
    visibleTo(world, person).map(({ kind, id }) => `${kind}:${id}`);

  it("shows an entry to everybody, or to the groups it is limited to", async () => {
    const { send, world } = newSandbox();

    await ask(send, "add_course_or_learning_path_to_catalog", {
      course_ids: "230, 233",
      learning_path_ids: "406",
    });
    await ask(send, "add_course_or_learning_path_to_catalog", {
      course_ids: "201",
      user_group_ids: "301, 304",
    });

    expect(seen(world, 103)).toEqual(
      expect.arrayContaining(["course:230", "course:233", "learning_path:406"]),
    );
    expect(seen(world, 101)).toContain("course:201");
    expect(seen(world, Number([...(world.groups.get(303)?.members ?? [])][0]))).not.toContain("course:201");
  });

  it("changes whom an entry is shown to", async () => {
    const { send, world } = newSandbox();
    expect(seen(world, 101)).toContain("course:216");

    await ask(send, "update_catalog_enrollments", { course_id: "216, 239", user_group_ids: "303" });

    expect(seen(world, 101)).not.toContain("course:216");
    expect(seen(world, 101)).not.toContain("course:239");
    expect((await ask(send, "update_catalog_enrollments", { course_id: "201" })).status).toBe(404);
  });

  it("forgets an entry and its visibility", async () => {
    const { send, world } = newSandbox();

    await ask(send, "remove_course_or_learning_path_from_catalog", { course_id: 216, learning_path_id: 403 });
    await ask(send, "add_course_or_learning_path_to_catalog", { course_ids: "216" });

    expect(world.catalog.has("learning_path:403")).toBe(false);
    expect(world.catalog.get("course:216")?.user_group_ids.size).toBe(0);
  });

  it("does not open to all what was shown to a group that goes", async () => {
    const { send, world } = newSandbox();

    await ask(send, "destroy_user_group", { user_group_id: 305 });

    expect(world.catalog.has("course:232")).toBe(false);
  });
});
