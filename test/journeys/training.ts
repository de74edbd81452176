import assert from "node:assert/strict";
import type { Journey } from "./journey.ts";

/** Jobs about how people stand in their training. */
export const training: readonly Journey[] = [
  {
    job: 13,
    asks: "Avery's Workplace Safety has to be taken again.",
    async play({ world, call, items, asked }) {
      const [row] = await items("get_course_progresses", {
        user_email: "avery@example.com",
        course_id: 202,
        fields: ["id", "status"],
      });
      await call("update_course_progress", { course_progress_id: row?.id, set_status: "not-started" });

      assert.equal(world.progress.get(Number(row?.id))?.status, "not-started");
      assert.equal(asked.length, 1, "a result goes: somebody was asked");
    },
  },
  {
    job: 16,
    asks: "Avery's transcript, please.",
    async play({ world, items }) {
      const rows = await items("get_course_progresses", { user_email: "avery@example.com", limit: 100 });

      assert.equal(rows.length, world.progress.of(101).length);
      assert.doesNotMatch(JSON.stringify(rows), /view_key|public_certificate/);
    },
  },
  {
    job: 17,
    asks: "Who passed or failed Workplace Safety since October?",
    async play({ world, items }) {
      const since = "2026-10-01T00:00:00Z";
      const rows = await items("get_course_progresses", {
        course_id: 202,
        status: ["passed", "failed"],
        updated_at_greater_than: since,
        fields: ["id"],
        limit: 200,
      });

      const expected = [...world.progress.values()].filter(
        ({ course_id, status, updated_at }) =>
          course_id === 202 && ["passed", "failed"].includes(status) && updated_at > Date.parse(since),
      );
      assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(expected.map(({ id }) => id)));
    },
  },
];
