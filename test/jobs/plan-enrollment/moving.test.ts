import { expect, it } from "vitest";
import { callIn } from "../shared/people-desk.ts";
import { type Academy, createAcademy, never, planIn } from "../shared/plan-academy.ts";

const [sales, support, contractors] = [301, 303, 309];
const isIn = ({ world }: Academy, id: number, group: number) => world.groups.get(group)?.members.has(id);
/** A new course that comes with a group and is begun by a member of it who has it through that alone. */
function begunThroughGroup(academy: Academy) {
  const { world } = academy;
  const id = [...(world.groups.get(sales)?.members ?? [])].find((one) => one > 102) ?? 0;
  world.groups.get(sales)?.courses.add(240);
  world.progress.set(99_001, {
    ...([...world.progress.values()][0] as never as object),
    id: 99_001,
    user_id: id,
    course_id: 240,
    status: "in-progress",
    percent_viewed: 40,
  } as never);
  return id;
}
const record = ({ world }: Academy, id: number) =>
  world.progress.of(id).find(({ course_id }) => course_id === 240);

it("moves people: into the new group first, then out of the old one, with one question", async () => {
  const academy = createAcademy({ people: 100 });
  const ids = [...(academy.world.groups.get(sales)?.members ?? [])].slice(0, 5);
  const move = { people: ids.map(String), groups: [String(support)], leave_groups: ["Sales Team"] };

  const planned = await callIn(academy, ["plan_enrollment", move]);
  expect(academy.writes()).toEqual([]);
  const done = await callIn(academy, ["apply_plan", { plan: planIn(planned) }]);

  expect(done.isError, done.text).toBe(false);
  for (const id of ids) expect([isIn(academy, id, sales), isIn(academy, id, support)]).toEqual([false, true]);
  expect(academy.asked).toHaveLength(1);
  expect(academy.asked[0]?.message).toMatch(
    /^\[sandbox\] Move 5 people from the group “Sales Team” \(301\) to the group/,
  );
  const written = academy.writes().map(({ route }) => route);
  expect(written[0]).toBe("mass_enroll");
});

it("takes nobody out of the old group whom the new one would not take", async () => {
  const academy = createAcademy({ people: 100 });
  const ids = [...(academy.world.groups.get(sales)?.members ?? [])]
    .filter((id) => !isIn(academy, id, support))
    .slice(0, 3);
  academy.refuse(ids[1] ?? 0);
  const move = { people: ids.map(String), groups: [String(support)], leave_groups: [String(sales)] };

  const plan = planIn(await callIn(academy, ["plan_enrollment", move]));
  const done = await callIn(academy, ["apply_plan", { plan }]);

  expect(ids.map((id) => isIn(academy, id, sales))).toEqual([false, true, false]);
  expect(done.structured).toMatchObject({ finished: true, failed: 2 });
});

it("with their courses they keep what they have begun, without them it may go", async () => {
  for (const keep_courses of [true, false]) {
    const academy = createAcademy({ people: 100 });
    const id = begunThroughGroup(academy);
    const move = {
      people: [String(id)],
      groups: [String(support)],
      leave_groups: [String(sales)],
      keep_courses,
    };

    const planned = await callIn(academy, ["plan_enrollment", move]);
    await callIn(academy, ["apply_plan", { plan: planIn(planned) }]);

    expect(isIn(academy, id, sales)).toBe(false);
    expect(record(academy, id)?.status, String(keep_courses)).toBe(keep_courses ? "in-progress" : undefined);
    expect(planned.text.includes("keeps")).toBe(keep_courses);
  }
});

it("keeps no course that would begin anew: whose pass of it ran out has it no more", async () => {
  const academy = createAcademy({ people: 100 });
  const id = begunThroughGroup(academy);
  Object.assign(record(academy, id) ?? {}, { status: "passed", expiration_date: academy.now() - 86_400_000 });
  const move = {
    people: [String(id)],
    groups: [String(support)],
    leave_groups: [String(sales)],
    keep_courses: true,
  };

  await callIn(academy, ["apply_plan", { plan: planIn(await callIn(academy, ["plan_enrollment", move])) }]);

  expect(academy.has(id, 240)).toBe(false);
  expect(record(academy, id)?.status).toBe("passed");
});

