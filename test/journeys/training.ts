import assert from "node:assert/strict";
import type { Desk, Journey } from "./journey.ts";

const day = 86_400_000;

/** Jobs about how people stand in their training. */
export const training: readonly Journey[] = [
  {
    job: 9,
    asks: "How does Avery stand?",
    within: { calls: 1 },
    async play({ world, call }) {
      const { structured } = await call("training_status", { person: "avery@example.com" });

      assert.equal(structured?.records, world.progress.of(101).length);
    },
  },
  {
    job: 10,
    asks: "Who is overdue in the Sales Team?",
    of: "20,000 people, 60,000 records",
    people: 20_000,
    // Two answers: what is known at once, and all of it once it was read; a slow disk may make it one more.
    within: { calls: 4, api: 300, tokens: 4_000 },
    async play({ world, call, wait }) {
      const ask = () => call("training_status", { group: "Sales Team", show: "overdue" });
      let { structured } = await ask();
      for (let asks = 1; structured?.reading !== undefined && asks < 4; asks++) {
        await wait((structured.reading as { ask_again_in_seconds: number }).ask_again_in_seconds);
        structured = (await ask()).structured;
      }

      assert.equal(structured?.reading, undefined, "all is read");
      assert.equal(structured?.overdue, late(world, world.groups.get(301)?.members ?? new Set()).length);
    },
  },
  {
    job: 11,
    asks: "What falls due in the Sales Team within a fortnight?",
    within: { calls: 1 },
    async play({ world, call }) {
      const { structured } = await call("training_status", { group: "Sales Team", days: 14, show: "due" });

      const members = world.groups.get(301)?.members ?? new Set();
      // To the end of the day, where the academy is.
      const until = world.now() + (14 + 17 / 24) * day;
      const due = [...world.progress.values()].filter(
        (row) => members.has(row.user_id) && isOpen(row) && within(row.deadline_date, world.now(), until),
      );
      assert.equal(structured?.due, due.length);
    },
  },
  {
    job: 12,
    asks: "Whose Workplace Safety certificate runs out within two months?",
    within: { calls: 1 },
    async play({ world, call }) {
      const asked = { course: "Workplace Safety Basics", show: "expiring", days: 60 };
      const { structured } = await call("training_status", asked);

      const expiring = [...world.progress.values()].filter(
        (row) =>
          row.course_id === 202 &&
          row.status === "passed" &&
          within(row.expiration_date, world.now(), world.now() + 60 * day),
      );
      assert.equal(structured?.expiring, expiring.length);
    },
  },
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
    job: 14,
    asks: "What share of Workplace Safety is done, everywhere?",
    within: { calls: 1 },
    async play({ world, call }) {
      const { structured } = await call("training_status", { course: "SAFE-101" });

      const rows = [...world.progress.values()].filter(
        ({ course_id, status }) => course_id === 202 && !["not-applicable", "archived"].includes(status),
      );
      const passed = rows.filter(({ status }) => status === "passed").length;
      assert.equal(structured?.completion_rate, Math.round((passed / rows.length) * 1000) / 1000);
    },
  },
  {
    job: 15,
    asks: "The compliance report as a file for the auditor; how many failed?",
    within: { calls: 2 },
    async play({ world, call, read }) {
      const { structured } = await call("export_report", { report: "all_courses" });
      const counted = await call("export_report", {
        report: "all_courses",
        where: { status: "failed" },
        group_by: ["status"],
      });

      const { uri } = (structured?.export ?? {}) as { uri?: string };
      assert.match(await read(uri ?? ""), /user_id,user_email,course_id/);
      const failed = [...world.progress.values()].filter(({ status }) => status === "failed").length;
      assert.deepEqual(counted.structured?.rows, [["failed", String(failed)]]);
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

type Progress = ReturnType<Desk["world"]["progress"]["of"]>[number];

const isOpen = ({ status }: Progress): boolean => ["not-started", "in-progress", "failed"].includes(status);
const within = (at: number | null, from: number, until: number): boolean =>
  at !== null && at >= from && at <= until;
const late = ({ progress, now }: Desk["world"], people: ReadonlySet<number>): Progress[] =>
  [...progress.values()].filter(
    (row) =>
      people.has(row.user_id) && isOpen(row) && row.deadline_date !== null && row.deadline_date < now(),
  );
