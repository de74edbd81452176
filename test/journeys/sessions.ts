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

      // Whether SkyPrep takes the times is not known (facts.md §3.2): the reply shows what became of them.
      const made = [...world.timeslots.values()].at(-1);
      assert.equal(made?.training_id, 501);
      assert.equal(made?.capacity, 10);
      const took = made?.commencement_time === Date.parse("2026-12-15T09:00:00Z");
      assert.equal(/2026-12-15T/.test(text), took);
    },
  },
];
