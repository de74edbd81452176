import { describe, expect, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import type { World } from "../../../src/sandbox/model/world.ts";
import { tools } from "../../support/catalogue.ts";
import { academy, last, questions, somethingToDo, stateOf, undoing } from "./undoing.ts";

undoing();

const fresh: Record<string, Record<string, unknown>> = {
  ...somethingToDo,
  assign_manager_to_user_group: { user_id: 102, user_group_id: 303, can_add_users: true },
  update_user: { user_email: "avery@example.com", title: "Chief", custom_fields: { 0: "EMEA" } },
  update_instructor_led_training_timeslot_registration: {
    instructor_led_training_timeslot_registration_id: 521,
    instructor_led_training_timeslot_id: 511,
    status: "absent",
  },
};
/** Undone, but not to the letter: what SkyPrep does not put back by itself. */
const notToTheLetter: Record<string, string[]> = {
  // The record was finished in between: its items were, too.
  update_course_progress: ["items"],
  // A new enrollment begins at nothing, where the old one had got further.
  remove_user_from_course: ["statuses", "items"],
  remove_user_from_user_group: ["statuses", "items"],
  remove_course_from_user_group: ["statuses", "items"],
  remove_course_from_learning_path: ["statuses", "items"],
  remove_group_from_learning_path: ["statuses", "items"],
  create_user_group: [],
};

const writes = [...tools.values()].flatMap((tool) =>
  tool.operation.effect === "read" ? [] : [{ ...tool, undo: tool.operation.undo }],
);
/** A course that somebody has directly and through nothing else. */
function directly({ enrollments, groups }: World): Record<string, unknown> {
  for (const [user_id, courses] of enrollments) {
    const own = [...groups.values()].filter(({ members }) => members.has(user_id));
    const given = new Set(
      own.flatMap((group) => [
        ...group.courses,
        ...[...group.paths].flatMap((id) => [...(groups.get(id)?.courses ?? [])]),
      ]),
    );
    for (const course_id of courses) if (!given.has(course_id)) return { user_id, course_id };
  }
  throw new Error("nobody has a course directly");
}
const argsOf = (tool: (typeof writes)[number]) =>
  tool.route === "remove_user_from_course"
    ? directly(academy.sandbox.world)
    : (fresh[tool.route] ?? exampleOf(tool));

describe("every change that can be undone is undone, once", () => {
  const able = writes.filter(({ undo }) => "with" in undo);

  it.each(able)("$name", async (tool) => {
    const before = stateOf(academy.sandbox.world);
    const done = await academy.call(tool.name, argsOf(tool));
    expect(done.isError, done.text).toBe(false);
    const change = await last();
    const asked = questions.length;

    const undone = await academy.call("undo_change", { change });

    expect(undone.isError, undone.text).toBe(false);
    expect(undone.text).toMatch(new RegExp(`Change ${change} was undone`));
    const after = stateOf(academy.sandbox.world);
    const loose = notToTheLetter[tool.route] ?? [];
    for (const [name, value] of Object.entries(before)) {
      if (!loose.includes(name)) expect(after[name as keyof typeof after], name).toEqual(value);
    }
    const again = await academy.call("undo_change", { change });
    expect(again.text).toMatch(/undone already, by change \d+/);
    expect(stateOf(academy.sandbox.world)).toEqual(after);
    // Its own kind decides the question: the opposite of a creation is a deletion.
    if (tool.route.startsWith("create_") && !/transaction|power_users/.test(tool.route)) {
      expect(questions.length).toBe(asked + 1);
      expect(questions.at(-1)).toMatch(/^(\[sandbox\] |.*\n)(Delete|Erase) .*Type .* to go on\.$/ms);
    }
  });
});

describe("what cannot be undone says so before it is done, and what can be done instead", () => {
  const unable = writes.filter(({ undo }) => "no" in undo);

  it.each(unable)("$name", async (tool) => {
    const { undo } = tool;
    if (!("no" in undo)) throw new Error(tool.name);
    const done = await academy.call(tool.name, argsOf(tool));
    expect(done.isError, done.text).toBe(false);
    const after = stateOf(academy.sandbox.world);

    const reply = await academy.call("undo_change", { change: await last() });

    expect(reply.isError).toBe(true);
    expect(reply.text).toContain(undo.no);
    for (const question of questions) expect(question).toContain(undo.no);
    expect(stateOf(academy.sandbox.world)).toEqual(after);
  });

  it("offers a new person like the deleted one, after SkyPrep's own recovery", async () => {
    await academy.call("destroy_user", { user_id: 105 });

    const { text } = await academy.call("undo_change", { change: await last() });

    expect(text).toMatch(/30 days[\s\S]*may block that[\s\S]*without the progress/);
    const [create, enroll] = ["create_user", "mass_enroll"].map((name) => {
      const found = new RegExp(`^${name} (\\{.*\\})$`, "m").exec(text)?.[1];
      return JSON.parse(found ?? "{}") as Record<string, unknown>;
    });
    expect((await academy.call("create_user", create)).isError).toBe(false);
    expect((await academy.call("mass_enroll", enroll)).isError).toBe(false);
    const groups = await academy.call("get_user_group_enrollments_for_user", {
      user_email: String(create?.email),
    });
    expect(groups.structured?.total).toBe(1);
  });
});
