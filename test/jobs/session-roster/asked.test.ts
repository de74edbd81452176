import { expect, it } from "vitest";
import { callIn } from "../shared/people-desk.ts";
import { createAcademy } from "../shared/plan-academy.ts";
import { registered, session } from "./in-session.ts";

it("asks where so many are registered that enrolling them would be asked about; a code stands for a yes", async () => {
  const academy = createAcademy();
  const thirty = Array.from({ length: 30 }, (_, n) => String(201 + n));
  const many = { session: "516", register: thirty };

  const no = await callIn(academy, session(many), { person: () => ({ action: "decline" }) });
  expect(no.text).toMatch(/said no/);
  expect(academy.writes()).toEqual([]);

  const server = await academy.open(undefined, { formless: true });
  const asked = await server.call("session_roster", many);
  const { confirm, question } = (asked.structured?.asked ?? {}) as { confirm?: string; question?: string };
  expect(question).toMatch(
    /Register 30 people for the session “[^”]+” \(516\) of \d+ [A-Z][a-z]{2} 2026 at \d\d:\d\d\?/,
  );
  const done = await server.call("session_roster", { ...many, confirm });
  expect(done.structured).toMatchObject({ finished: true });
  expect(registered(academy, 516)).toHaveLength(50);
  await server.close();
});

it("what was agreed to is no good once others have registered", async () => {
  const academy = createAcademy();
  const thirty = Array.from({ length: 30 }, (_, n) => String(201 + n));
  const server = await academy.open(undefined, { formless: true });
  const asked = await server.call("session_roster", { session: "516", register: thirty });
  await server.call("session_roster", { session: "516", register: ["201"] });
  const before = academy.writes().length;

  const { confirm } = (asked.structured?.asked ?? {}) as { confirm?: string };
  const reply = await server.call("session_roster", { session: "516", register: thirty, confirm });

  expect(reply.text).toMatch(/confirm code is wrong/);
  expect(academy.writes()).toHaveLength(before);
  await server.close();
});

it.each([
  [25, 0],
  [26, 1],
])("%i registrations in one call are %i questions", async (n, questions) => {
  const academy = createAcademy({ people: 60 });
  const slot = academy.world.timeslots.get(512);
  if (slot) slot.capacity = 100;
  for (const { id, timeslot_id } of academy.world.registrations.values())
    if (timeslot_id === 512) academy.world.registrations.delete(id);
  const register = Array.from({ length: n }, (_, index) => `${105 + index}`);

  await callIn(academy, session({ session: "512", register }));

  expect(registered(academy, 512)).toHaveLength(n);
  expect(academy.asked).toHaveLength(questions);
});
