import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import type { World } from "../../../src/sandbox/model/world.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import { connect, openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";
import { type Person, yes } from "../../support/person.ts";

const strict = inject("strict");
let questions: string[] = [];
let says: Person = yes;
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeEach(async () => {
  questions = [];
  says = yes;
  academy = await openAcademy({
    strict,
    person: (form) => {
      questions.push(form.message);
      return says(form);
    },
  });
});
afterEach(() => academy.close());

const sums = (rows: Iterable<{ user_id: number; amount: number }>) => {
  const of: Record<number, number> = {};
  for (const { user_id, amount } of rows) of[user_id] = (of[user_id] ?? 0) + amount;
  return of;
};

/** What an administrator would call the state of the academy: no numbers of records, no instants of change. */
function stateOf(world: World) {
  const values = <T>(table: Map<unknown, T>) => [...table.values()];
  return structuredClone({
    people: values(world.people).map(({ updated_at: _, ...person }) => person),
    courses: values(world.courses).map(({ updated_at: _, ...course }) => course),
    groups: values(world.groups).map(({ updated_at: _, members, courses, paths, ...group }) => ({
      ...group,
      members: [...members].sort(),
      courses: [...courses].sort(),
      paths: [...paths].sort(),
    })),
    direct: [...world.enrollments]
      .map(([id, courses]) => [id, [...courses].sort()])
      .filter(([, c]) => String(c) !== ""),
    statuses: values(world.progress)
      .filter(({ status }) => status !== "not-applicable")
      .map(({ user_id, course_id, status }) => `${user_id} ${course_id} ${status}`)
      .sort(),
    items: values(world.progress).map(({ id, items }) => [
      id,
      [...items].map(([item, { status }]) => [item, status]),
    ]),
    powers: values(world.powerUsers)
      .map(({ user_id, user_role_id, dataset_ids }) => `${user_id} ${user_role_id} ${dataset_ids}`)
      .sort(),
    managers: values(world.managerships)
      .map(({ id: _, ...row }) =>
        JSON.stringify(row, (name, value) => (/_at$/.test(name) ? undefined : value)),
      )
      .sort(),
    timeslots: values(world.timeslots),
    registrations: values(world.registrations).map(({ id, user_id, status }) => ({ id, user_id, status })),
    points: sums(world.points.values()),
    skills: sums(world.skillPoints.values()),
    catalog: [...world.catalog.keys()].sort(),
  });
}

const last = async () => {
  const { structured } = await academy.call("list_changes", { limit: 1 });
  const [newest] = (structured?.items ?? []) as { change: number }[];
  return newest?.change ?? 0;
};

