import { expect, it } from "vitest";
import { itemsIn, openBigAcademy, untilWhole } from "../shared/many-groups.ts";

type Item = { person: number; managers?: string };

/** A session of thirty, each in two groups of their own, the second led by somebody from outside. */
async function crowded(answerMs: number) {
  const big = await openBigAcademy({ answerMs });
  const { world, branches } = big;
  const people = [...world.people.values()].filter(({ role }) => role === "learner").slice(10, 40);
  const [pattern] = world.registrations.values();
  for (const one of [...world.registrations.values()])
    if (one.timeslot_id === 511) world.registrations.delete(one.id);
  for (const group of world.groups.values()) for (const { id } of people) group.members.delete(id);
  const leaders = [...world.people.values()].filter(({ role }) => role === "manager");
  const led = new Map<number, string>();
  for (const [n, { id }] of people.entries()) {
    world.registrations.set(8_000 + n, {
      ...(pattern as NonNullable<typeof pattern>),
      id: 8_000 + n,
      timeslot_id: 511,
      user_id: id,
      status: "pending",
    });
    const group = branches[n * 5] ?? 0;
    world.groups.get(group)?.members.add(id);
    const leader = leaders[n % leaders.length];
    if (leader === undefined) throw new Error("nobody leads");
    big.manage(leader.id, group);
    led.set(id, `${leader.first_name} ${leader.last_name}`);
  }
  return { big, led };
}

it("thirty people in thirty of 300 groups: the managers come over several calls, each in its time", async () => {
  const { big, led } = await crowded(2_000);

  const calls = await untilWhole(big, "session_roster", { session: "511" });

  expect(calls.length).toBeGreaterThan(2);
  for (const reply of calls) {
    expect(reply.seconds).toBeLessThanOrEqual(50);
    for (const { person, managers } of itemsIn<Item>(reply))
      if (managers !== undefined) expect(managers).toContain(led.get(person));
  }
  for (const { text } of calls.slice(0, -1))
    expect(text).toMatch(
      /not known yet: .*Call again to go on|For \d+ of 30 people a manager was looked for to the end/,
    );
  const end = calls.at(-1);
  for (const { person, managers } of itemsIn<Item>(end ?? { structured: undefined }))
    expect(managers).toContain(led.get(person));
  expect(end?.text).toMatch(/Managers: as of 2026-11-23T.*kept for a day/);
  expect(end?.text).not.toMatch(/too many calls|call again/i);
  await big.close();
});

it("where SkyPrep is quick, they come at once", async () => {
  const { big, led } = await crowded(20);

  const reply = await big.timed("session_roster", { session: "511" });

  for (const { person, managers } of itemsIn<Item>(reply)) expect(managers).toContain(led.get(person));
  expect(reply.text).not.toMatch(/call again|too many/i);
  await big.close();
});
