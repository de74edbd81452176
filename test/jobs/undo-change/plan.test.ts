import { expect, it } from "vitest";
import { itAtEveryCall, turnsOf } from "../../support/at-every-call.ts";
import { isLong, patience } from "../../support/long.ts";
import { callIn, type Fault, faulty } from "../shared/people-desk.ts";
import { type Academy, copyOf, createAcademy, planIn, quietCourse } from "../shared/plan-academy.ts";

const group = 309;
const people = [120, 121, 122, 123];
const isIn = ({ world }: Academy, id: number) => world.groups.get(group)?.members.has(id) === true;
const record = ({ world }: Academy, id: number) =>
  world.progress.of(id).find(({ course_id }) => course_id === quietCourse);
const into = { people: people.map(String), courses: [String(quietCourse)], groups: [String(group)] };

async function applied(academy: Academy, args: Record<string, unknown> = into): Promise<string> {
  const plan = planIn(await callIn(academy, ["plan_enrollment", args]));
  const done = await callIn(academy, ["apply_plan", { plan }]);
  if (done.isError) throw new Error(done.text);
  return plan;
}
function academyWithout(): Academy {
  const academy = createAcademy({ people: 100 });
  for (const id of people) academy.world.groups.get(group)?.members.delete(id);
  return academy;
}
const undo = (academy: Academy, plan: string, options = {}) =>
  callIn(academy, ["undo_change", { plan }], options);

it("takes out again whom a plan put in, and nobody who was in before, by the plan's own look or by when they came", async () => {
  const academy = academyWithout();
  academy.world.groups.get(group)?.members.add(120);
  const plan = planIn(await callIn(academy, ["plan_enrollment", into]));
  // In SkyPrep's web admin, between the plan and its applying.
  academy.world.enrollments.get(121)?.add(quietCourse);
  academy.world.progress.set(99_001, {
    ...([...academy.world.progress.values()][0] as never as object),
    id: 99_001,
    user_id: 121,
    course_id: quietCourse,
    status: "not-started",
    percent_viewed: 0,
    enrollment_date: academy.now() - 3_600_000,
  } as never);
  await callIn(academy, ["apply_plan", { plan }]);

  const undone = await undo(academy, `plan ${plan}`);

  expect(people.map((id) => isIn(academy, id))).toEqual([true, false, false, false]);
  expect(people.map((id) => academy.has(id, quietCourse))).toEqual([false, true, false, false]);
  expect(undone.text).toMatch(/They were in it before the plan enrolled them/);
  expect(academy.asked).toHaveLength(1);
});

it("leaves who has begun since, and what was changed from here since; the question names everybody it takes out", async () => {
  const academy = academyWithout();
  const plan = await applied(academy);
  Object.assign(record(academy, 120) ?? {}, { status: "in-progress", percent_viewed: 10 });
  await callIn(academy, ["remove_user_from_user_group", { user_id: 121, user_group_id: group }]);
  await callIn(academy, ["enroll_user_in_user_group", { user_id: 121, user_group_id: group }]);
  const asked = academy.asked.length;

  const undone = await undo(academy, plan);

  expect(people.map((id) => academy.has(id, quietCourse))).toEqual([true, false, false, false]);
  expect(people.map((id) => isIn(academy, id))).toEqual([false, true, false, false]);
  expect(undone.text).toMatch(/begun it[\s\S]*once more|once more[\s\S]*begun it/);
  expect(academy.asked.length - asked).toBe(1);
  for (const id of people.slice(1)) expect(academy.asked.at(-1)?.message).toContain(academy.login(id));
});

it("begins nothing where somebody began the course while the question was open", async () => {
  const academy = academyWithout();
  const plan = await applied(academy, { people: into.people, courses: into.courses });

  const undone = await undo(academy, plan, {
    person: () => {
      Object.assign(record(academy, 122) ?? {}, { status: "in-progress", percent_viewed: 50 });
      return { action: "accept", content: { answer: "yes" } };
    },
  });

  expect(people.map((id) => academy.has(id, quietCourse))).toEqual([false, false, true, false]);
  expect(undone.text).toMatch(/begun it/);
});

it("says what is no plan, was not applied, is undone already, or is more than one wish; and sends nothing", async () => {
  const academy = academyWithout();
  const made = planIn(await callIn(academy, ["plan_enrollment", into]));

  expect((await undo(academy, "oak-99999")).text).toMatch(/No change of a plan called oak-99999/);
  expect((await undo(academy, made)).text).toMatch(/changed nothing yet/);
  const both = await callIn(academy, ["undo_change", { plan: made, change: 1 }]);
  expect(both.text).toMatch(/Give one of change, plan or run/);
  expect(academy.writes()).toEqual([]);

  await callIn(academy, ["apply_plan", { plan: made }]);
  await undo(academy, made);
  const sent = academy.writes().length;
  const again = await undo(academy, made);

  expect(again.isError).toBe(false);
  expect(again.text).toMatch(/is undone already/);
  expect(academy.writes()).toHaveLength(sent);
});

it("sends nothing on a no, or unattended; and a code is enough, as for the steps by themselves", async () => {
  const academy = academyWithout();
  const plan = await applied(academy);
  const sent = academy.writes().length;

  const no = await undo(academy, plan, { person: () => ({ action: "decline" }) });
  const unattended = await undo(academy, plan, { env: { SKYPREP_CONFIRM: "unattended" } });

  expect(no.text).toMatch(/said no/);
  expect(unattended.text).toMatch(/needs a person's yes/);
  expect(academy.writes()).toHaveLength(sent);
});

itAtEveryCall(
  "whatever goes wrong at any call, calling again finishes it, and takes nobody out who was in before",
  async () => {
    const start = academyWithout();
    start.world.groups.get(group)?.members.add(120);
    const plan = await applied(start);
    const whole = copyOf(start);
    await undo(whole, plan);
    const turns = turnsOf(whole.sent, ["fails", "lost", "down"] as const satisfies Fault[]).filter(
      ({ n }, at) => isLong || (at % 3 === 0 && !whole.sent[n - 1]?.route.startsWith("get_")),
    );

    for (const { n, way } of turns) {
      const academy = copyOf(start);
      await undo(academy, plan, { between: faulty(n, way) });
      academy.pass(61_000);

      await undo(academy, plan);

      const where = `${way} ${n}`;
      expect(
        people.map((id) => isIn(academy, id)),
        where,
      ).toEqual([true, false, false, false]);
      expect(
        people.some((id) => academy.has(id, quietCourse)),
        where,
      ).toBe(false);
    }
  },
  patience,
);
