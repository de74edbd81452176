import { afterEach, describe, expect, it } from "vitest";
import type { World } from "../../../src/sandbox/model/world.ts";
import { yes } from "../../support/person.ts";
import { type Opened, openCounted } from "../asked/world.ts";

type Args = Record<string, unknown>;
type Make = (world: World) => Args;

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const learner = { user_id: 101 };
const notIn = { user_email: "avery@example.com", course_id: 210 };
const isIn = { user_email: "avery@example.com", course_id: 201 };
const later = "2027-12-31";
const progressOf = (world: World, status: string) => ({
  course_progress_id: [...world.progress.values()].find((one) => one.status === status)?.id ?? 0,
});
const registrationOf = (world: World, status: string) => {
  const row = [...world.registrations.values()].find((one) => one.status === status);
  return {
    instructor_led_training_timeslot_registration_id: row?.id ?? 0,
    instructor_led_training_timeslot_id: row?.timeslot_id ?? 0,
  };
};

/** What its owner would be sorry for: tool, arguments, the kind of question. */
const losses: readonly (readonly [string, Args | Make, string])[] = [
  ["update_user", { ...learner, password: "a-long-passphrase" }, "credential"],
  ["update_user", { ...learner, email: "new@example.com" }, "credential"],
  ["update_user", { user_id: 102, role: "admin", password: "a-long-passphrase" }, "credential"],
  ["update_user", { user_id: 102, access_end_date: "2001-01-01" }, "power"],
  ["update_user", { ...learner, access_end_date: "2001-01-01" }, "removing"],
  ["update_user", { ...learner, access_end_date: later }, "removing"],
  ["update_user", { ...learner, access_start_date: "2099-01-01" }, "removing"],
  ["update_user", { ...learner, password_expiration_date: "2026-11-23" }, "removing"],
  ["update_user", { ...learner, extra: { expiration_date: "2001-01-01" } }, "removing"],
  ["update_course", { course_id: 201, active: false }, "removing"],
  ["update_course", { course_id: 201, extra: { closing_date: "2001-01-01" } }, "removing"],
  ["enroll_user_in_course", { ...isIn, course_enrollment_expiration_date: later }, "removing"],
  ["enroll_user_in_course", { ...notIn, course_enrollment_expiration_date: "2001-01-01" }, "removing"],
  ["enroll_user_in_course", { ...notIn, course_enrollment_expiration_date: "2026-11-23" }, "removing"],
  [
    "enroll_user_in_user_group",
    { user_id: 101, user_group_id: 301, user_group_enrollment_expiration_date: later },
    "removing",
  ],
  [
    "enroll_user_in_user_group",
    { user_id: 101, user_group_id: 303, user_group_enrollment_expiration_date: "2001-01-01" },
    "removing",
  ],
  ["create_gamification_transaction", { ...learner, amount: -1_000_000 }, "removing"],
  ["create_skill_transaction", { ...learner, skill_id: 1201, amount: -1 }, "removing"],
  [
    "update_course_progress",
    (world) => ({ ...progressOf(world, "in-progress"), set_status: "not-started" }),
    "removing",
  ],
  [
    "update_course_progress",
    (world) => ({ ...progressOf(world, "passed"), set_status: "in-progress" }),
    "removing",
  ],
  [
    "update_course_progress",
    (world) => ({ ...progressOf(world, "in-progress"), set_status: "not-applicable" }),
    "removing",
  ],
  [
    "update_course_progress",
    (world) => ({
      ...progressOf(world, "in-progress"),
      set_status: "in-progress",
      extra: { percent_viewed: "0" },
    }),
    "removing",
  ],
  [
    "update_course_progress",
    (world) => ({
      ...progressOf(world, "passed"),
      set_status: "passed",
      extra: { expiration_date: "2001-01-01" },
    }),
    "removing",
  ],
  [
    "update_ilt_timeslot_registration",
    (world) => ({ ...registrationOf(world, "attended"), status: "absent" }),
    "removing",
  ],
  [
    "update_ilt_timeslot_registration",
    (world) => ({ ...registrationOf(world, "pending"), status: "cancelled" }),
    "removing",
  ],
  [
    "update_ilt_timeslot_registration",
    { instructor_led_training_timeslot_registration_id: 521, status: "attended" },
    "removing",
  ],
  [
    "update_ilt_timeslot",
    { instructor_led_training_timeslot_id: 511, commencement_time: "2001-01-01T09:00:00Z" },
    "removing",
  ],
];

/** Names nobody documents, of ends: run together, in other words, or told by their value being a day. */
const ends = [
  ..."enddate lastday exp_date exit_date separation_date departure_date dismissal_date resignation_date".split(
    " ",
  ),
  ..."final_day duedate off on_hold suspension quit gone unsubscribe available enrollment_limit".split(" "),
  ..."shift_change handover".split(" "),
];
const lost: typeof losses = [
  ...losses,
  ...ends.map(
    (name) => ["update_user", { ...learner, extra: { [name]: "2001-01-01" } }, "removing"] as const,
  ),
  ["update_course", { course_id: 201, extra: { opening_date: "2099-01-01" } }, "removing"],
  ["update_user_group", { user_group_id: 301, extra: { shift_over: "July 31, 2015" } }, "removing"],
  // Written another way: how SkyPrep reads it nobody knows.
  [
    "update_course_progress",
    (world) => {
      const { course_progress_id } = progressOf(world, "passed");
      const row = world.progress.get(course_progress_id);
      if (row) row.commencement_date = Date.parse("2027-01-02T00:00:00Z");
      return {
        course_progress_id,
        set_status: "passed",
        extra: { commencement_date: "2027/01/02 00:00Z" },
      };
    },
    "removing",
  ],
];

