import { z } from "zod";
import { one } from "./schema/answer.ts";
import { field, input, person, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { PointsBalance, PointsTransaction } from "./schema/records/points.ts";

export const gamification = {
  get_user_gamification_balance: {
    title: "Show a person's points",
    description: "How many points a person has. Skill points: get_user_skill_balances_and_competencies.",
    searchHint: "leaderboard points, rewards",
    effect: "read",
    person: { knows: "user_email", as: "email" },
    input: input({ ...person() }),
    output: one(PointsBalance),
  },
  create_gamification_transaction: {
    title: "Give or take points",
    description:
      "Give a person points; taking them (negative amount) asks first. Each call counts again: never repeat.",
    searchHint: "award points, badges, reward somebody, bonus",
    effect: "add",
    person: { knows: "user_id" },
    input: input({
      ...person(),
      amount: field(z.int().min(-1_000_000).max(1_000_000), "Points, negative to take", 25),
      description: text("Why; else empty", "Helped a colleague").optional(),
    }),
    about: ["person"],
    proof: {
      read: "get_user_gamification_balance",
      test: { rises: "gamification_balance", by: "amount" },
      totals: { of: "balance", field: "gamification_balance" },
    },
    undo: { with: "create_gamification_transaction", same: ["user_id", "user_email"], negative: "amount" },
    consequence: {
      kind: "removing",
      asks: "Take {=amount} from {person}?",
      tells: ["balance"],
      when: [{ argument: "amount", value: "negative" }],
    },
    output: one(PointsTransaction),
  },
} satisfies Section;
