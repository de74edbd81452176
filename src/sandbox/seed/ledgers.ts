import { day } from "../model/calendar.ts";
import type { Competency, Points, Skill, SkillPoints } from "../model/office.ts";
import type { Tables } from "../model/tables.ts";
import { byId } from "./by-id.ts";
import { createRandom } from "./random.ts";

const rubric = () => [
  { title: "Beginner", skill_points: 25 },
  { title: "Advanced", skill_points: 100 },
];

const skill = (id: number, display_name: string, description: string): Skill => ({
  id,
  name: display_name.toLowerCase().replaceAll(" ", "-"),
  display_name,
  description,
  rubric: rubric(),
});

const skills = () => [
  skill(1201, "Communication", "Communicates clearly with customers and teammates."),
  skill(1202, "Safety", "Safety knowledge and procedures."),
  skill(1203, "Leadership", "Leads people and gives them direction."),
  skill(1204, "Data Protection", "Handles personal data with care."),
];

const advanced = (skill_id: number) => ({
  skill_id,
  points: 100,
  skill_level_id: 2,
  skill_level_title: "Advanced",
});

const competency = (id: number, display_name: string, description: string, needs: number[]): Competency => ({
  id,
  name: display_name.toLowerCase().replaceAll(" ", "-"),
  display_name,
  description,
  needs: needs.map(advanced),
});

const competencies = () => [
  competency(1301, "Customer Readiness", "Learner is ready to work with customers.", [1201]),
  competency(1302, "Safety Certified", "Completed required safety skills.", [1202]),
  competency(1303, "Team Leader", "Leads a team and speaks for it.", [1201, 1203]),
];

/** Person, amount, reason; the first two make Avery's 125. */
function pointLines(): [number, number, string][] {
  const lines: [number, number, string][] = [
    [101, 100, "Completed Workplace Safety Basics"],
    [101, 25, "Manual adjustment"],
  ];
  for (let person = 102; person <= 180; person += 2) {
    const random = createRandom(person + 7_000_000);
    lines.push([person, random.between(1, 8) * 25, "Completed a course"]);
    if (random.chance(0.2)) lines.push([person, -25, "Redeemed in the gift shop"]);
  }
  return lines;
}

/** Avery's 120 and 80 are the page's. */
function skillLines(): [number, number, number][] {
  const lines: [number, number, number][] = [
    [1201, 101, 100],
    [1201, 101, 20],
    [1202, 101, 80],
  ];
  for (let person = 102; person <= 160; person += 3) {
    const random = createRandom(person + 9_000_000);
    lines.push([random.between(1201, 1204), person, random.between(1, 5) * 25]);
    lines.push([random.between(1201, 1204), person, random.between(1, 3) * 25]);
  }
  return lines;
}

type Ledgers = Pick<Tables, "points" | "skills" | "skillPoints" | "competencies">;

export function seedLedgers(now: number, has: (person: number) => boolean): Ledgers {
  const since = (n: number) => now - (120 - n) * day;
  const points = pointLines()
    .filter(([person]) => has(person))
    .map(([user_id, amount, description], n): Points => {
      const id = 1101 + n;
      return { id, user_id, amount, description, unique_transaction_id: `txn_${id}`, created_at: since(n) };
    });
  const skillPoints = skillLines()
    .filter(([, person]) => has(person))
    .map(
      ([skill_id, user_id, amount], n): SkillPoints => ({
        id: 1 + n,
        skill_id,
        user_id,
        amount,
        created_at: since(n),
      }),
    );
  return {
    points: byId(points),
    skills: byId(skills()),
    skillPoints: byId(skillPoints),
    competencies: byId(competencies()),
  };
}
