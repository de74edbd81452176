import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { toolName } from "../../src/catalogue/catalogue.ts";
import { connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { chmodShuts } from "../support/system.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { openPoliced } from "./policed.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function open(policy: unknown, options: Parameters<typeof openPoliced>[1] = {}) {
  const academy = await openPoliced(policy, options);
  closing.push(academy.close);
  return academy;
}
const enroll = (user_id: number, course_id = 240) =>
  ["enroll_user_in_course", { user_id, course_id }] as const;
const sentIn = (sent: readonly { route: string }[], route: string) =>
  sent.filter((one) => one.route === route).length;

it("lets as many enrollments through an hour as are allowed, at once or in turn, in lists and in jobs, of all processes", async () => {
  const state = temporaryFolder("state");
  const env = { SKYPREP_STATE_DIR: state };
  const one = await open({ limits: { per_hour: { enrollments: 6 } } }, { env });
  const other = await connect(
    one.send,
    { SKYPREP_SANDBOX: "true", SKYPREP_POLICY: one.file, ...env },
    { person: agreeing },
  );
  closing.push(other.close);

  const atOnce = await Promise.all(
    [103, 104, 105, 110].map((id, n) => (n % 2 === 0 ? one : other).call(...enroll(id))),
  );
  const many = await one.call("mass_enroll", { user_ids: [111, 112], course_ids: [239, 240] });
  const two = await other.call("mass_enroll", { user_ids: [111], course_ids: [239, 240] });
  const more = await one.call(...enroll(113));
  const plan = await one.call("plan_enrollment", { people: ["avery@example.com"], courses: ["241"] });
  const applied = await one.call("apply_plan", { plan: plan.structured?.plan });

  expect(atOnce.map(({ isError }) => isError)).toEqual([false, false, false, false]);
  expect(many).toMatchObject({
    isError: true,
    text: expect.stringMatching(/6 enrollments an hour: 2 are left, and this makes 4/),
  });
  expect(two.isError).toBe(false);
  for (const { text, isError } of [more, applied])
    expect({ text, isError }).toMatchObject({
      isError: true,
      text: expect.stringMatching(/0 are left, and this makes 1/),
    });
  expect(sentIn(one.sent, "enroll_user_in_course")).toBe(4);
  expect(sentIn(one.sent, "mass_enroll")).toBe(1);
});

it("counts no enrollment that failed, and none twice", async () => {
  const academy = await open({ limits: { per_day: { enrollments: 2 } } });

  const failed = await academy.call(...enroll(103, 99999));
  const done = [await academy.call(...enroll(103)), await academy.call(...enroll(104))];
  const over = await academy.call(...enroll(105));

  expect(failed.isError).toBe(true);
  expect(done.map(({ isError }) => isError)).toEqual([false, false]);
  expect(over.text).toMatch(/allows 2 enrollments a day: 0 are left/);
});

it("counts ends of access and mails, and nothing whose number cannot be told passes", async () => {
  const academy = await open({ limits: { per_hour: { access_ends: 1, mails: 0 } } });

  const mailed = await academy.call(...enroll(103));
  const created = await academy.call("create_user", {
    user_email: "x@example.com",
    first_name: "X",
    last_name: "Y",
    email: "x@example.com",
    send_login_information: true,
  });
  const course = await academy.call("destroy_course", { course_id: 210 });
  const first = await academy.call("remove_user_from_user_group", { user_id: 106, user_group_id: 301 });
  const second = await academy.call("offboard_person", { person: "107", now: true });

  expect(mailed.text).toMatch(/allows 0 mails an hour/);
  expect(created.isError).toBe(true);
  expect(course.text).toMatch(/cannot be counted/);
  expect(first.isError).toBe(false);
  expect(second.text).toMatch(/1 end of access an hour: 0 are left/);
  expect(academy.sent.map(({ route }) => route)).not.toContain("destroy_course");
});

it("counts keys with which people enroll themselves, and taking a course off somebody", async () => {
  const academy = await open({ limits: { per_day: { enrollments: 3, access_ends: 0 } } });

  const some = await academy.call("get_course_otp", { course_id: 201, count: 2 });
  const more = await academy.call("get_course_otp", { course_id: 201, count: 2 });
  const open_ = await academy.call("get_course_otp", { course_id: 201 });
  const off = await academy.call("update_course_progress", {
    course_progress_id: 901,
    set_status: "not-applicable",
  });
  const passed = await academy.call("update_course_progress", {
    course_progress_id: 902,
    set_status: "in-progress",
  });

  expect(some.isError).toBe(false);
  expect(more.text).toMatch(/3 enrollments a day: 1 is left, and this makes 2/);
  expect(open_.text).toMatch(/cannot be counted/);
  expect(off.text).toMatch(/allows 0 ends of access a day/);
  expect(passed.text).not.toMatch(/policy/);
});

it("counts what a parameter that nobody documents may end: one person's access, or that of nobody knows how many", async () => {
  const academy = await open({ limits: { per_day: { access_ends: 1 } } });

  const closing = await academy.call("update_course", {
    course_id: 201,
    extra: { closing_date: "2026-01-01" },
  });
  const path = await academy.call("update_learning_path", {
    learning_path_id: 402,
    extra: { visible: "false" },
  });
  const harmless = await academy.call("update_course", { course_id: 201, extra: { color: "red" } });
  const one = await academy.call("update_user", { user_id: 103, extra: { last_day: "2026-12-01" } });
  const two = await academy.call("update_user", { user_id: 104, extra: { last_day: "2026-12-01" } });

  for (const reply of [closing, path]) expect(reply.text).toMatch(/cannot be counted/);

  expect(harmless.isError).toBe(false);
  expect(one.isError).toBe(false);
  expect(two.text).toMatch(/1 end of access a day: 0 are left/);
  expect(academy.sent.map(({ route }) => route).filter((route) => route.startsWith("update_"))).toEqual([
    "update_course",
    "update_user",
  ]);
});

it("counts the day on which an enrollment ends, and a registration that is given up", async () => {
  const academy = await open({ limits: { per_day: { access_ends: 0 } } });
  const late = { course_enrollment_expiration_date: "2020-01-01" };

  const course = await academy.call("enroll_user_in_course", { user_id: 103, course_id: 240, ...late });
  const group = await academy.call("enroll_user_in_user_group", {
    user_id: 103,
    user_group_id: 305,
    user_group_enrollment_expiration_date: "2027-01-01",
  });
  const given = { instructor_led_training_timeslot_registration_id: 521 };
  const registration = "update_instructor_led_training_timeslot_registration";
  const up = await academy.call(toolName(registration), { ...given, status: "Cancelled" });
  const endless = await academy.call(...enroll(103));

  for (const reply of [course, group, up]) expect(reply.text).toMatch(/allows 0 ends of access a day/);
  expect(endless.isError).toBe(false);
  expect(academy.sent.filter(({ route }) => /^(enroll|update)_/.test(route))).toHaveLength(1);
});

it("says so each time, however often it is called when the limit of calls is reached", async () => {
  const academy = await open({ limits: { per_day: { calls: 1 } } });
  await academy.call("get_skill", { skill_id: 1201 });
  for (let n = 0; n < 8; n++) {
    const { text, isError } = await academy.call("get_skill", { skill_id: 1201 });
    expect({ text, isError }).toMatchObject({
      isError: true,
      text: expect.stringMatching(/policy “desk” allows 1 call to SkyPrep a day.*0 are left/),
    });
  }
  expect(academy.sent).toHaveLength(1);
});

it("sends no more calls than are allowed, over processes, and forgets none when the clock is set back", async () => {
  const state = temporaryFolder("state");
  const env = { SKYPREP_STATE_DIR: state };
  let now = noon;
  const clock = { now: () => now, after: () => () => {} };
  const one = await open({ limits: { per_hour: { calls: 3 } } }, { env, clock });
  const other = await connect(
    one.send,
    { SKYPREP_SANDBOX: "true", SKYPREP_POLICY: one.file, ...env },
    { clock },
  );
  closing.push(other.close);

  for (const server of [one, other, one]) await server.call("get_skill", { skill_id: 1201 });
  const over = await other.call("get_skill", { skill_id: 1202 });
  now -= 3 * 3_600_000;
  const back = await one.call("get_skill", { skill_id: 1202 });
  now += 5 * 3_600_000;
  const later = await one.call("get_skill", { skill_id: 1202 });

  expect(over).toMatchObject({
    isError: true,
    text: expect.stringMatching(/allows 3 calls to SkyPrep an hour/),
  });
  expect(over.text).toMatch(/Call again in \d+ s/);
  expect(back.isError).toBe(true);
  expect(later.isError).toBe(false);
  expect(one.sent).toHaveLength(4);
});

it.each(["", "{", '{"version":1}', '{"version":1,"calls":{"5":-1}}', "\0\0"])(
  "stays shut where the count of calls is damaged (%j), and says what to do",
  async (damage) => {
    const state = temporaryFolder("state");
    const academy = await open(
      { limits: { per_day: { calls: 100 } } },
      { env: { SKYPREP_STATE_DIR: state } },
    );
    await academy.call("get_skill", { skill_id: 1201 });
    const [file = ""] = readdirSync(join(state, "policies")).filter((name) => name.endsWith(".json"));
    const path = join(state, "policies", file);
    writeFileSync(path, damage);

    const shut = await academy.call("get_skill", { skill_id: 1202 });
    rmSync(path);
    const open_ = await academy.call("get_skill", { skill_id: 1202 });

    expect(shut).toMatchObject({
      isError: true,
      text: expect.stringMatching(/cannot be counted.*may be deleted/s),
    });
    expect(shut.text).toContain(path);
    expect(open_.isError).toBe(false);
    expect(academy.sent).toHaveLength(2);
  },
);

it.skipIf(!chmodShuts)(
  "stays shut where the count cannot be written (skipped on Windows and as root: chmod shuts nothing)",
  async () => {
    const state = temporaryFolder("state");
    const academy = await open(
      { limits: { per_day: { calls: 100 } } },
      { env: { SKYPREP_STATE_DIR: state } },
    );
    await academy.call("get_skill", { skill_id: 1201 });
    chmodSync(join(state, "policies"), 0o500);
    const shut = await academy.call("get_skill", { skill_id: 1202 });
    chmodSync(join(state, "policies"), 0o700);

    expect(shut.isError).toBe(true);
    expect(academy.sent).toHaveLength(1);
  },
);
