import { z } from "zod";
import { many, one } from "./schema/answer.ts";
import { field, id, input, person } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Competency, Skill, SkillBalances } from "./schema/records/skills.ts";

export const skills = {
  get_skills: {
    title: "List skills",
    description: "All skills with their levels; not who has them.",
    effect: "read",
    input: input({}),
    output: many(Skill),
  },
  get_skill: {
    title: "Show a skill",
    description: "One skill: its levels, how many people have points, how many were given.",
    effect: "read",
    input: input({ skill_id: id("From get_skills", 1201) }),
    output: one(Skill),
  },
  get_user_skill_balances_and_competencies: {
    title: "Show a person's skills",
    description: "A person's points in every skill, and the competencies achieved.",
    searchHint: "what skills does somebody have, competency profile",
    effect: "read",
    person: { knows: "user_email", as: "email" },
    input: input({ ...person() }),
    output: one(SkillBalances),
  },
  create_skill_transaction: {
    title: "Give or take skill points",
    description:
      "Give a person points in a skill; taking them (negative amount) asks first. Each call counts again: never repeat.",
    searchHint: "award skill points",
    effect: "add",
    person: { knows: "user_id" },
    input: input({
      skill_id: id("From get_skills", 1201),
      ...person(),
      amount: field(z.int().min(-1_000_000).max(1_000_000), "Points, negative to take", 25),
    }),
    about: ["person", "skill"],
    proof: {
      read: "get_user_skill_balances_and_competencies",
      test: { rises: "skill_balances", by: "amount" },
      totals: { field: "skill_balances" },
    },
    undo: {
      with: "create_skill_transaction",
      same: ["user_id", "user_email", "skill_id"],
      negative: "amount",
    },
    consequence: {
      kind: "removing",
      asks: "Take {=amount} in {skill} from {person}?",
      tells: ["balance"],
      loses: "Competencies that depend on these points may be lost with them.",
      when: [{ argument: "amount", value: "negative" }],
    },
    output: { as: "balances", name: "skill balances" },
  },
  get_competencies: {
    title: "List competencies",
    description: "All competencies. The skills one needs: get_competency.",
    effect: "read",
    input: input({}),
    output: many(Competency),
  },
  get_competency: {
    title: "Show a competency",
    description: "One competency: the skills it needs, how many people achieved it.",
    effect: "read",
    input: input({ competency_id: id("From get_competencies", 1301) }),
    output: one(Competency),
  },
} satisfies Section;
