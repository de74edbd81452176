import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { ask, newSandbox, type Params } from "./ask.ts";

const one = async ({ send }: Sandbox, id: number) =>
  (await ask(send, "get_course_progress", { course_progress_id: id })).json<{ status: string }>();

describe("changing course progress", () => {
  test.each(["passed", "failed", "in-progress", "not-applicable", "not-started"])(
    "can be set to %s",
    async (status) => {
      const sandbox = newSandbox();

      const answer = await ask(sandbox.send, "update_course_progress", {
        course_progress_id: 901,
        set_status: status,
      });

      expect(answer.json()).toEqual({ message: "success" });
      expect((await one(sandbox, 901)).status).toBe(status);
    },
  );

  test.each(["archived", "done"])("cannot be set to %s", async (status) => {
    const sandbox = newSandbox();

    const refused = await ask(sandbox.send, "update_course_progress", {
      course_progress_id: 901,
      set_status: status,
    });

    expect(refused.status).toBe(422);
    expect((await one(sandbox, 901)).status).toBe("in-progress");
  });

  test("destroying answers the bare word, and the record, its enrollment and its registrations forget it", async () => {
    const { send, world } = newSandbox();
    const registration = world.registrations.get(521);
    if (!registration) throw new Error("521 is in the seed");
    registration.course_progress_id = 901;
    world.enrollments.set(101, new Set([201]));

    const answer = await ask(send, "destroy_course_progress", { course_progress_id: 901 });

    expect(answer.text).toBe("success");
    expect((await ask(send, "get_course_progress", { course_progress_id: 901 })).status).toBe(404);
    expect(world.enrollments.get(101)).toEqual(new Set());
    expect(registration.course_progress_id).toBeNull();
  });

  test("creating enrols the person, and a second one beside an unfinished one is refused", async () => {
    const { send, world } = newSandbox();
    const mine = new Set(
      [...world.progress.values()].filter((row) => row.user_id === 101).map((row) => row.course_id),
    );
    const course = [...world.courses.keys()].find((id) => !mine.has(id)) ?? 0;

    const created = await ask(send, "create_course_progress", { user_id: 101, course_id: course });
    const again = await ask(send, "create_course_progress", {
      user_email: "avery@example.com",
      course_id: course,
    });

    expect(Object.keys(created.json())).toHaveLength(40);
    expect(created.json()).toMatchObject({ user_id: 101, course_id: course, status: "not-started" });
    expect(world.enrollments.get(101)?.has(course)).toBe(true);
    expect(again.status).toBe(422);
  });

  test("creating after a finished one archives that and starts anew", async () => {
    const sandbox = newSandbox();
    await ask(sandbox.send, "update_course_progress", { course_progress_id: 901, set_status: "passed" });

    const created = await ask(sandbox.send, "create_course_progress", { user_id: 101, course_id: 201 });

    expect(created.json().id).not.toBe(901);
    expect(created.json().status).toBe("not-started");
    expect((await one(sandbox, 901)).status).toBe("archived");
  });
});

describe("progress through a course's items", () => {
  const read = async ({ send }: Sandbox, params: Params) => ask(send, "get_course_item_progress", params);

  test("any sufficient mix of ids finds the same item", async () => {
    const sandbox = newSandbox();
    const exam = sandbox.world.courses.get(201)?.items.find((item) => item.exam_id !== null);
    if (!exam?.exam_id) throw new Error("course 201 has an exam");

    const whole = await read(sandbox, { user_id: 101, course_id: 201, course_item_id: exam.id });
    const mixes: Params[] = [
      { user_id: 101, course_item_id: exam.id },
      { course_progress_id: 901, course_item_id: exam.id },
      { course_progress_id: 901, exam_id: exam.exam_id },
      { user_id: 101, course_id: 201, exam_id: exam.exam_id },
    ];

    expect(Object.keys(whole.json())).toEqual(
      "course_progress_id user_id course_item_type status courseable_id completed_at completed_at_int".split(
        " ",
      ),
    );
    expect(whole.json()).toMatchObject({ course_progress_id: 901, courseable_id: exam.exam_id });
    for (const mix of mixes) expect((await read(sandbox, mix)).json()).toEqual(whole.json());
  });

  test("too few ids are a 422, an item of another course a 404", async () => {
    const sandbox = newSandbox();

    expect((await read(sandbox, { user_id: 101, course_id: 201 })).status).toBe(422);
    expect((await read(sandbox, { course_item_id: 211 })).status).toBe(422);
    expect((await read(sandbox, { course_progress_id: 901, course_item_id: 999999 })).status).toBe(404);
  });

  test("a course passes with its last mandatory item, not before", async () => {
    const sandbox = newSandbox();
    await ask(sandbox.send, "update_course_progress", { course_progress_id: 901, set_status: "not-started" });
    const items = sandbox.world.courses.get(201)?.items ?? [];
    for (const item of items) item.mandatory = true;

    const seen: string[] = [];
    for (const item of items) {
      const set = { course_progress_id: 901, course_item_id: item.id, set_status: "passed" };
      expect((await ask(sandbox.send, "set_course_item_progress", set)).json()).toEqual({
        message: "success",
      });
      seen.push((await one(sandbox, 901)).status);
    }

    expect(seen).toEqual([...items.slice(1).map(() => "in-progress"), "passed"]);
    const first = await read(sandbox, { course_progress_id: 901, course_item_id: items[0]?.id ?? 0 });
    expect(first.json()).toMatchObject({ status: "passed", completed_at: "2026-05-07T12:00:00.000-04:00" });
  });
});
