import { expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { callIn, writesOf } from "../shared/people-desk.ts";
import { createAcademy } from "../shared/plan-academy.ts";
import { registered, session } from "./in-session.ts";

const day = 86_400_000;
/** Session 514 took place last week: six came, half of them marked. */
const lastWeek = () => {
  const academy = createAcademy();
  const own = [...academy.world.registrations.values()].filter(({ timeslot_id }) => timeslot_id === 514);
  const open = own.filter(({ status }) => status === "pending");
  return { academy, own, open };
};

it("marks everybody who is not marked yet", async () => {
  const { academy, own, open } = lastWeek();

  const reply = await callIn(academy, session({ session: "514", attended: ["everybody"] }));

  expect(reply.isError, reply.text).toBe(false);
  expect(writesOf(reply)).toHaveLength(open.length);
  expect(registered(academy, 514)).toEqual(own.map(({ user_id }) => `${user_id} attended`).sort());
});

it.each([
  (name: string) => [`everybody but ${name}`],
  (name: string) => [`Everyone except ${name}.`],
  (name: string) => [`all but ${name} and ${name}`],
])("leaves out whom it is told to: %#", async (attended) => {
  const { academy, open } = lastWeek();
  const [away] = open;
  const person = academy.world.people.get(away?.user_id ?? 0);

  const reply = await callIn(
    academy,
    session({ session: "514", attended: attended(`${person?.first_name} ${person?.last_name}`) }),
  );

  expect(reply.isError, reply.text).toBe(false);
  expect(registered(academy, 514)).toContain(`${person?.id} pending`);
  expect(registered(academy, 514).filter((one) => one.endsWith("attended"))).toHaveLength(5);
});

it("takes whom the other list names out of everybody, and marks both", async () => {
  const { academy, open } = lastWeek();
  const [away] = open;

  const reply = await callIn(
    academy,
    session({ session: "514", attended: ["everybody else"], absent: [String(away?.user_id)] }),
  );

  expect(reply.isError, reply.text).toBe(false);
  expect(registered(academy, 514)).toContain(`${away?.user_id} absent`);
  expect(registered(academy, 514).filter((one) => one.endsWith("attended"))).toHaveLength(5);
});

it("overwrites no mark of before by everybody, and says whose it left", async () => {
  const { academy, own } = lastWeek();
  const [first] = own;
  if (first) first.status = "absent";

  const reply = await callIn(academy, session({ session: "514", attended: ["everybody"] }));

  expect(reply.text).toMatch(
    new RegExp(`Marked before and left so: person ${first?.user_id} .*, absent. Name them`),
  );
  expect(registered(academy, 514)).toContain(`${first?.user_id} absent`);
});

it("marks nobody where it is not plain who is meant", async () => {
  const { academy, open } = lastWeek();
  const [away] = open;
  const name = `person ${away?.user_id}`;

  const unknown = await callIn(
    academy,
    session({ session: "514", attended: ["everybody but Nobody Atall"] }),
  );
  const stranger = await callIn(academy, session({ session: "514", attended: ["everybody but 300"] }));
  const two = await callIn(academy, session({ session: "514", attended: [`everybody but ${name}`, "301"] }));
  const both = await callIn(
    academy,
    session({ session: "514", attended: ["everybody"], absent: ["everybody"] }),
  );
  const register = await callIn(academy, session({ session: "512", register: ["everybody"] }));
  const early = await callIn(academy, session({ session: "512", attended: ["everybody"] }));

  expect(unknown.text).toMatch(/“Nobody Atall”: not found/);
  expect(stranger.text).toMatch(
    /Not registered for session 514, so no exception of everybody there: person 300/,
  );
  expect(two.text).toMatch(/say all exceptions in one text/);
  expect(both.text).toMatch(/cannot be both attended and absent/);
  expect(register.text).toMatch(/register takes people by name, login or number, not everybody/);
  expect(early.text).toMatch(/Session 512 begins/);
  for (const reply of [unknown, stranger, two, both, register, early]) expect(reply.isError).toBe(true);
  expect(academy.writes()).toEqual([]);
});

it("lists every session whose attendance is not marked, however old, and goes on where its time was over", async () => {
  const { academy } = lastWeek();
  const model = academy.world.timeslots.get(514);
  if (!model) throw new Error("no session 514");
  for (const [n, back] of [900, 2_000, 3_000].entries()) {
    const end_time = noon - back * day;
    academy.world.timeslots.set(901 + n, {
      ...model,
      id: 901 + n,
      commencement_time: end_time - 1,
      end_time,
    });
    academy.world.registrations.set(9_010 + n, {
      id: 9_010 + n,
      timeslot_id: 901 + n,
      user_id: 101,
      course_progress_id: null,
      status: n === 1 ? "attended" : "pending",
      created_at: 0,
      updated_at: 0,
    });
  }

  const reply = await callIn(academy, session({ session: "unmarked" }));
  const marking = await callIn(academy, session({ session: "unmarked", attended: ["everybody"] }));

  expect(reply.isError, reply.text).toBe(false);
  expect(reply.structured).toMatchObject({
    items: [
      { session: 514, unmarked: 3, registered: 6 },
      { session: 901, unmarked: 1, registered: 1 },
      { session: 903, unmarked: 1, registered: 1 },
    ],
    total: 3,
    looked_at: 5,
    took_place: 5,
    looked_back_to: "2018-09-06",
  });
  expect(reply.text).toMatch(/not marked in 3 sessions \(of 5 that took place, back to 2018-09-06\)/);
  expect(marking.isError).toBe(true);
  expect(academy.writes()).toEqual([]);
});