/** Arguments under which there is something to do, where the example finds it done already. */
const fresh: Record<string, Record<string, unknown>> = {
  enroll_user_in_course: { user_id: 103, course_id: 240 },
  enroll_user_in_courses: { user_id: 103, course_ids: [240] },
  enroll_user_in_user_group: { user_id: 102, user_group_id: 304 },
  remove_user_from_user_group: { user_id: 102, user_group_id: 301 },
  add_course_to_user_group: { user_group_id: 302, course_id: 230 },
  add_course_to_learning_path: { learning_path_id: 403, course_id: 230 },
  add_group_to_learning_path: { user_group_id: 302, learning_path_id: 403 },
  remove_group_from_learning_path: { user_group_id: 301, learning_path_id: 402 },
  create_or_update_power_users: { user_ids: [101], user_role_id: 601, dataset_ids: [701] },
  assign_manager_to_user_group: { user_id: 102, user_group_id: 303, can_add_users: true },
  update_user: { user_email: "avery@example.com", title: "Chief", custom_fields: { 0: "EMEA" } },
  update_course_progress: { course_progress_id: 901, set_status: "failed" },
  add_course_or_learning_path_to_catalog: { course_ids: [203] },
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

describe("a question says which half can be undone", () => {
  const promiseIn = (question = "") =>
    question
      .split("\n")
      .filter((line) => /undone|put back|lost|come back/.test(line))
      .join("\n");

  it("a certificate that is reset, with the dates that are lost: before, when it is undone, and after", async () => {
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "passed" });
    const row = academy.sandbox.world.progress.get(901);
    Object.assign(row ?? {}, {
      completion_date: Date.UTC(2026, 2, 1, 12),
      expiration_date: Date.UTC(2027, 2, 1, 12),
      commencement_date: Date.UTC(2026, 1, 1, 12),
    });
    questions = [];
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "not-started" });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(questions).toHaveLength(2);
    for (const question of questions)
      expect(question).toMatch(
        /completed 1 Mar 2026, valid until 1 (Feb|Mar) 2027, begun 1 Feb 2026, 100% done/,
      );
    expect(promiseIn(questions[0])).toMatch(/^The status can be put back, but what goes with it may be lost/);
    expect(questions[1]).toMatch(
      /Undo change \d+, “Set a course's status for a person”, for “[^”]+” \(\S+\) and the course “[^”]+” \(\d+\)\?[\s\S]*for longer than was earned/,
    );
    expect(reply.text).toMatch(/was undone in part\.[\s\S]*Not as before: completed: "2026-03-01/);
    expect(reply.text).toMatch(/^verified: no$/m);
    expect(reply.text).not.toMatch(/verified: yes/);
  });

  it("of training that was opened, how far it was, even one percent", async () => {
    Object.assign(academy.sandbox.world.progress.get(901) ?? {}, {
      status: "in-progress",
      percent_viewed: 1,
      commencement_date: null,
      completion_date: null,
      expiration_date: null,
    });
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "not-started" });

    expect(promiseIn(questions[0])).toMatch(/may be lost or get a new date: 1% done\./);
  });

  it("marking complete and taking that back asks nobody", async () => {
    Object.assign(academy.sandbox.world.progress.get(901) ?? {}, {
      status: "not-started",
      percent_viewed: 0,
      commencement_date: null,
    });
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "passed" });

    expect(questions).toEqual([]);
  });

  it.each([
    [
      { title: "Chief", password: "a-long-passphrase" },
      "The job can be put back; the password cannot: SkyPrep does not show what it was.",
    ],
    [
      { access_end_date: "2027-12-31" },
      "The last day of access cannot be put back: nothing was set before, and nothing can be cleared from here.",
    ],
    [
      { password: "a-long-passphrase" },
      "The password cannot be put back: SkyPrep does not show what it was.",
    ],
    [{ role: "learner" }, "This can be undone."],
  ])("of %o", async (args, says) => {
    const manager = { role: "manager", access_end_date: null, profile: { title: "Lead" } };
    Object.assign(academy.sandbox.world.people.get(102) ?? {}, manager);
    await academy.call("update_user", { user_id: 102, ...args });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(promiseIn(questions[0])).toBe(says);
    expect(reply.isError).toBe(/cannot be put back/.test(says));
    expect(/Not put back: the password cannot/.test(reply.text)).toBe(/put back.*cannot: /.test(says));
  });

  it("of a word where yes or no is set, that it cannot be put back", async () => {
    Object.assign(academy.sandbox.world.courses.get(201) ?? {}, { active: "on weekdays" });
    await academy.call("update_course", { course_id: 201, active: false });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(promiseIn(questions[0])).toMatch(
      /^The on\/off setting cannot be put back: what was there before cannot be set\.$/,
    );
    expect(reply.isError).toBe(true);
  });

  it("none, where nothing is kept; and of a job, the same as of its steps", async () => {
    const bare = await openAcademy({
      strict,
      env: { SKYPREP_KEEP_DAYS: "0" },
      person: (form) => {
        questions.push(form.message);
        return yes(form);
      },
    });
    await bare.call("update_user", { user_id: 102, role: "admin" });
    await bare.close();
    await academy.call("offboard_person", { person: "jordan@example.com" });

    expect(promiseIn(questions[0])).toMatch(/^This cannot be undone: what is there now is not saved\.$/);
    expect(questions[1]).toMatch(
      /Not all of this can be undone\. The last day of access cannot be put back: /,
    );
  });
});