it("un-enrolls several, asks once, and leaves out who is not in", async () => {
  const academy = createAcademy({ people: 100 });
  const ids = [110, 111, 112];
  const enroll = { people: ids.slice(0, 2).map(String), courses: ["240"] };
  await callIn(academy, ["apply_plan", { plan: planIn(await callIn(academy, ["plan_enrollment", enroll])) }]);
  expect(academy.has(110, 240) && academy.has(111, 240)).toBe(true);

  const off = { people: ids.map(String), leave_courses: ["240"] };
  const planned = await callIn(academy, ["plan_enrollment", off]);
  await callIn(academy, ["apply_plan", { plan: planIn(planned) }]);

  expect(planned.text).toMatch(/take 2 people off the course/);
  expect(planned.structured?.left_out).toEqual([expect.objectContaining({ who: academy.login(112) })]);
  expect(ids.some((id) => academy.has(id, 240))).toBe(false);
  expect(academy.asked).toHaveLength(1);
});

it("plans nothing that contradicts itself, and never everybody", async () => {
  const academy = createAcademy({ people: 100 });
  const [who] = [...(academy.world.groups.get(sales)?.members ?? [])];
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ people: [String(who)], groups: ["301"], leave_groups: ["301"] }, /both joined and left/],
    [{ people: [String(who)], leave_groups: ["301"], expires: "2027-01-01" }, /expires is for enrolling/],
    [{ people: [String(who)], leave_courses: ["240"], keep_courses: true }, /keep_courses/],
    [{ people: ["nobody@example.com"], leave_groups: ["301"] }, /nobody was found/],
    [{ leave_groups: ["301"] }, /people/],
    [{ people: [String(who)], copy_from: "301", groups: ["309"] }, /people cannot be said with it/],
    [{ copy_from: "301", groups: ["301"] }, /its own courses/],
    [{ copy_from: "301" }, /groups/],
  ];

  for (const [args, why] of wrong) {
    const reply = await callIn(academy, ["plan_enrollment", args]);
    expect(reply.isError, JSON.stringify(args)).toBe(true);
    expect(reply.text).toMatch(why);
  }
  expect(academy.writes()).toEqual([]);
});

it("copies a group's courses and paths to a group, and a path's courses to a path; what is there stays", async () => {
  const academy = createAcademy({ people: 100 });
  const { groups } = academy.world;
  const before = [...(groups.get(contractors)?.courses ?? [])];

  const toGroup = await callIn(academy, [
    "plan_enrollment",
    { copy_from: "Sales Team", groups: ["Contractors"] },
  ]);
  await callIn(academy, ["apply_plan", { plan: planIn(toGroup) }]);
  const toPath = await callIn(academy, ["plan_enrollment", { copy_from: "402", paths: ["403"] }]);
  await callIn(academy, ["apply_plan", { plan: planIn(toPath) }]);
  const again = await callIn(academy, [
    "plan_enrollment",
    { copy_from: "Sales Team", groups: ["Contractors"] },
  ]);

  const [source, target] = [groups.get(sales), groups.get(contractors)];
  expect([...(source?.courses ?? [])].every((id) => target?.courses.has(id))).toBe(true);
  expect([...(source?.paths ?? [])].every((id) => target?.paths.has(id))).toBe(true);
  expect(before.every((id) => target?.courses.has(id))).toBe(true);
  expect([...(groups.get(402)?.courses ?? [])].every((id) => groups.get(403)?.courses.has(id))).toBe(true);
  expect(again.text).toMatch(/Nothing to do/);

  const undone = await callIn(academy, ["undo_change", { plan: planIn(toGroup) }]);

  expect(undone.isError, undone.text).toBe(false);
  expect([...(target?.courses ?? [])].sort()).toEqual(before.sort());
});

