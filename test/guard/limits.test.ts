import { afterEach, describe, expect, it } from "vitest";
import { type Form, yes } from "../support/person.ts";
import { type Counted, type Opened, openCounted, tenMinutes } from "./asked/world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function open(more: Counted = {}) {
  const academy = await openCounted(more);
  opened.push(academy);
  return academy;
}

/** So many numbers of people who are there. */
const people = (n: number) => Array.from({ length: n }, (_, index) => 103 + index);

/** What a person reads who is asked about this; they say no. */
async function question({ answered, call }: Opened, name: string, args: Record<string, unknown>) {
  let read: Form | undefined;
  answered((form) => {
    read = form;
    return { action: "decline" };
  });
  await call(name, args);
  return read?.message ?? "";
}

describe("what a limit lets through is exactly so many", () => {
  it.each([
    [25, 0],
    [26, 1],
  ])("%i enrollments by one call are %i questions", async (n, questions) => {
    const academy = await open();
    const asked = academy.answered(yes);

    await academy.call("mass_enroll", { user_ids: people(n), course_ids: [211] });

    expect(asked()).toBe(questions);
    expect(academy.sent).toEqual(["mass_enroll"]);
  });

  it.each([
    [10, ["mass_enroll"]],
    [11, []],
  ])("SKYPREP_MAX_PEOPLE=10 and %i people: %j", async (n, sent) => {
    const academy = await open({ env: { SKYPREP_MAX_PEOPLE: "10" } });

    await academy.call("mass_enroll", { user_ids: people(n), course_ids: [211] });

    expect(academy.sent).toEqual(sent);
  });

  it.each([
    [tenMinutes - 1, ["remove_user_from_user_group"]],
    [tenMinutes, []],
  ])("a code used %i ms after it was given: %j", async (ms, sent) => {
    const academy = await open({ forms: false });
    const args = { user_id: 101, user_group_id: 301 };
    const { text } = await academy.call("remove_user_from_user_group", args);
    await academy.clock.run(ms);

    await academy.call("remove_user_from_user_group", {
      ...args,
      confirm: /confirm: "(.*?)"/.exec(text)?.[1],
    });

    expect(academy.sent).toEqual(sent);
  });
});

describe("a question that changes under a person's eyes", () => {
  it.each([
    [2, 3, ["destroy_course"]],
    [3, 4, []],
    [9, 4, []],
  ])("%i times is asked %i times: %j", async (changes, questions, sent) => {
    const academy = await open();
    const course = academy.world.courses.get(202);
    if (course === undefined) throw new Error("no course 202");
    let changed = 0;
    const asked = academy.answered((form) => {
      if (changed < changes) course.name = `Name ${++changed}`;
      return yes(form);
    });

    const reply = await academy.call("destroy_course", { course_id: 202 });

    expect(asked()).toBe(questions);
    expect(academy.sent).toEqual(sent);
    if (sent.length === 0) expect(reply.text).toMatch(/was not sent: what it is about kept changing/);
  });
});

describe("what a question names is exactly so many, and the rest is counted", () => {
  it.each([
    [60, "N".repeat(60)],
    [61, `${"N".repeat(59)}…`],
  ])("a name of %i characters", async (n, shown) => {
    const academy = await open();
    await academy.call("update_course", { course_id: 202, name: "N".repeat(n) });

    expect(await question(academy, "destroy_course", { course_id: 202 })).toContain(`“${shown}” (202)`);
  });

  it.each([
    [2, /in the courses “[^”]+” \(201\) and “[^”]+” \(202\)\?/],
    [3, /in the courses (“[^”]+” \(20\d\)(, | and )?){3}\?/],
    // The names of three people are read before: for three courses no read is left, and their numbers stand.
    [6, /in the courses (“[^”]+” \(20\d\), ){3}204, 205 and 206\?/],
    [7, /in the courses (“[^”]+” \(20\d\)(, )?){3} and 4 more\?/],
  ])("%i courses", async (n, words) => {
    const academy = await open();
    const course_ids = Array.from({ length: n }, (_, index) => 201 + index);

    expect(await question(academy, "mass_enroll", { user_ids: people(20), course_ids })).toMatch(words);
  });

  it.each([
    [10, / and 112\.$/m],
    [11, /, 112 and 1 more\.$/m],
    [12, /, 112 and 2 more\.$/m],
  ])("%i registrations", async (n, last) => {
    const academy = await open();
    const timeslot_id = 511;
    const { registrations } = academy.world;
    registrations.clear();
    for (const [index, user_id] of people(n).entries()) {
      const at = academy.clock.now() / 1000;
      const id = 9001 + index;
      registrations.set(id, {
        ...{ id, timeslot_id, user_id, course_progress_id: null, status: "pending" },
        ...{ created_at: at, updated_at: at },
      });
    }

    const text = await question(academy, "destroy_ilt_timeslot_registrations", {
      instructor_led_training_timeslot_id: timeslot_id,
      instructor_led_training_timeslot_registration_ids: [...registrations.keys()],
    });

    expect(text).toMatch(/They belong to people 103, 104/);
    expect(text).toContain("What they record is lost: all pending.");
    expect(text).toMatch(last);
  });
});

describe("power-user rights that are not there", () => {
  const rights = { user_ids: [103], user_role_id: 601, dataset_ids: [701] };

  it.each([
    ["an unknown role", { user_role_id: 9999 }, /no role 9999/],
    ["an unknown dataset", { dataset_ids: [9999] }, /no dataset 9999/],
    ["one dataset known and one not", { dataset_ids: [701, 9999] }, /no dataset 9999/],
    ["one dataset not known and one known", { dataset_ids: [9999, 701] }, /no dataset 9999/],
    ["one person known and one not", { user_ids: [103, 99999] }, /no person 99999/],
  ])("are neither asked about nor sent: %s", async (_, wrong, why) => {
    const academy = await open();
    const asked = academy.answered(yes);

    const reply = await academy.call("create_or_update_power_users", { ...rights, ...wrong });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(why);
    expect(asked()).toBe(0);
    expect(academy.sent).toEqual([]);
  });

  it("are asked about and sent where all of it is there", async () => {
    const academy = await open();
    const asked = academy.answered(yes);

    await academy.call("create_or_update_power_users", rights);

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual(["create_or_update_power_users"]);
  });
});
