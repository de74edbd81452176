import { expect, it } from "vitest";
import { academyDay } from "../../src/jobs/shared/as-of.ts";
import { openAcademy } from "../support/academy.ts";

it("takes the academy's day from the dates that SkyPrep writes, the nearest first", () => {
  const evening = Date.parse("2026-11-30T02:00:00Z");

  expect(academyDay(evening, [{ created_at: "2026-07-01T10:00:00.000-04:00" }])).toBe("2026-11-29");
  expect(
    academyDay(Date.parse("2026-11-30T04:30:00Z"), [
      { created_at: "2026-07-01T10:00:00.000-04:00", updated_at: "2026-11-20T10:00:00.000-05:00" },
    ]),
  ).toBe("2026-11-29");
  expect(academyDay(Date.parse("2026-11-29T20:00:00Z"), [{ at: "2026-11-20T10:00:00+09:00" }])).toBe(
    "2026-11-30",
  );
  expect(academyDay(evening, [{ created_at: "2026-07-01T10:00:00Z" }, null, { x: 1 }])).toBe("2026-11-30");
});

it("says before anything is created that somebody called so is here under another login", async () => {
  const asked: string[] = [];
  const academy = await openAcademy({
    person: async ({ message }) => {
      asked.push(message);
      return { action: "decline" };
    },
  });
  const before = academy.sandbox.world.people.size;

  const twin = await academy.call("onboard_person", {
    login: "a.learner@example.com",
    first_name: "Avery",
    last_name: "Learner",
  });
  const new_ = await academy.call("onboard_person", { login: "Casey Newhire <casey@example.com>" });
  const code = await academy.call("onboard_person", {
    login: "EMP-101",
    first_name: "Avery",
    last_name: "Learner",
  });
  const doubt = await academy.call("onboard_person", { login: "wei@example.com", first_name: "Li Wei" });
  const after = academy.sandbox.world.people.size;
  await academy.close();

  expect(asked.join("\n")).toMatch(
    /already has an account under another login: “Avery Learner” \(avery@example\.com\)\./,
  );
  expect(twin.text).not.toMatch(/newly created/);
  expect(new_.text).toMatch(
    /newly created: person \d+ casey@example.com[\s\S]*was read as first name Casey, last name Newhire/,
  );
  expect(code.text).toMatch(/Nothing to do: person 101 Avery Learner/);
  expect(doubt).toMatchObject({
    isError: true,
    text: expect.stringMatching(/Which part of “Li Wei” is which/),
  });
  expect(after).toBe(before + 1);
});

it("says what of a plan is stale: its end day, an inactive course, an end day that somebody in already will not get", async () => {
  const academy = await openAcademy();
  const off = [...academy.sandbox.world.courses.values()].find(({ active }) => !active);
  const pass = [...academy.sandbox.world.progress.values()].find(
    ({ status, expiration_date, user_id, course_id }) =>
      status === "passed" &&
      expiration_date !== null &&
      expiration_date < Date.UTC(2026, 10, 1) &&
      [...academy.sandbox.world.progress.values()].filter(
        (one) => one.user_id === user_id && one.course_id === course_id,
      ).length === 1,
  );

  const past = await academy.call("plan_enrollment", {
    people: ["101"],
    courses: ["207"],
    expires: "2020-01-31",
  });
  const inactive = await academy.call("plan_enrollment", { people: ["101"], courses: [String(off?.id)] });
  const lapsed = await academy.call("plan_enrollment", {
    people: [String(pass?.user_id)],
    courses: [String(pass?.course_id)],
  });
  const status = await academy.call("training_status", { show: "overdue" });
  await academy.close();

  expect(past.text).toMatch(/end day 2020-01-31 is in the past \(today is 2026-11-23\)/);
  expect(inactive.text).toMatch(new RegExp(`Course ${off?.id} .*is inactive`));
  expect(lapsed.text).toMatch(/begins anew/);
  expect(status.text).toMatch(/overdue, \d+ due, .* are of \d+ people who cannot sign in any more/);
});
