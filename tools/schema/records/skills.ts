import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, Id, idOrNull, listOf, number, texts, words } from "../values.ts";

const skill = {
  id: Id,
  name: words,
  display_name: words,
  description: words,
  competency_count: amount,
  rubric: listOf(z.object({ title: words, skill_points: amount })),
};
export const Skill = kind(
  "skill",
  "skills",
  {
    ...skill,
    details: z
      .object({ users_with_balance_count: amount, total_points_awarded: amount })
      .nullish()
      .catch(undefined),
  },
  ["id", "display_name", "description", "competency_count"],
);
const needed = { ...skill, points: amount, skill_level_id: idOrNull, skill_level_title: words };
const NeededSkill = kind("skill", "skills", needed, ["id", "display_name", "points", "skill_level_title"]);
export const Competency = kind(
  "competency",
  "competencies",
  {
    id: Id,
    name: words,
    display_name: words,
    description: words,
    skills: listOf(z.object(needed)),
    details: z.object({ users_achieved_count: amount, achievement_rate: words }).nullish().catch(undefined),
  },
  ["id", "display_name", "description"],
  { nested: { skills: NeededSkill } },
);
export const SkillBalances = kind(
  "skill balances",
  "skill balances",
  {
    user_id: Id,
    email: words,
    skill_balances: z.record(z.string(), number).nullish().catch(undefined),
    competencies_achieved: texts,
  },
  ["user_id", "email"],
);