/** What harms nobody. */
const harmless: readonly (readonly [string, Args | Make])[] = [
  ["create_user", { email: "x@example.com", first_name: "X", last_name: "Y", password: "a-long-passphrase" }],
  ["update_user", { ...learner, title: "Detective", email_notifications: false, extra: { city: "Boston" } }],
  ["update_user", { ...learner, email: "avery@example.com" }],
  ...["hire_date", "birthday", "date_of_birth_2", "joined_on", "start_day"].map(
    (name) => ["update_user", { ...learner, extra: { [name]: "2001-01-01" } }] as const,
  ),
  ["update_user", { ...learner, extra: { department: "Department of Ends", notes: "Back on 2026-12-01" } }],
  ["update_user", { ...learner, password_expiration_date: later }],
  ["update_user", { ...learner, access_start_date: "2020-01-01" }],
  [
    "update_user",
    (world) => {
      const row = world.people.get(101);
      if (row) row.access_end_date = Date.parse("2027-12-31T23:59:59Z");
      return { ...learner, access_end_date: later };
    },
  ],
  ["update_course", { course_id: 201, name: "Another", active: true }],
  [
    "update_course",
    (world) => {
      const course = world.courses.get(201);
      if (course) course.active = false;
      return { course_id: 201, active: false };
    },
  ],
  ["enroll_user_in_course", { ...notIn, course_enrollment_expiration_date: later }],
  ["enroll_user_in_course", isIn],
  [
    "enroll_user_in_user_group",
    { user_id: 101, user_group_id: 303, user_group_enrollment_expiration_date: later },
  ],
  ["create_gamification_transaction", { ...learner, amount: 25 }],
  ["create_skill_transaction", { ...learner, skill_id: 1201, amount: 25 }],
  ["update_course_progress", (world) => ({ ...progressOf(world, "in-progress"), set_status: "passed" })],
  ["update_course_progress", (world) => ({ ...progressOf(world, "not-started"), set_status: "in-progress" })],
  ["update_course_progress", (world) => ({ ...progressOf(world, "in-progress"), set_status: "in-progress" })],
  [
    "update_ilt_timeslot_registration",
    (world) => ({ ...registrationOf(world, "pending"), status: "attended" }),
  ],
  [
    "update_ilt_timeslot_registration",
    (world) => ({ ...registrationOf(world, "attended"), status: "attended" }),
  ],
  ["update_ilt_timeslot", { instructor_led_training_timeslot_id: 511, name: "Room B", location: "B" }],
  [
    "update_ilt_timeslot",
    (world) => {
      for (const [id, row] of world.registrations)
        if (row.timeslot_id === 511) world.registrations.delete(id);
      return { instructor_led_training_timeslot_id: 511, commencement_time: "2027-01-11T09:00:00Z" };
    },
  ],
  [
    "update_user_group",
    { user_group_id: 301, name: "Another", description: "", extra: { category: "Sales" } },
  ],
];

async function open(env: Record<string, string> = {}) {
  const academy = await openCounted({ env });
  opened.push(academy);
  return academy;
}
const argsOf = (args: Args | Make, { world }: Opened): Args =>
  typeof args === "function" ? args(world) : args;
/** What differs from noon of the academy's day is not told apart by its title. */
const titled = <T extends readonly unknown[]>(all: readonly T[]) =>
  all.map(
    (one, n) =>
      [`${n + 1} ${one[0]} ${typeof one[1] === "function" ? "" : JSON.stringify(one[1])}`, ...one] as const,
  );

describe("what its owner would be sorry for", () => {
  it.each(titled(lost))(
    "%s is asked about, and refused where nobody is there to ask",
    async (_, tool, args) => {
      const academy = await open();
      const asked = academy.answered(() => ({ action: "decline" }));
      const given = argsOf(args, academy);
      const no = await academy.call(tool, given);
      const alone = await open({ SKYPREP_CONFIRM: "unattended" });
      const refused = await alone.call(tool, argsOf(args, alone));

      expect(asked(), no.text).toBe(1);
      expect(refused.text).toMatch(/unattended/);
      expect([...academy.sent, ...alone.sent]).toEqual([]);
    },
  );

  it.each(titled(losses))("%s is written down as what it is", async (_, tool, args, kind) => {
    const academy = await open();
    academy.answered(yes);

    await academy.call(tool, argsOf(args, academy));

    const { text } = await academy.call("list_changes", {});
    expect(academy.sent).toHaveLength(1);
    expect(text).toContain(tool);
    expect(kind).toMatch(/credential|power|removing/);
  });
});

describe("what harms nobody", () => {
  it.each(titled(harmless))("%s is done unasked", async (_, tool, args) => {
    const academy = await open({ SKYPREP_CONFIRM: "unattended" });
    const asked = academy.answered(() => ({ action: "decline" }));

    const reply = await academy.call(tool, argsOf(args, academy));

    expect(asked()).toBe(0);
    expect(academy.sent, reply.text).toHaveLength(1);
  });
});

it("a grant of power that rides along with a password is counted in the hour's grants", async () => {
  const academy = await open({ SKYPREP_MAX_GRANTS: "1" });
  academy.answered(yes);
  await academy.call("update_user", { user_id: 102, role: "admin", password: "a-long-passphrase" });

  const second = await academy.call("update_user", { user_id: 101, role: "manager" });

  expect(second.text).toMatch(/1 grants? of power an hour/);
  expect(academy.sent).toEqual(["update_user"]);
});
