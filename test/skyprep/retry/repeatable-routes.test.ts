import { describe, expect, it } from "vitest";
import { createRetry, repeatOf } from "../../../src/skyprep/api.ts";
import { Unreachable, Unreadable } from "../../../src/skyprep/response.ts";
import type { Incoming } from "../../../src/skyprep/send.ts";
import { sections } from "../../../tools/index.ts";
import { createClock } from "../../support/clock.ts";

const operations = Object.values(sections).flatMap((section) => Object.entries(section));
const routes = operations.map(([route]) => route);

/** Contract §6, name by name: writes that leave the same the second time. */
const settles = [
  "update_user",
  "destroy_user",
  "destroy_power_user",
  "update_course",
  "destroy_course",
  "remove_user_from_course",
  "remove_course_or_learning_path_from_catalog",
  "update_catalog_enrollments",
  "update_user_group",
  "destroy_user_group",
  "remove_user_from_user_group",
  "remove_course_from_user_group",
  "update_learning_path",
  "destroy_learning_path",
  "remove_course_from_learning_path",
  "remove_group_from_learning_path",
  "update_instructor_led_training_timeslot",
  "delete_instructor_led_training_timeslot",
  "destroy_instructor_led_training_timeslot_registrations",
  "update_instructor_led_training_timeslot_registration",
  "update_course_progress",
  "destroy_course_progress",
  "set_course_item_progress",
  "remove_manager_from_user_group",
  "update_manager_permissions_in_user_group",
];
const once = [
  "create_user",
  "get_login_key",
  "mass_enroll",
  "move_training_data",
  "create_or_update_power_users",
  "create_course",
  "enroll_user_in_course",
  "enroll_user_in_courses",
  "get_course_otp",
  "add_course_or_learning_path_to_catalog",
  "create_user_group",
  "enroll_user_in_user_group",
  "add_course_to_user_group",
  "create_learning_path",
  "add_course_to_learning_path",
  "add_group_to_learning_path",
  "create_instructor_led_training_timeslot",
  "create_instructor_led_training_timeslot_registrations",
  "create_course_progress",
  "create_gamification_transaction",
  "create_skill_transaction",
  "assign_manager_to_user_group",
  "generate_async_report",
];

const answered = (status: number) => async (): Promise<Incoming> => ({
  status,
  contentType: "",
  body: new Uint8Array(),
});
const failing = (failure: Error) => async (): Promise<Incoming> => {
  throw failure;
};

/** What came of the sending, and how often each kind of route is sent: reads, settling writes, all others. */
const outcomes: [string, () => Promise<Incoming>, [number, number, number]][] = [
  ["200", answered(200), [1, 1, 1]],
  ["302", answered(302), [1, 1, 1]],
  ["400", answered(400), [1, 1, 1]],
  ["401", answered(401), [1, 1, 1]],
  ["403", answered(403), [1, 1, 1]],
  ["404", answered(404), [1, 1, 1]],
  ["408", answered(408), [1, 1, 1]],
  ["422", answered(422), [1, 1, 1]],
  ["429", answered(429), [5, 5, 5]],
  ["500", answered(500), [1, 1, 1]],
  ["502", answered(502), [3, 3, 1]],
  ["503", answered(503), [3, 3, 1]],
  ["504", answered(504), [3, 3, 1]],
  ["a lost connection", failing(new Unreachable("lost", "", "maybe")), [3, 3, 1]],
  ["no connection", failing(new Unreachable("none", "", "no")), [3, 3, 1]],
  ["an unreadable answer", failing(new Unreadable("too large", "", "yes")), [1, 1, 1]],
  ["a bug of ours", failing(new TypeError("bug")), [1, 1, 1]],
];

async function sendings(route: string, outcome: () => Promise<Incoming>): Promise<number> {
  const clock = createClock();
  const rules = new Map(operations.map(([name, operation]) => [name, repeatOf(name, operation)]));
  let sent = 0;
  const send = createRetry({
    repeat: (name) => rules.get(name) ?? "turned-away",
    random: () => 0.5,
    ...clock,
  })(async () => {
    sent += 1;
    return outcome();
  });
  const call = send({ route, headers: {}, body: "" }, new AbortController().signal).catch(() => {});
  await clock.run();
  await call;
  return sent;
}

describe("what is sent again", () => {
  it("is settled for every route", () => {
    const writes = operations.filter(([, { effect }]) => effect !== "read").map(([route]) => route);

    expect([...settles, ...once].sort()).toEqual([...writes, "generate_async_report"].sort());
  });

  it.each(outcomes)("%s: of all 86 routes", async (_, outcome, [read, settling, other]) => {
    const table: Record<string, number> = {};
    for (const route of routes) table[route] = await sendings(route, outcome);

    expect(table).toEqual(
      Object.fromEntries(
        routes.map((route) => [
          route,
          settles.includes(route) ? settling : once.includes(route) ? other : read,
        ]),
      ),
    );
  });

  it("is, of a route nobody knows, only what was turned away", async () => {
    const lost = failing(new Unreachable("lost", "", "maybe"));

    expect([await sendings("get_rich", lost), await sendings("get_rich", answered(429))]).toEqual([1, 5]);
  });
});
