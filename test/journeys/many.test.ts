import assert from "node:assert/strict";
import { describe, expect, inject, it } from "vitest";
import { type Journey, played, type Row } from "./journey.ts";

const planIn = ({ structured }: { structured: Row | undefined }): string => String(structured?.plan);
const dayOf = (instant: number | null | undefined): string =>
  new Date(instant ?? 0).toISOString().slice(0, 10);

/** Issue 21, point 3: many at once, with one question. */
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
];

describe("an administrator says", () => {
  for (const { asks, ...journey } of journeys) {
    it(asks, async () => {
      const cost = await played({ job: 0, asks, ...journey }, { strict: inject("strict") });

      const { calls = 12 } = journey.within ?? {};
      expect(cost.calls).toBeLessThanOrEqual(calls);
    }, 60_000);
  }
});
