import { achieved, skillBalances } from "../model/ledgers.ts";
import type { Competency, Skill } from "../model/office.ts";
import { find } from "../model/people.ts";
import { personNamed } from "../model/person-by-email.ts";
import type { World } from "../model/world.ts";
import type { Input, Route } from "../server/route.ts";
import { competencyView, skillView } from "../views/skill.ts";

const skillDetails = (skill: Skill, world: World) => ({
  users_with_balance_count: [...skillBalances(world).values()].filter((own) => (own.get(skill.id) ?? 0) > 0)
    .length,
  total_points_awarded: [...world.skillPoints.values()]
    .filter((row) => row.skill_id === skill.id)
    .reduce((sum, row) => sum + row.amount, 0),
});

/** The rate is of those who hold any points in the competency's skills. */
const competencyDetails = (competency: Competency, world: World) => {
  const holders = [...skillBalances(world).values()].filter((own) =>
    competency.needs.some((need) => (own.get(need.skill_id) ?? 0) > 0),
  );
  const count = holders.filter((own) => achieved(competency, own)).length;
  const rate = holders.length === 0 ? 0 : Math.round((100 * count) / holders.length);
  return { users_achieved_count: count, achievement_rate: `${rate}%` };
};

const balancesByName = (userId: number, world: World): Record<string, number> =>
  Object.fromEntries(
    [...(skillBalances(world).get(userId) ?? [])].map(([skillId, points]) => [
      find(world.skills, skillId, "Skill").name,
      points,
    ]),
  );

const achievedBy = (userId: number, world: World): string[] => {
  const own = skillBalances(world).get(userId) ?? new Map<number, number>();
  return [...world.competencies.values()]
    .filter((competency) => achieved(competency, own))
    .map((competency) => competency.display_name);
};

const award = (input: Input, world: World): number => {
  const skill = find(world.skills, input.id("skill_id"), "Skill");
  const person = find(world.people, input.id("user_id"), "User");
  const amount = input.number("amount");
  const id = world.next(world.skillPoints);
  world.skillPoints.set(id, {
    id,
    skill_id: skill.id,
    user_id: person.id,
    amount,
    created_at: world.now(),
  });
  return person.id;
};

export const skills = {
  get_skills: {
    page: [],
    answer: (_, world) => ({ json: [...world.skills.values()].map((skill) => skillView(skill, world)) }),
  },
  get_skill: {
    page: ["skill_id"],
    answer: (input, world) => {
      const skill = find(world.skills, input.id("skill_id"), "Skill");
      return { json: { ...skillView(skill, world), details: skillDetails(skill, world) } };
    },
  },
  get_user_skill_balances_and_competencies: {
    page: ["email"],
    answer: (input, world) => {
      const person = personNamed(input, world);
      return {
        json: {
          user_id: person.id,
          email: person.email,
          skill_balances: balancesByName(person.id, world),
          competencies_achieved: achievedBy(person.id, world),
        },
      };
    },
  },
  create_skill_transaction: {
    page: ["skill_id", "user_id", "amount"],
    answer: (input, world) => ({ json: balancesByName(award(input, world), world) }),
  },
  get_competencies: {
    page: [],
    answer: (_, world) => ({
      json: [...world.competencies.values()].map((competency) => competencyView(competency, world)),
    }),
  },
  get_competency: {
    page: ["competency_id"],
    answer: (input, world) => {
      const competency = find(world.competencies, input.id("competency_id"), "Competency");
      return {
        json: { ...competencyView(competency, world), details: competencyDetails(competency, world) },
      };
    },
  },
} satisfies Record<string, Route>;
