import type { Competency, Skill } from "../model/office.ts";
import { find } from "../model/people.ts";
import type { World } from "../model/world.ts";

export const skillView = (skill: Skill, world: World): Record<string, unknown> => ({
  display_name: skill.display_name,
  name: skill.name,
  id: skill.id,
  description: skill.description,
  competency_count: [...world.competencies.values()].filter((one) =>
    one.needs.some((need) => need.skill_id === skill.id),
  ).length,
  rubric: skill.rubric.map(({ title, skill_points }) => ({ title, skill_points })),
});

/** The page shows one skill object here; the name is plural and a competency may need several. */
export const competencyView = (competency: Competency, world: World): Record<string, unknown> => ({
  display_name: competency.display_name,
  name: competency.name,
  id: competency.id,
  description: competency.description,
  nexus_collection_ids_to_assign_as_expert: [],
  image_url: null,
  skills: competency.needs.map((need) => ({
    ...skillView(find(world.skills, need.skill_id, "Skill"), world),
    points: need.points,
    skill_level_id: need.skill_level_id,
    skill_level_title: need.skill_level_title,
  })),
});
