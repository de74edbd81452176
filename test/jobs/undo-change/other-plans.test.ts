import { expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { callIn, items } from "../shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";

const undo = (academy: Academy, plan: string) => callIn(academy, ["undo_change", { plan }]);

it("takes back the registrations that a plan of no-shows made, and no other", async () => {
  const academy = createAcademy();
  const rows = () => [...academy.world.registrations.values()];
  for (const row of rows())
    if (row.timeslot_id === 514) row.status = row.status === "attended" ? "attended" : "absent";
  const stands = () =>
    rows().map(({ timeslot_id, user_id, status }) => `${timeslot_id} ${user_id} ${status}`);
  const before = stands().sort();
  const planned = await callIn(academy, ["session_roster", { session: "514", no_shows_to: "next" }]);
  const plan = planIn(planned);
  await callIn(academy, ["apply_plan", { plan }]);
  expect(stands()).toHaveLength(before.length + 3);
  const asked = academy.asked.length;

  const undone = await undo(academy, plan);
  const again = await undo(academy, plan);

  expect(undone.text).toMatch(/3 of 3 changes undone/);
  expect(stands().sort()).toEqual(before);
  expect(academy.asked.length - asked).toBe(1);
  expect(again.text).toMatch(/is undone already/);
});

it("leaves the no-show who came to the later session, and says so", async () => {
  const academy = createAcademy();
  const rows = () => [...academy.world.registrations.values()];
  for (const row of rows())
    if (row.timeslot_id === 514) row.status = row.status === "attended" ? "attended" : "absent";
  const plan = planIn(await callIn(academy, ["session_roster", { session: "514", no_shows_to: "next" }]));
  const known = new Set(rows().map(({ id }) => id));
  await callIn(academy, ["apply_plan", { plan }]);
  const [came] = rows().filter(({ id }) => !known.has(id));
  if (came) came.status = "attended";

  const undone = await undo(academy, plan);

  expect(rows().filter(({ id }) => !known.has(id))).toEqual([came]);
  expect(undone.text).toMatch(/2 of 3 changes undone/);
  expect(undone.text).toMatch(/status: it was "pending" when made, now it is "attended"/);
});

/** The course with most passes that still count, and those that do not any more. */
function passes({ world }: Academy) {
  const of = (id: number) =>
    [...world.progress.values()].filter(
      ({ course_id, status, expiration_date: at }) => course_id === id && status === "passed" && at !== null,
    );
  const [course = 0] = [...world.courses.values()]
    .filter(({ active }) => active)
    .map(({ id }) => id)
    .sort((a, b) => of(b).length - of(a).length);
  return { course, rows: of(course) };
}

it("of a recertification puts back what was reset as far as SkyPrep lets it, and says what does not come back", async () => {
  const academy = createAcademy();
  const { course } = passes(academy);
  const planned = await callIn(academy, [
    "recertify",
    { course: String(course), by: "2027-01-22", reset: true },
  ]);
  const plan = planIn(planned);
  const passed = () =>
    [...academy.world.progress.values()].filter(
      ({ course_id, status, expiration_date: at }) =>
        course_id === course && status === "passed" && at !== null && at > noon,
    );
  const before = passed().map(({ id }) => id);
  await callIn(academy, ["apply_plan", { plan }]);
  const reset = before.filter((id) => academy.world.progress.get(id)?.status === "not-started");
  expect(reset.length).toBeGreaterThan(0);

  const undone = await undo(academy, plan);

  for (const id of reset) expect(academy.world.progress.get(id)?.status, `record ${id}`).toBe("passed");
  expect(academy.asked.at(-1)?.message).toMatch(/date|certificate/);
  expect(undone.text).toMatch(/undone/);
});

it("of a recertification leaves who had the course before: what SkyPrep does with the old record is not known", async () => {
  const academy = createAcademy();
  const { course } = passes(academy);
  const planned = await callIn(academy, ["recertify", { course: String(course), by: "2027-01-22" }]);
  const plan = planIn(planned);
  await callIn(academy, ["apply_plan", { plan }]);
  const stands = () => [...academy.world.progress.values()].map(({ id, status }) => `${id} ${status}`);
  const before = stands();

  const undone = await undo(academy, plan);

  expect(stands()).toEqual(before);
  expect(undone.text).toMatch(/had it before, and it had ended/);
});

it("says a reason that many share once, and stays short where others have their own", async () => {
  const academy = createAcademy();
  const { course } = passes(academy);
  const wanted = { course: String(course), by: "2027-01-22", reset: true };
  const plan = planIn(await callIn(academy, ["recertify", wanted]));
  await callIn(academy, ["apply_plan", { plan }]);

  const undone = await undo(academy, plan);

  expect(undone.text.match(/what SkyPrep does with that record is not known/g) ?? []).toHaveLength(1);
  expect(items(undone).some(({ why }) => why === "the same")).toBe(false);
  expect(undone.text.length).toBeLessThan(4_700);
});