it("a move whose process was killed goes on: nobody is left in both groups, or in none", async () => {
  const academy = createAcademy({ people: 100 });
  const ids = [...(academy.world.groups.get(sales)?.members ?? [])].slice(0, 3);
  const move = { people: ids.map(String), groups: [String(contractors)], leave_groups: [String(sales)] };
  const plan = planIn(await callIn(academy, ["plan_enrollment", move]));
  let writes = 0;
  let reached = () => {};
  const dead = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const server = await academy.open(async (_, { route }, pass) => {
    if (route.startsWith("get_") || ++writes < 3) return pass();
    await pass();
    reached();
    return never();
  });
  server.call("apply_plan", { plan }).catch(() => {});
  await dead;

  academy.pass(61_000);
  const { structured } = await callIn(academy, ["apply_plan", { plan }]);

  expect(structured).toMatchObject({ finished: true, failed: 0, unknown: 0 });
  for (const id of ids)
    expect([isIn(academy, id, sales), isIn(academy, id, contractors)]).toEqual([false, true]);
});

it("moves people by what they are, and reads no other meaning into it beside a list", async () => {
  const academy = createAcademy({ people: 100 });
  const ids = [...(academy.world.groups.get(sales)?.members ?? [])].slice(0, 4);
  for (const id of ids.slice(0, 3)) {
    const person = academy.world.people.get(id);
    if (person) person.profile = { ...person.profile, title: "Seasonal" };
  }
  const move = { groups: [String(support)], leave_groups: [String(sales)] };

  const byWhat = await callIn(academy, ["plan_enrollment", { ...move, where: { Title: "Seasonal" } }]);
  const both = await callIn(academy, [
    "plan_enrollment",
    { ...move, where: { Title: "Seasonal" }, people: [String(ids[3])] },
  ]);
  const nobody = await callIn(academy, ["plan_enrollment", { ...move, where: { Title: "no such title" } }]);

  expect(byWhat.text).toMatch(/3 people/);
  expect(both.text).toMatch(/4 people/);
  expect(nobody.isError).toBe(true);
  expect(nobody.structured?.plan).toBeUndefined();
  await callIn(academy, ["apply_plan", { plan: planIn(byWhat) }]);
  for (const id of ids.slice(0, 3))
    expect([isIn(academy, id, sales), isIn(academy, id, support)]).toEqual([false, true]);
  expect(isIn(academy, ids[3] ?? 0, sales)).toBe(true);
});

it("moves nobody out of a group that they are not in, and names who of several is not", async () => {
  const academy = createAcademy({ people: 100 });
  const members = [...(academy.world.groups.get(sales)?.members ?? [])];
  const inside = members.filter((id) => !isIn(academy, id, support)).slice(0, 2);
  const outside = [...academy.world.people.keys()].filter(
    (id) => !isIn(academy, id, sales) && !isIn(academy, id, support),
  );
  const move = (people: readonly number[], leave_groups = ["Sales Team"]) =>
    callIn(academy, [
      "plan_enrollment",
      { people: people.map(String), groups: [String(support)], leave_groups },
    ]);

  const none = await move(outside.slice(0, 1));
  const some = await move([...inside, ...outside.slice(0, 1)], ["Sales Team", String(contractors)]);

  expect(none.isError, none.text).toBe(true);
  expect(none.text).toMatch(/^\[sandbox\] No plan was made: nobody of them is in group 301 Sales Team/);
  expect(none.text).toMatch(/call again without leave_groups/);
  expect(some.text).toMatch(/^\[sandbox\] Plan \S+: move 3 people from the group “Sales Team” \(301\) to/);
  expect(some.text).toContain(`1 person is in nothing that is to be left, and only joins: ${outside[0]} `);
  expect(some.text).toContain("Nobody of them is in group 309");
});

it("says of whom it takes off nothing that they are in none of it", async () => {
  const academy = createAcademy({ people: 100 });
  await callIn(academy, [
    "apply_plan",
    { plan: planIn(await callIn(academy, ["plan_enrollment", { people: ["110"], courses: ["240"] }])) },
  ]);

  const planned = await callIn(academy, [
    "plan_enrollment",
    { people: ["110", "111"], leave_courses: ["240", "241"] },
  ]);

  expect(planned.structured?.left_out).toEqual([{ who: academy.login(111), why: "in none of them" }]);
});
