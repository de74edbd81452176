import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { callIn, faulty, routes, writesOf } from "../shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";

const day = 86_400_000;
const until = "2027-01-22";
type Progress = ReturnType<Academy["world"]["progress"]["of"]>[number];

/** Of each person and course the latest pass, if nobody is at it again and they can sign in. */
function due({ world }: Academy, course: number) {
  const rows = [...world.progress.values()].filter(({ course_id }) => course_id === course);
  const own = (person: number) => rows.filter(({ user_id }) => user_id === person);
  const latest = new Map<number, Progress>();
  for (const row of rows.filter(({ status }) => status === "passed")) {
    const before = latest.get(row.user_id);
    if (!before || (row.completion_date ?? 0) >= (before.completion_date ?? 0)) latest.set(row.user_id, row);
  }
  const open = (status: string) => ["not-started", "in-progress", "failed"].includes(status);
  const here = (id: number) => {
    const one = world.people.get(id);
    const over = one?.access_end_date !== null && (one?.access_end_date ?? 0) <= noon;
    return one !== undefined && one.login_status !== "disabled" && !over;
  };
  const all = [...latest.values()].filter(
    ({ user_id }) => here(user_id) && !own(user_id).some(({ status }) => open(status)),
  );
  const end = Date.parse(`${until}T23:59:59-05:00`);
  return {
    expired: all.filter(({ expiration_date: at }) => at !== null && at <= noon),
    expiring: all.filter(({ expiration_date: at }) => at !== null && at > noon && at <= end),
  };
}

/** The course with the most to do. */
function busiest(academy: Academy): number {
  const courses = [...academy.world.courses.values()].filter(({ active }) => active);
  const sizes = courses.map(({ id }) => ({ id, ...due(academy, id) }));
  sizes.sort(
    (a, b) => Math.min(b.expired.length, b.expiring.length) - Math.min(a.expired.length, a.expiring.length),
  );
  return sizes[0]?.id ?? 0;
}
const recertify = (args: Record<string, unknown>) => ["recertify", args] as const;
const fileOf = ({ structured }: { structured: Record<string, unknown> | undefined }) =>
  readFileSync(String((structured?.export as { file?: string } | undefined)?.file), "utf8");

it("plans the expired to be enrolled anew, lists who still counts, and applies it once", async () => {
  const academy = createAcademy();
  const course = busiest(academy);
  const { expired, expiring } = due(academy, course);
  expect(Math.min(expired.length, expiring.length)).toBeGreaterThan(0);

  const plan = await callIn(academy, recertify({ course: String(course), by: until }));
  const done = await callIn(academy, ["apply_plan", { plan: planIn(plan) }]);
  const again = await callIn(academy, recertify({ course: String(course), by: until }));

  expect(plan.isError, plan.text).toBe(false);
  expect(writesOf(plan)).toEqual([]);
  expect(plan.structured).toMatchObject({
    expired: expired.length,
    expiring: expiring.length,
    to_enroll: expired.length,
    to_reset: 0,
  });
  expect(plan.text).toMatch(
    /still counts? until then, and (?:is|are) not in a plan: enrolling would change nothing/,
  );
  expect(done.text).toMatch(new RegExp(`${expired.length} done, 0 already, 0 failed`));
  for (const { id, user_id } of expired) {
    expect(academy.world.progress.get(id)?.status).toBe("archived");
    expect(
      academy.world.progress
        .of(user_id)
        .filter((row) => row.course_id === course && row.status === "not-started"),
    ).toHaveLength(1);
  }
  for (const { id } of expiring) expect(academy.world.progress.get(id)?.status).toBe("passed");
  expect(again.structured).toMatchObject({ expired: 0, expiring: expiring.length, to_enroll: 0 });
});

it("resets what still counts where that is asked for, asks a person first, and keeps the dates in a file before", async () => {
  const academy = createAcademy();
  const course = busiest(academy);
  const { expired, expiring } = due(academy, course);
  const lost = expiring.map((row) => ({ ...row }));

  const plan = await callIn(academy, recertify({ course: String(course), by: until, reset: true }));
  const before = fileOf(plan);
  const done = await callIn(academy, ["apply_plan", { plan: planIn(plan) }]);

  expect(plan.structured).toMatchObject({ to_enroll: expired.length, to_reset: expiring.length });
  for (const { id, user_id, completion_date, expiration_date } of lost) {
    const dates = [completion_date, expiration_date].map((at) =>
      new Date((at ?? 0) - 5 * 3_600_000).toISOString().slice(0, 10),
    );
    expect(before).toMatch(new RegExp(`^${user_id},.*,${id},${dates.join(",")},reset`, "m"));
    const now = academy.world.progress.get(id);
    expect([now?.status, now?.completion_date, now?.expiration_date]).toEqual(["not-started", null, null]);
  }
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /reset the passed training of .*to not started[\s\S]*(?:loses|lose) completion date, score and certificate/i,
  );
  expect(done.text).toMatch(new RegExp(`${expired.length + expiring.length} done`));
});

it("resets no record that is another by now, and none twice", async () => {
  const academy = createAcademy();
  const course = busiest(academy);
  const { expiring } = due(academy, course);
  const plan = planIn(await callIn(academy, recertify({ course: String(course), by: until, reset: true })));
  const [first] = expiring;
  const row = academy.world.progress.get(first?.id ?? 0);
  if (row) row.completion_date = noon - day;

  const done = await callIn(academy, ["apply_plan", { plan }]);

  expect(done.text).toMatch(/1 failed[\s\S]*the record is another than when the plan was made/);
  expect(row?.status).toBe("passed");
});

it("leaves a record alone that was reset, begun anew, and whose answer was lost", async () => {
  const academy = createAcademy();
  const course = busiest(academy);
  const plan = planIn(await callIn(academy, recertify({ course: String(course), by: until, reset: true })));
  const dry = createAcademy();
  const other = planIn(await callIn(dry, recertify({ course: String(course), by: until, reset: true })));
  const at = routes(await callIn(dry, ["apply_plan", { plan: other }])).indexOf("update_course_progress");

  const lost = await callIn(academy, ["apply_plan", { plan }], { between: faulty(at + 1, "lost") });
  const sent = writesOf(lost).find(({ route }) => route === "update_course_progress");
  const row = academy.world.progress.get(Number(sent?.form.get("course_progress_id")));
  if (row) row.status = "in-progress";
  academy.pass(61_000);
  await callIn(academy, ["apply_plan", { plan }]);

  expect(row?.status).toBe("in-progress");
});

it("plans nothing where dates could not be kept, for a day past, or for what is not there", async () => {
  const academy = createAcademy();
  const course = String(busiest(academy));
  const past = await callIn(academy, recertify({ by: "2026-11-20" }));
  const unknown = await callIn(academy, recertify({ course: "Juggling" }));
  rmSync(join(academy.state, "exports"), { recursive: true, force: true });
  writeFileSync(join(academy.state, "exports"), "no folder");

  const kept = await callIn(academy, recertify({ course, by: until, reset: true }));
  const plain = await callIn(academy, recertify({ course }));

  expect(past.text).toMatch(/by 2026-11-20 is past/);
  expect(unknown.text).toMatch(/no course “Juggling”/);
  expect(kept.text).toMatch(/The dates that a reset loses could not be kept in a file first/);
  for (const { isError } of [past, unknown, kept]) expect(isError).toBe(true);
  // What loses nothing needs no file.
  expect(plain.isError, plain.text).toBe(false);
});
