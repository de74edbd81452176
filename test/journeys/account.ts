import assert from "node:assert/strict";
import type { Desk, Journey } from "./journey.ts";

const day = 86_400_000;

/** Jobs about the account, its shop and its shelves. */
export const account: readonly Journey[] = [
  {
    job: 1,
    asks: "Which account is this, and does the connection work?",
    within: { calls: 1, api: 1 },
    async play({ call }) {
      const { text } = await call("test_connection");

      assert.match(text, /example\.skyprepapp\.com/);
    },
  },
  {
    job: 31,
    asks: "I sold a seat in CRM Fundamentals by phone: give me a key for it, and show this month's sales.",
    async play({ world, call, items, asked }) {
      const { text } = await call("get_course_otp", { course_id: 216 });
      const sold = await items("get_payments", { created_after_days_ago: 30, fields: ["id", "amount"] });

      const [key] = [...world.courseKeys.values()];
      assert.ok(key && text.includes(key.key), "the key that the academy made is shown");
      assert.equal(asked.length, 1, "a key is money: somebody was asked");
      const recent = [...world.payments.values()].filter((one) => one.created_at >= world.now() - 30 * day);
      assert.deepEqual(new Set(sold.map(({ id }) => id)), new Set(recent.map(({ id }) => id)));
    },
  },
  {
    job: 32,
    asks: "Put Time Management into the catalogue for Sales, then take Lean Basics out of it.",
    async play({ world, call }) {
      await call("add_course_or_learning_path_to_catalog", { course_ids: [239], user_group_ids: [301] });
      await call("remove_course_or_learning_path_from_catalog", { course_id: 232 });

      assert.deepEqual([...(world.catalog.get("course:239")?.user_group_ids ?? [])], [301]);
      assert.equal(world.catalog.has("course:232"), false);
    },
  },
  {
    job: 33,
    asks: "Give Avery 50 points for helping out.",
    async play({ world, call }) {
      const before = pointsOf(world, 101);
      await call("create_gamification_transaction", {
        user_email: "avery@example.com",
        amount: 50,
        description: "Helped out",
      });
      const { text } = await call("get_user_gamification_balance", { user_email: "avery@example.com" });

      assert.equal(pointsOf(world, 101), before + 50);
      assert.ok(text.includes(String(before + 50)), "as was asked");
    },
  },
  {
    job: 34,
    asks: "Which skills is Avery short of? Then give 30 points of Communication.",
    async play({ world, call }) {
      const skill = async () =>
        (await call("get_user_skill_balances_and_competencies", { user_email: "avery@example.com" })).text;
      assert.match(await skill(), /Customer Readiness/);
      const before = world.skillPoints.size;
      await call("create_skill_transaction", {
        user_email: "avery@example.com",
        skill_id: 1201,
        amount: 30,
      });

      assert.equal(world.skillPoints.size, before + 1);
    },
  },
  {
    job: 37,
    asks: "For tonight's sync: every training record that changed in the last week.",
    async play({ world, items }) {
      const since = new Date(world.now() - 7 * day).toISOString();
      const until = new Date(world.now()).toISOString();
      const rows = await items("get_course_progresses", {
        updated_at_greater_than: since,
        updated_at_less_than: until,
        fields: ["id"],
        limit: 100,
      });

      const changed = [...world.progress.values()].filter(
        ({ updated_at }) => updated_at > world.now() - 7 * day && updated_at < world.now(),
      );
      assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(changed.map(({ id }) => id)));
    },
  },
  {
    job: 38,
    asks: "Which courses are switched off, or have no category? Switch Benefits and Leave on again.",
    async play({ world, call, items }) {
      const rows = await items("get_courses", { fields: ["id", "active", "category"], limit: 100 });
      const off = rows.filter(({ active }) => active === false).map(({ id }) => id);
      const bare = rows.filter(({ category }) => !category).map(({ id }) => id);
      const all = [...world.courses.values()];
      assert.deepEqual(
        off,
        all.filter((one) => !one.active).map(({ id }) => id),
      );
      assert.deepEqual(
        bare,
        all.filter(({ category }) => category === null).map(({ id }) => id),
      );

      await call("update_course", { course_id: 238, active: true });
      assert.equal(world.courses.get(238)?.active, true);
    },
  },
  {
    job: 39,
    asks: "Which documents do we have, and which does Workplace Safety use?",
    async play({ world, call, items }) {
      const shelf = await items("get_materials", { fields: ["id", "name"], limit: 100 });
      const { structured } = await call("get_course", { course_id: 202 });

      assert.deepEqual(new Set(shelf.map(({ id }) => id)), new Set(world.materials.keys()));
      const used = world.courses.get(202)?.items.flatMap(({ article_id }) => article_id ?? []) ?? [];
      for (const id of used) assert.ok(JSON.stringify(structured).includes(String(id)), "as was asked");
    },
  },
];

const pointsOf = ({ points }: Desk["world"], id: number): number =>
  [...points.values()].reduce((sum, one) => (one.user_id === id ? sum + one.amount : sum), 0);
