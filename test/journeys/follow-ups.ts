import assert from "node:assert/strict";
import type { Desk, Journey } from "./journey.ts";

const day = 86_400_000;
type World = Desk["world"];

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
  ...[undefined, 5_000, 20_000].map(
    (people): Journey => ({
      job: 3,
      asks: "Write to each manager about who of their people is overdue.",
      ...(people !== undefined && { people, of: `${people} people` }),
      within: {
        calls: people === undefined ? 1 : 4,
        api: people === undefined ? 160 : people * 0.45,
        tokens: 1_800,
      },
      async play({ world, call, wait, refused }) {
        // Of very many the first answer says when all is read.
        for (let asks = 1; people !== undefined && asks < 3; asks++) {
          const { text } = await refused("chase", { language: "en" }).catch(() => ({ text: "" }));
          const [, n = "", unit = ""] = /ask again in (\d+) (second|minute)/.exec(text) ?? [];
          if (n === "") break;
          await wait(Number(n) * (unit === "minute" ? 60 : 1));
        }
        const { structured } = await call("chase", { language: "en" });

        const wanted = overdueByManager(world);
        assert.equal(structured?.total, wanted.size);
        const rows = structured?.items as { login: string; overdue: number }[];
        for (const { login, overdue } of rows) assert.equal(overdue, wanted.get(login), login);
      },
    }),
  ),
  {
    job: 4,
    asks: "Everybody whose certificate runs out this year is to be certified anew.",
    within: { calls: 2, api: 300, tokens: 1_500 },
    async play({ world, call, asked }) {
      const before = [...world.progress.values()].map((row) => ({ ...row }));
      const { structured } = await call("recertify", { by: "2026-12-31", reset: true });
      const { isError, text } = await call("apply_plan", { plan: structured?.plan });

      assert.equal(isError, false, text);
      assert.equal(asked.length, 1, "results go: somebody was asked");
      const changed = before.filter(({ id, status }) => world.progress.get(id)?.status !== status);
      assert.ok(changed.every(({ status }) => status === "passed"));
      assert.equal(changed.length, Number(structured?.to_enroll) + Number(structured?.to_reset));
    },
  },
];

/** Of people and managers who can sign in, by the manager's login: how much is overdue. */
function overdueByManager({ people, progress, groups, managerships, now }: World): Map<string, number> {
  const here = (id: number) => {
    const one = people.get(id);
    return one?.login_status !== "disabled" && !((one?.access_end_date ?? Infinity) <= now());
  };
  const late = [...progress.values()].filter(
    ({ status, deadline_date: at, user_id }) =>
      ["not-started", "in-progress", "failed"].includes(status) && at !== null && at < now() && here(user_id),
  );
  const of = new Map<number, Set<number>>();
  for (const { user_id, user_group_id } of managerships.values()) {
    if (!here(user_id)) continue;
    const own = of.get(user_id) ?? new Set<number>();
    for (const one of groups.get(user_group_id)?.members ?? []) if (one !== user_id) own.add(one);
    of.set(user_id, own);
  }
  const all = new Map<string, number>();
  for (const [manager, members] of of) {
    const n = late.filter(({ user_id }) => members.has(user_id)).length;
    if (n > 0) all.set(people.get(manager)?.email ?? "", n);
  }
  return all;
}
