import assert from "node:assert/strict";
import { describe, expect, inject, it } from "vitest";
import { often } from "../support/long.ts";
import { type Desk, type Journey, played, type Row, TurnedDown } from "./journey.ts";

const planIn = ({ structured }: { structured: Row | undefined }): string => String(structured?.plan);
const dayOf = (instant: number | null | undefined): string =>
  new Date(instant ?? 0).toISOString().slice(0, 10);

/** A hundred in the long form. */
const all = often({ long: 100, short: 40 });

/** Many at once, with one question. */
const journeys: readonly Omit<Journey, "job">[] = [
  {
    asks: "Seven people leave, three of them on days of their own. Jordan manages a group.",
    within: { calls: 2 },
    async play({ world, call, asked }) {
      const leavers = [102, 110, 111, 112, 113, 114, 115].map((id) => world.people.get(id));
      const passed = () =>
        leavers.map(
          (one) => world.progress.of(one?.id ?? 0).filter(({ status }) => status === "passed").length,
        );
      const before = passed();
      const csv = [
        "Email,Last day",
        ...leavers.map((one, n) => `${one?.email},${n < 3 ? "" : n < 5 ? "2026-11-20" : "2026-12-31"}`),
      ].join("\n");

      const planned = await call("offboard_people", { csv });
      const name = planIn(planned);
      const done = await call("apply_plan", { plan: name });

      assert.equal(asked.length, 1, "one question");
      for (const one of leavers) assert.ok(asked[0]?.includes(one?.email ?? "?"), `${one?.email} is named`);
      const ends = leavers.map((one) => dayOf(one?.access_end_date));
      assert.deepEqual(ends, [
        "2026-11-24",
        "2026-11-24",
        "2026-11-24",
        "2026-11-21",
        "2026-11-21",
        "2027-01-01",
        "2027-01-01",
      ]);
      const ids = leavers.slice(0, 5).map((one) => one?.id ?? 0);
      const groups = [...world.groups.values()].filter(({ type }) => type === "user");
      for (const id of ids)
        assert.ok(
          groups.every(({ members }) => !members.has(id)),
          `${id} is in no group`,
        );
      assert.ok(
        groups.some(({ members }) => members.has(114)),
        "whose last day is ahead stays in groups until then",
      );
      assert.equal(leavers[0]?.role, "learner");
      assert.ok([...world.managerships.values()].every(({ user_id }) => user_id !== 102));
      assert.ok([...world.powerUsers.values()].every(({ user_id }) => user_id !== 102));
      assert.deepEqual(passed(), before, "training stays");
      assert.match(done.text, /0 failed, 0 unknown, 0 not tried/);
    },
  },
  {
    asks: "Forty people have not signed in for months: close their accounts.",
    within: { calls: 2 },
    async play({ world, call, asked }) {
      const dormant = [...world.people.values()]
        .filter(
          ({ role, login_status, access_end_date }) =>
            role === "learner" && login_status !== "disabled" && access_end_date === null,
        )
        .sort((a, b) => (a.last_login ?? 0) - (b.last_login ?? 0))
        .slice(0, 40);

      const planned = await call("offboard_people", { people: dormant.map(({ email }) => email) });
      await call("apply_plan", { plan: planIn(planned) });

      assert.equal(asked.length, 1);
      for (const { email } of dormant) assert.ok(asked[0]?.includes(email), `${email} is named`);
      for (const { id, access_end_date } of dormant) {
        assert.equal(dayOf(access_end_date), "2026-11-24");
        assert.ok(
          [...world.groups.values()].every(({ type, members }) => type !== "user" || !members.has(id)),
        );
      }
    },
  },
  {
    asks: "Rename these fifteen courses for next year; two are retired, three go to another category.",
    within: { calls: 2, tokens: 1_500 },
    async play({ world, call, asked }) {
      const courses = [...world.courses.values()].slice(0, 15);
      const before = courses.map(({ name }) => name);
      const csv = [
        "Course,New name,Active,Category",
        ...courses.map(
          ({ id }, n) =>
            `${n % 2 === 0 ? id : `"${before[n]}"`},${before[n]} 2027,${n < 2 ? "no" : ""},${n > 11 ? "Yearly" : ""}`,
        ),
      ].join("\n");

      const planned = await call("plan_course_changes", { csv });
      for (const name of before) assert.ok(planned.text.includes(`“${name} 2027”`), "old and new are shown");
      const done = await call("apply_plan", { plan: planIn(planned) });

      assert.deepEqual(
        courses.map(({ name }) => name),
        before.map((name) => `${name} 2027`),
      );
      assert.deepEqual(
        courses.map(({ active }) => active),
        courses.map((_, n) => n >= 2),
      );
      assert.equal(asked.length, 1, "switching off is asked about, once");
      assert.match(done.text, /15 done, 0 already, 0 failed/);
    },
  },
  {
    asks: "I planned a hundred people into the wrong course this morning: take it all back, but who was in before stays.",
    given({ progress, enrollments }) {
      for (const row of [...progress.values()]) if (row.course_id === 240) progress.delete(row.id);
      for (const own of enrollments.values()) own.delete(240);
    },
    async play({ world, call, asked }) {
      const learners = [...world.people.values()]
        .filter(({ role, login_status }) => role === "learner" && login_status !== "disabled")
        .slice(0, all);
      const [before, began] = learners;
      await call("enroll_user_in_course", { user_id: before?.id, course_id: 240 });
      const people = learners.map(({ id }) => String(id));
      const planned = await call("plan_enrollment", { people, courses: ["240"] });
      await call("apply_plan", { plan: planIn(planned) });
      const has = () => learners.filter(({ id }) => world.enrollments.get(id)?.has(240)).map(({ id }) => id);
      assert.equal(has().length, all);
      const record = world.progress.of(began?.id ?? 0).find(({ course_id }) => course_id === 240);
      Object.assign(record ?? {}, { status: "in-progress", percent_viewed: 40 });
      const questions = asked.length;

      const undone = await heard("undo_change", { plan: planIn(planned) }, call);

      assert.deepEqual(has(), [before?.id, began?.id], "who was in before, and who has begun it since");
      assert.equal(asked.length - questions, 1, "one question");
      assert.match(undone, new RegExp(`${all - 2} of ${all - 1} changes undone`));
      assert.match(undone, /begun it/);
    },
  },
  {
    asks: "That offboarding was a mistake: put it back as it stood.",
    async play({ world, call, asked }) {
      const leavers = [102, 110, 111].map((id) => world.people.get(id));
      const groupsOf = () =>
        leavers.map((one) =>
          [...world.groups.values()].filter(({ members }) => members.has(one?.id ?? 0)).map(({ id }) => id),
        );
      const rights = () => ({
        groups: groupsOf(),
        roles: leavers.map((one) => one?.role),
        manages: [...world.managerships.values()].filter(({ user_id }) => user_id === 102).length,
        powers: [...world.powerUsers.values()].filter(({ user_id }) => user_id === 102).length,
      });
      const before = rights();
      const planned = await call("offboard_people", { people: leavers.map((one) => one?.email) });
      await call("apply_plan", { plan: planIn(planned) });
      assert.notDeepEqual(rights(), before);
      const questions = asked.length;

      const undone = await heard("undo_change", { plan: planIn(planned) }, call);

      assert.deepEqual(
        rights(),
        before,
        "groups, role, what they manage and power-user rights are as before",
      );
      assert.equal(asked.length - questions, 1);
      assert.match(undone, /last day of access cannot/, "what SkyPrep clears for nobody is said");
    },
  },
];

/** The text of a call that may end in part. */
async function heard(name: string, args: Row, call: Desk["call"]): Promise<string> {
  try {
    return (await call(name, args)).text;
  } catch (error) {
    if (error instanceof TurnedDown) return error.message;
    throw error;
  }
}

describe("an administrator says", () => {
  for (const { asks, ...journey } of journeys) {
    it(asks, async () => {
      const cost = await played({ job: 0, asks, ...journey }, { strict: inject("strict") });

      const { calls = 12 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
    }, 60_000);
  }
});
