import assert from "node:assert/strict";
import type { Journey } from "./journey.ts";

/** Jobs about classroom sessions and webinars. */
export const sessions: readonly Journey[] = [
  {
    job: 26,
    asks: "Schedule an onboarding workshop on 15 December from 9 to 12, ten seats.",
    async play({ world, call, items }) {
      const [training] = await items("get_ilts", { search: "onboarding" });
      const { text } = await call("create_ilt_timeslot", {
        instructor_led_training_id: training?.id,
        name: "Onboarding Workshop",
        commencement_time: "2026-12-15T09:00:00Z",
        end_time: "2026-12-15T12:00:00Z",
        capacity: 10,
      });

      // Whether SkyPrep takes the times is not known (skyprep-api §3.2): the reply shows what became of them.
      const made = [...world.timeslots.values()].at(-1);
      assert.equal(made?.training_id, 501);
      assert.equal(made?.capacity, 10);
      const took = made?.commencement_time === Date.parse("2026-12-15T09:00:00Z");
      assert.equal(/2026-12-15/.test(text), took);
    },
  },
  {
    job: 27,
    asks: "Register Avery and Nadia for the onboarding workshop on 1 December, and give me the roster.",
    within: { calls: 2 },
    async play({ world, call, items }) {
      const session = { session: "Onboarding Workshop", date: "2026-12-01" };
      await call("session_roster", { ...session, register: ["avery@example.com", "Nadia Clarke"] });
      const roster = await items("session_roster", session);

      const registered = [...world.registrations.values()].filter(({ timeslot_id }) => timeslot_id === 511);
      for (const person of [101, 120])
        assert.ok(
          registered.some(({ user_id }) => user_id === person),
          "as was asked",
        );
      assert.equal(roster.length, registered.length);
    },
  },
  {
    job: 28,
    asks: "Everybody but one came to the manager workshop of 18 November: mark it.",
    within: { calls: 2, api: 50 },
    async play({ world, call, items }) {
      const open = (await items("session_roster", { session: "514" })).filter(
        ({ status }) => status === "pending",
      );
      const [away, ...came] = open.map(({ login }) => String(login));
      await call("session_roster", { session: "514", attended: came, absent: [away] });

      const marks = [...world.registrations.values()]
        .filter(({ timeslot_id }) => timeslot_id === 514)
        .map(({ status }) => status);
      assert.equal(marks.filter((status) => status === "attended").length, marks.length - 1);
      assert.equal(marks.filter((status) => status === "absent").length, 1);
    },
  },
];
