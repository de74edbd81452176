import assert from "node:assert/strict";
import type { Journey } from "./journey.ts";

const day = 86_400_000;

/** What costs an administrator's morning: sessions of yesterday, certificates that run out, whom to chase. */
export const followUps: readonly Journey[] = [
  {
    job: 1,
    asks: "Everybody but one came last Wednesday: mark it, and put whoever missed it into the next session.",
    within: { calls: 4, api: 60, tokens: 1_500 },
    async play({ world, call, asked }) {
      const of = (slot: number) =>
        [...world.registrations.values()].filter(({ timeslot_id }) => timeslot_id === slot);
      const [away] = of(514).filter(({ status }) => status === "pending");
      const person = world.people.get(away?.user_id ?? 0);
      const before = of(512).length;

      const overview = await call("account_overview");
      assert.match(overview.text, /attendance of session 514 is not marked for 3 of 6/);
      await call("session_roster", {
        session: "514",
        attended: ["everybody else"],
        absent: [`${person?.first_name} ${person?.last_name}`],
      });
      const { structured } = await call("session_roster", { session: "514", no_shows_to: "next" });
      await call("apply_plan", { plan: structured?.plan });

      assert.deepEqual(
        of(514).map(({ user_id, status }) => [user_id, status]),
        of(514).map(({ user_id }) => [user_id, user_id === person?.id ? "absent" : "attended"]),
      );
      assert.equal(of(512).length, before + 1);
      assert.ok(of(512).some(({ user_id }) => user_id === person?.id));
      assert.equal(asked.length, 0, "pending is no result: nothing is overwritten");
    },
  },
  {
    job: 2,
    asks: "Which attendance was never marked, however long ago?",
    within: { calls: 1, api: 80, tokens: 1_500 },
    given(world) {
      const model = world.timeslots.get(514);
      for (let n = 0; model && n < 60; n++) {
        const end_time = world.now() - (30 + n * 20) * day;
        world.timeslots.set(1_000 + n, {
          ...model,
          id: 1_000 + n,
          commencement_time: end_time - day / 12,
          end_time,
        });
        const row = { id: 90_000 + n, timeslot_id: 1_000 + n, user_id: 101, course_progress_id: null };
        world.registrations.set(row.id, {
          ...row,
          status: n % 4 === 0 ? "pending" : "attended",
          created_at: end_time,
          updated_at: end_time,
        });
      }
    },
    async play({ call }) {
      const { structured, text } = await call("session_roster", { session: "unmarked" });

      assert.equal(structured?.total, 16);
      assert.equal(structured?.looked_at, 62);
      assert.match(text, /back to 2023-/);
    },
  },
];
