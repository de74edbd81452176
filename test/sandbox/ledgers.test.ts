import { describe, expect, test } from "vitest";
import { ask, newSandbox } from "./ask.ts";

describe("points", () => {
  test("Avery has 125, by `email` and by no other name", async () => {
    const { send } = newSandbox();

    const balance = await ask(send, "get_user_gamification_balance", { email: "avery@example.com" });

    expect(balance.json()).toEqual({ user_id: 101, email: "avery@example.com", gamification_balance: 125 });
    expect(
      (await ask(send, "get_user_gamification_balance", { user_email: "avery@example.com" })).status,
    ).toBe(422);
    expect((await ask(send, "get_user_gamification_balance", { email: "nobody" })).status).toBe(404);
  });

  test("a transaction adds or deducts, and every one counts", async () => {
    const { send } = newSandbox();
    const give = (amount: number) =>
      ask(send, "create_gamification_transaction", { user_id: 101, amount, description: "Quiz" });

    const first = await give(25);
    const second = await give(25);
    const third = await give(-200);

    expect(Object.keys(first.json())).toEqual(
      "model_type id user_id amount description balance unique_transaction_id created_at created_at_int updated_at updated_at_int".split(
        " ",
      ),
    );
    expect([first, second, third].map((reply) => reply.json().balance)).toEqual([150, 175, -25]);
    expect(first.json().unique_transaction_id).not.toBe(second.json().unique_transaction_id);
  });

  test("an amount that is no number is a 422, an unknown person a 404", async () => {
    const { send } = newSandbox();

    const words = await ask(send, "create_gamification_transaction", { user_id: 101, amount: "ten" });
    const nobody = await ask(send, "create_gamification_transaction", { user_id: 999999, amount: 1 });

    expect([words.status, nobody.status]).toEqual([422, 404]);
  });
});

describe("skills and competencies", () => {
  test("a skill shows how many hold it and what was given in all", async () => {
    const { send, world } = newSandbox();
    const rows = [...world.skillPoints.values()].filter((row) => row.skill_id === 1201);

    const skill = await ask(send, "get_skill", { skill_id: 1201 });

    expect(skill.json()).toMatchObject({
      display_name: "Communication",
      details: {
        users_with_balance_count: new Set(rows.map((row) => row.user_id)).size,
        total_points_awarded: rows.reduce((sum, row) => sum + row.amount, 0),
      },
    });
    const listed = (await ask(send, "get_skills")).json<object[]>();
    expect(Object.keys(listed[0] ?? {})).toEqual([
      "display_name",
      "name",
      "id",
      "description",
      "competency_count",
      "rubric",
    ]);
  });

  test("a competency lists the skills it needs, with level and points", async () => {
    const { send } = newSandbox();

    const one = (await ask(send, "get_competency", { competency_id: 1301 })).json<{
      skills: object[];
      details: { achievement_rate: string };
    }>();

    expect(Array.isArray(one.skills)).toBe(true);
    expect(Object.keys(one.skills[0] ?? {})).toEqual(
      expect.arrayContaining(["display_name", "points", "skill_level_id", "skill_level_title"]),
    );
    expect(one.details.achievement_rate).toMatch(/^\d+%$/);
    expect((await ask(send, "get_competencies")).json<object[]>()[0]).not.toHaveProperty("details");
  });

  test("points raise a balance, and enough of them achieve the competency", async () => {
    const { send, world } = newSandbox();
    const competency = world.competencies.get(1301);
    if (!competency) throw new Error("1301 is in the seed");
    world.skillPoints.clear();
    const level = { points: 100, skill_level_id: 2, skill_level_title: "Advanced" };
    competency.needs = [1201, 1202].map((skill_id) => ({ skill_id, ...level }));
    const own = async () =>
      (await ask(send, "get_user_skill_balances_and_competencies", { email: "avery@example.com" })).json<{
        skill_balances: Record<string, number>;
        competencies_achieved: string[];
      }>();

    const before = await own();
    for (const need of competency.needs) {
      const give = { user_id: 101, skill_id: need.skill_id };
      await ask(send, "create_skill_transaction", { ...give, amount: need.points - 1 });
      expect((await own()).competencies_achieved).not.toContain(competency.display_name);
      await ask(send, "create_skill_transaction", { ...give, amount: 1 });
    }
    const last = await ask(send, "create_skill_transaction", { user_id: 101, skill_id: 1202, amount: 7 });

    const after = await own();
    expect(before).toMatchObject({ skill_balances: {}, competencies_achieved: [] });
    expect(after.competencies_achieved).toContain(competency.display_name);
    expect(last.json()).toEqual(after.skill_balances);
    const details = (await ask(send, "get_competency", { competency_id: 1301 })).json().details;
    expect(details).toEqual({ users_achieved_count: 1, achievement_rate: "100%" });
  });
});
