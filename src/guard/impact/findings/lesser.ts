import type { Subject } from "../../../../tools/schema/consequence.ts";
import type { Args } from "../../../academy/reads.ts";
import { count } from "../../../text/english.ts";
import { dayInWords, momentInWords, writtenIn } from "../../../text/zone.ts";
import type { Naming, Seen } from "../subjects.ts";
import type { Find } from "./finding.ts";

const dayArguments = [
  "access_end_date",
  "password_expiration_date",
  "course_enrollment_expiration_date",
  "user_group_enrollment_expiration_date",
];

/** What an end means, and when. */
export const ends: Find = async ({ args, now, naming }) => {
  const days = dayArguments.map((name) => args[name]).filter((day) => typeof day === "string");
  const isMember =
    args.course_enrollment_expiration_date !== undefined ||
    args.user_group_enrollment_expiration_date !== undefined;
  const what = isMember ? "it ends" : "this takes effect";
  const said = days.flatMap((day) => nearness(day.slice(0, 10), now, naming.zone, what) ?? []);
  const first = [...new Set(said)].slice(0, 1);
  const facts = isMember
    ? ["If it exists already, its end changes to that day; its current end cannot be read."]
    : [];
  return { first, facts };
};

const halfADay = 12 * 3_600_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** What a day means that is over, today, or one of the two for all that is known of the academy's clock. */
function nearness(day: string, now: number, zone: string | undefined, what: string): string | undefined {
  const today = zone === undefined ? undefined : writtenIn(zone, now).slice(0, 10);
  // Somewhere on earth it is this day already, or still.
  const [first, last] = [today ?? dayOf(now - halfADay), today ?? dayOf(now + halfADay + 7_200_000)];
  if (day < first) return `That day is over, so ${what} at once.`;
  if (day > last) return undefined;
  if (first === last) return "That day is today.";
  const where = "where the academy is; its time zone could not be read";
  if (day === last) return `That day is today or tomorrow ${where}.`;
  if (day === first) return `That day is today or yesterday ${where}.`;
  return `That day is today, yesterday or tomorrow ${where}.`;
}

interface Span {
  readonly of: Subject;
  readonly begins: string;
  readonly ends: string;
  /** Where it would end before it begins. */
  readonly wrong: string;
  /** What stays, and is worth a line: a session that is moved keeps its end. */
  readonly stays?: string;
}
const spans: readonly Span[] = [
  {
    of: "person",
    begins: "access_start_date",
    ends: "access_end_date",
    wrong: "Their access would end before it begins, so they could not sign in at all",
  },
  {
    of: "timeslot",
    begins: "commencement_time",
    ends: "end_time",
    wrong: "It would end before it begins",
    stays: "It still ends on",
  },
];

/** What a new beginning or end means beside the other, which stays. */
export function spanOf(
  args: Args,
  seen: Readonly<Partial<Record<Subject, Seen>>>,
  { zone }: Naming,
): { readonly first: readonly string[]; readonly facts: readonly string[] } {
  const first: string[] = [];
  const facts: string[] = [];
  for (const { of, begins, ends, wrong, stays } of spans) {
    if (args[begins] === undefined && args[ends] === undefined) continue;
    const row = seen[of]?.row;
    const [from, to] = [args[begins] ?? row?.[begins], args[ends] ?? row?.[ends]].map((one) =>
      typeof one === "string" ? one : "",
    ) as [string, string];
    const kept = args[begins] === undefined ? "begins" : args[ends] === undefined ? "ends" : undefined;
    const other = kept === "begins" ? from : to;
    const words = momentInWords(other, zone) ?? dayInWords(other);
    if (isBefore(to, from)) {
      const stands = kept === undefined || words === undefined ? "" : `: it still ${kept} on ${words}`;
      first.push(`${wrong}${stands}.`);
    } else if (kept === "ends" && words !== undefined && stays) facts.push(`${stays} ${words}.`);
  }
  return { first, facts };
}

/** Days by their day; a moment with an offset and one without cannot be compared. */
function isBefore(end: string, begin: string): boolean {
  if (end === "" || begin === "") return false;
  if (![end, begin].every((one) => one.includes("T"))) return end.slice(0, 10) < begin.slice(0, 10);
  const hasOffset = (one: string) => /(Z|[+-]\d\d:?\d\d)$/.test(one);
  return hasOffset(end) === hasOffset(begin) && Date.parse(end) <= Date.parse(begin);
}

/** Points as they are, and as they would be. */
export const balance: Find = async ({ args, look, seen }) => {
  const login = seen.person?.person?.login;
  const amount = Number(args.amount);
  if (login === undefined || !Number.isFinite(amount)) return {};
  let has: unknown;
  if (typeof args.skill_id === "number") {
    const { name } = seen.skill?.row ?? (await look.one("get_skill", { skill_id: args.skill_id }));
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
