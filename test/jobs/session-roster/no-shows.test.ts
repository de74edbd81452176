import { expect, it } from "vitest";
import { callIn, faulty, routes, writesOf } from "../shared/people-desk.ts";
import { type Academy, createAcademy, planIn } from "../shared/plan-academy.ts";
import { registered, session } from "./in-session.ts";

/** Of last week's session 514 three did not come. Of the same training, 512 and 515 are to come; 515 is full. */
function missed(): Academy {
  const academy = createAcademy();
  for (const row of academy.world.registrations.values())
    if (row.timeslot_id === 514) row.status = row.status === "attended" ? "attended" : "absent";
  return academy;
}
const absentOf = (academy: Academy) =>
  [...academy.world.registrations.values()]
    .filter(({ timeslot_id, status }) => timeslot_id === 514 && status === "absent")
    .map(({ user_id }) => user_id);
const create = "create_instructor_led_training_timeslot_registrations";
const toNext = session({ session: "514", no_shows_to: "next" });

it("plans no-shows into the next session of the same training, and registers them once", async () => {
  const academy = missed();
  const people = absentOf(academy);

  const plan = await callIn(academy, toNext);
  const before = registered(academy, 512);
  const done = await callIn(academy, ["apply_plan", { plan: planIn(plan) }]);
  const again = await callIn(academy, ["apply_plan", { plan: planIn(plan) }]);
  const anew = await callIn(academy, toNext);

  expect(plan.isError, plan.text).toBe(false);
  expect(writesOf(plan)).toEqual([]);
  expect(plan.text).toMatch(
    /register 3 no-shows of session 514 .* for session 512 .*\(7 free seats before, 4 after\)\. Nothing was changed/,
  );
  expect(before).toHaveLength(5);
  expect(done.text).toMatch(/3 done/);
  expect(registered(academy, 512)).toEqual(
    [...before, ...people.map((person) => `${person} pending`)].sort(),
  );
  expect(registered(academy, 514).filter((one) => one.endsWith("absent"))).toHaveLength(3);
  expect(again.text).toMatch(/was applied already/);
  expect(writesOf(again)).toEqual([]);
  expect(anew.text).toMatch(
    /nobody is left to register[\s\S]*is registered for session 512 of 2026-12-03 already/,
  );
});

it("leaves out who has no access any more, or came later, and counts who is not marked", async () => {
  const academy = missed();
  const [gone, came, stays] = absentOf(academy);
  const person = academy.world.people.get(gone ?? 0);
  if (person) person.login_status = "disabled";
  const later = [...academy.world.registrations.values()].find(({ timeslot_id }) => timeslot_id === 512);
  if (later && came) Object.assign(later, { user_id: came, status: "attended" });
  const open = [...academy.world.registrations.values()].find(
    ({ timeslot_id, status }) => timeslot_id === 514 && status === "attended",
  );
  if (open) open.status = "pending";

  const { text, structured } = await callIn(academy, toNext);

  expect(structured).toMatchObject({ to_register: 1, unmarked: 1, left_out_total: 2 });
  expect(text).toMatch(new RegExp(`For ${stays} `));
  expect(text).toMatch(/has no access any more[\s\S]*attended session 512/);
  expect(text).toMatch(/1 person is not marked in it yet/);
});

it("says what is in the way, and plans nothing", async () => {
  const academy = missed();
  const full = missed();
  const slot = full.world.timeslots.get(512);
  if (slot) slot.capacity = 6;

  const early = await callIn(academy, session({ session: "512", no_shows_to: "next" }));
  const nobody = await callIn(academy, session({ session: "513", no_shows_to: "next" }));
  const other = await callIn(academy, session({ session: "514", no_shows_to: "511" }));
  const seats = await callIn(academy, session({ session: "514", no_shows_to: "515" }));
  const both = await callIn(academy, session({ session: "514", no_shows_to: "next", absent: ["101"] }));
  const none = await callIn(full, toNext);

  expect(early.text).toMatch(/Session 512 begins/);
  expect(nobody.text).toMatch(/nobody is marked absent in session 513/);
  expect(other.text).toMatch(/number of a session to come of the same training: session 512 .*; session 515/);
  expect(seats.text).toMatch(/session 515 .* has no free seat for 3 people/);
  expect(both.text).toMatch(/mark in a call of its own/);
  expect(none.text).toMatch(/No session to come has room for 3 people/);
  expect([...academy.writes(), ...full.writes()]).toEqual([]);
});

it("registers nobody where seats were taken meanwhile, or the session began", async () => {
  const taken = missed();
  const began = missed();
  const plan = planIn(await callIn(taken, toNext));
  const other = planIn(await callIn(began, toNext));
  const slot = taken.world.timeslots.get(512);
  if (slot) slot.capacity = 7;
  const early = began.world.timeslots.get(512);
  if (early) early.commencement_time = began.now() - 1;

  const full = await callIn(taken, ["apply_plan", { plan }]);
  const late = await callIn(began, ["apply_plan", { plan: other }]);

  expect(full.text).toMatch(/has 2 free seats left for 3 people: nobody was registered/);
  expect(late.text).toMatch(/Session 512 .* began .*: nobody was registered/);
  expect([...taken.writes(), ...began.writes()]).toEqual([]);
});

it("comes to the same end whatever fails on the way, and registers nobody twice", async () => {
  const start = missed();
  const plan = await callIn(start, toNext);
  const after = await callIn(start, ["apply_plan", { plan: planIn(plan) }]);
  const calls = routes(after);

  for (const [fault, at] of [
    ["lost", calls.indexOf(create) + 1],
    ["fails", calls.indexOf(create) + 1],
    ["down", calls.lastIndexOf(create) + 1],
  ] as const) {
    const academy = missed();
    const name = planIn(await callIn(academy, toNext));
    await callIn(academy, ["apply_plan", { plan: name }], { between: faulty(at, fault) });
    academy.pass(61_000);
    const again = await callIn(academy, ["apply_plan", { plan: name }]);

    const own = registered(academy, 512);
    expect(new Set(own).size, fault).toBe(own.length);
    expect(own.length, `${fault}: ${again.text}`).toBe(8);
  }
});