describe("an undoing says that it was done only where it was", () => {
  it("of a question that waits for its answer, nothing of the kind", async () => {
    const formless = await openAcademy({ strict, formless: true });
    await formless.call("create_course", { name: "Short-lived" });

    const reply = await formless.call("undo_change", { change: 1 });

    expect(reply.text).not.toMatch(/was undone/);
    expect(formless.sandbox.world.courses.size).toBeGreaterThan(0);
    await formless.close();
  });

  it.each([
    ["lost", "unknown"],
    ["refused", "not undone"],
    ["said to be done, and is not", "in part"],
  ] as const)("of one that is %s: %s", async (how, says) => {
    const send = academy.sandbox.send;
    const own = await connect(
      async (request, signal) => {
        const body = String(request.body);
        if (request.route !== "update_user" || !body.includes("title=Lead")) return send(request, signal);
        if (how === "lost") throw new Unreachable("The connection ended.", "Call again.", "maybe");
        const [status, text] = how === "refused" ? [422, "Not today"] : [200, '{"message":"success"}'];
        return { status, contentType: "application/json", body: new TextEncoder().encode(text) };
      },
      { SKYPREP_SANDBOX: "true" },
      { person: yes },
    );
    Object.assign(academy.sandbox.world.people.get(101) ?? {}, { profile: { title: "Lead" } });
    await own.call("update_user", { user_id: 101, title: "Chief" });

    const { text } = await own.call("undo_change", { change: 1 });
    await own.close();

    expect(text).toMatch(
      {
        unknown: /Whether change 1 was undone is not known/,
        "not undone": /Change 1 was not undone/,
        "in part": /Change 1 was undone in part|Whether change 1 was undone is not known/,
      }[says],
    );
    expect(text).not.toMatch(/verified: yes/);
    expect(text).not.toMatch(/Change 1 was undone\./);
  });
});

describe("undoing is refused", () => {
  it("where the target has changed since, with the difference", async () => {
    await academy.call("update_user", { user_id: 101, title: "Chief" });
    const change = await last();
    await academy.call("update_user", { user_id: 101, title: "Chief of Staff" });

    const reply = await academy.call("undo_change", { change });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(
      /changed since.*\n.*title: that change set "Chief", now it is "Chief of Staff"/s,
    );
    expect(academy.sandbox.world.people.get(101)?.profile.title).toBe("Chief of Staff");
  });

  it("where it was so before the change already", async () => {
    await academy.call("enroll_user_in_course", { user_id: 101, course_id: 201 });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(reply.text).toMatch(/so before that change already/);
    expect(questions).toEqual([]);
  });

  it("where what was added is gone, and where what was removed is back", async () => {
    const member = { user_id: 102, user_group_id: 304 };
    await academy.call("enroll_user_in_user_group", member);
    const added = await last();
    await academy.call("remove_user_from_user_group", member);
    const removed = await last();
    await academy.call("enroll_user_in_user_group", member);

    expect((await academy.call("undo_change", { change: removed })).text).toMatch(/there again already/);
    await academy.call("remove_user_from_user_group", member);
    expect((await academy.call("undo_change", { change: added })).text).toMatch(/not there any more/);
  });

  it("where the person says no to what the opposite asks", async () => {
    const made = await academy.call("create_course", { name: "Short-lived" });
    const change = await last();
    says = () => ({ action: "decline" });

    const reply = await academy.call("undo_change", { change });

    expect(reply.text).toMatch(/said no/);
    expect(academy.sandbox.world.courses.has(Number(made.structured?.id))).toBe(true);
  });

  it("of a change that was never made, or was not done", async () => {
    await academy.call("create_user", { email: "avery@example.com", first_name: "A", last_name: "B" });

    expect((await academy.call("undo_change", { change: await last() })).text).toMatch(/was not done/);
    expect((await academy.call("undo_change", { change: 999 })).text).toMatch(/no change 999/);
  });

  it("where it could not be read whether it was so before: what they had already is not taken from them", async () => {
    let unread = true;
    const { sandbox } = academy;
    const blind = await connect(
      async (request, signal) => {
        if (unread && request.route === "get_user_courses")
          throw new Unreachable("The connection failed.", "Try again.", "no");
        return sandbox.send(request, signal);
      },
      { SKYPREP_SANDBOX: "true" },
      { person: yes },
    );
    await blind.call("enroll_user_in_course", { user_email: "avery@example.com", course_id: 201 });
    unread = false;

    const reply = await blind.call("undo_change", { change: 1 });
    await blind.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/not kept/);
    expect(sandbox.world.enrollments.get(101)?.has(201)).toBe(true);
  });

  it("where nothing was kept", async () => {
    const bare = await openAcademy({ strict, env: { SKYPREP_KEEP_DAYS: "0" } });
    await bare.call("update_user", { user_id: 101, title: "Chief" });

    expect((await bare.call("undo_change", { change: 1 })).text).toMatch(/SKYPREP_KEEP_DAYS/);
    await bare.close();
  });
});
