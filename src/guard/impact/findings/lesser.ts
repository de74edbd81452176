import { count } from "../../../text/english.ts";
import { isOver } from "../../policy/consequence.ts";
import type { Find } from "./finding.ts";

const dayArguments = [
  "access_end_date",
  "password_expiration_date",
  "course_enrollment_expiration_date",
  "user_group_enrollment_expiration_date",
];

/** What an end means, and when. */
export const ends: Find = async ({ args, now }) => {
  const days = dayArguments.map((name) => args[name]).filter((day) => typeof day === "string");
  const over = days.some((day) => isOver(day, now));
  const isMember =
    args.course_enrollment_expiration_date !== undefined ||
    args.user_group_enrollment_expiration_date !== undefined;
  const what = isMember ? "it ends" : "this takes effect";
  const first = over ? [`That day is today or in the past, so ${what} at once.`] : [];
  const facts = isMember
    ? ["If it exists already, its end changes to that day; its current end cannot be read."]
    : [];
  return { first, facts };
};

/** Points as they are, and as they would be. */
export const balance: Find = async ({ args, look, seen }) => {
  const login = seen.person?.person?.login;
  const amount = Number(args.amount);
  if (login === undefined || !Number.isFinite(amount)) return {};
  let has: unknown;
  if (typeof args.skill_id === "number") {
    const { name } = await look.one("get_skill", { skill_id: args.skill_id });
    const { skill_balances } = await look.one("get_user_skill_balances_and_competencies", { email: login });
    has =
      typeof skill_balances === "object"
        ? (skill_balances as Record<string, unknown> | null)?.[String(name)]
        : 0;
  } else {
    ({ gamification_balance: has } = await look.one("get_user_gamification_balance", { email: login }));
  }
  const points = Number(has ?? Number.NaN);
  return Number.isFinite(points)
    ? { facts: [`They have ${count(points, "point")} now and would have ${points + amount}.`] }
    : { facts: ["How many points they have could not be read."] };
};
