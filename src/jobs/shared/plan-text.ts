import type { Test } from "../../../tools/schema/proof.ts";
import { identityInWords } from "../../academy/identity.ts";
import { rowList } from "../../tables/people.ts";
import { and, andMore, capital, count, isTame, reading } from "../../text/english.ts";
import { dayInWords } from "../../text/zone.ts";
import type { JobWorld } from "../job.ts";
import { peopleCalled, personCalled, targetsCalled } from "./called.ts";
import { countOf, type Mark, type Plan, type PlanState, type StepsTold } from "./plan.ts";
import { stepsOf } from "./plan-batches.ts";

/** SkyPrep's limit (skyprep-api §3.1). */
const callsAMinute = 100;

/** What comes next, where a plan was made. */
export const doItWith = (name: string): string => `Do it within a day: apply_plan with plan ${name}.`;

/** What the open steps cost: each call, and the reads that keep what was before and look at what came of it. */
export interface Cost {
  readonly calls: number;
  readonly minutes: number;
  readonly mailed: number;
}

export function costOf(plan: Plan, state: PlanState, records: JobWorld["records"]): Cost {
  const calls = stepsOf(plan, state).reduce((sum, { tool, people = [] }) => {
    const operation = records.get(tool)?.operation;
    if (operation === undefined || operation.effect === "read") return sum + 1;
    // Whom it is for is read again, and serves as what was before where that is a person.
    const who = people.length > 0 && !operation.keeps?.includes("get_user") ? 1 : 0;
    const before = ((operation.keeps?.length ?? 0) > 0 ? 1 : 0) + who;
    const after = operation.output.as === "done" ? readsAfter(operation.proof.test) : 0;
    return sum + 1 + before + after;
  }, 0);
  const loud = plan.units.flatMap(({ do: what, p }, unit) =>
    state.marks[unit] === "." &&
    (what === "enroll" || what === "create" || what === "register") &&
    !plan.people[p]?.quiet
      ? [p]
      : [],
  );
  return { calls, minutes: Math.ceil(calls / callsAMinute), mailed: new Set(loud).size };
}

/** One look; of a list of people, a few are looked at. */
const readsAfter = (test: Test | undefined): number => (test === undefined ? 0 : "enrolls" in test ? 3 : 1);

export const costInWords = ({ calls, minutes, mailed }: Cost): string =>
  `About ${count(calls, "request", "requests")} to SkyPrep, ${minutes <= 1 ? "under a minute" : `${count(minutes, "minute")} or more`}; ${reading(mailed, { none: "no emails are expected", one: "1 person may be emailed", many: (n) => `up to ${n} people may be emailed` })}.`;

/** “300 enrollments of 150 people in 2 courses and 1 group”: numbers and kinds only. */
export function openInWords(plan: Plan, state: PlanState): string[] {
  if (plan.told) {
    const { verb, one, many, tail } = plan.told;
    return [`${verb} ${count(openLines(plan.told, state).length, one, many)}${tail}`];
  }
  const open = plan.units.filter((_, unit) => state.marks[unit] === ".");
  const of = (what: string) => open.filter((unit) => unit.do === what);
  const [registers, resets] = [of("register"), of("reset")];
  const own = of("leave").filter(({ args }) => args?.access_end_date !== undefined).length;
  const when = `${plan.day ?? "today"}${own > 0 ? `, ${own} of them on a last day of their own` : ""}`;
  const enrolls = of("enroll");
  const people = new Set(enrolls.map(({ p }) => p)).size;
  const kinds = (["course", "group", "learning path"] as const).flatMap((kind) => {
    const n = new Set(enrolls.flatMap(({ t }) => (plan.targets[t ?? -1]?.kind === kind ? [t] : []))).size;
    return n > 0 ? [count(n, kind, `${kind}s`)] : [];
  });
  return [
    ...(of("create").length > 0 ? [`create ${count(of("create").length, "person", "people")}`] : []),
    ...(of("change").length > 0 ? [`change ${count(of("change").length, "person", "people")}`] : []),
    ...(enrolls.length > 0
      ? [
          `${count(enrolls.length, "enrollment", "enrollments")} of ${count(people, "person", "people")} in ${and(kinds)}`,
        ]
      : []),
    ...(resets.length > 0
      ? [
          reading(resets.length, {
            one: "reset 1 record that still counts",
            many: (n) => `reset ${n} records that still count`,
          }),
        ]
      : []),
    ...(registers.length > 0
      ? [`register ${count(registers.length, "person", "people")} for ${targetsIn(plan, registers)}`]
      : []),
    ...(of("leave").length > 0
      ? [`end the access of ${count(of("leave").length, "person", "people")} (${when})`]
      : []),
  ];
}

/** “Enroll 899 people of the group “Sales Team” (301) in the course “Phishing” (207)?”: up to three by name. */
export function askInWords(plan: Plan, state: PlanState): string {
  if (plan.told) return stepsAsked(plan.told, state);
  const open = plan.units.filter((_, unit) => state.marks[unit] === ".");
  const of = (what: string) => open.filter((unit) => unit.do === what);
  const whom = (units: typeof open) =>
    peopleCalled([...new Set(units.map(({ p }) => p))].flatMap((p) => plan.people[p] ?? []));
  const [creates, changes, enrolls, leaves] = [of("create"), of("change"), of("enroll"), of("leave")];
  const [registers, resets] = [of("register"), of("reset")];
  const from = plan.of === undefined ? "" : ` from ${targetsCalled([plan.of])}`;
  const until = plan.kind === "enrollment" && plan.day ? ` until ${dayInWords(plan.day)}` : "";
  const own = leaves.filter(({ args }) => args?.access_end_date !== undefined).length;
  const when = plan.day === undefined ? "" : ` on ${dayInWords(plan.day)}`;
  const days =
    own === 0
      ? when
      : own === leaves.length
        ? ", each on a last day of their own"
        : `${when}, ${own} of them on a last day of their own`;
  const asks = and([
    ...(creates.length > 0 ? [`create ${whom(creates)}`] : []),
    ...(changes.length > 0 ? [`change ${whom(changes)}`] : []),
    ...(enrolls.length > 0 ? [`enroll ${whom(enrolls)}${from} in ${targetsIn(plan, enrolls)}${until}`] : []),
    ...(resets.length > 0
      ? [`reset the passed training of ${whom(resets)} in ${targetsIn(plan, resets)} to not started`]
      : []),
    ...(registers.length > 0 ? [`register ${whom(registers)} for ${targetsIn(plan, registers)}`] : []),
    ...(leaves.length > 0 ? [`end the access of ${whom(leaves)}${days}`] : []),
  ]);
  return `${capital(asks)}?`;
}

const targetsIn = ({ targets }: Plan, some: Plan["units"]): string =>
  targetsCalled([...new Set(some.map(({ t }) => t))].flatMap((t) => targets[t ?? -1] ?? []));

/** What is lost, or made, by the open steps. */
export function effectInWords(plan: Plan, state: PlanState): string {
  if (plan.told?.facts[0] !== undefined) return plan.told.facts[0];
  const open = plan.units.filter((_, unit) => state.marks[unit] === ".");
  const n = (what: string) => open.filter((unit) => unit.do === what).length;
  const [enrolls, leaves, resets, registers] = [n("enroll"), n("leave"), n("reset"), n("register")];
  if (resets > 0)
    return `${reading(resets, { one: "The record loses", many: (n) => `${n} records lose` })} completion date, score and certificate: what was passed does not count any more until it is passed again. The dates are in the plan's file.`;
  if (registers > 0)
    return "Nothing is overwritten: they stay registered as they are in the earlier session.";
  if (leaves > 0) return "They cannot sign in after that day; their records stay.";
  return enrolls > 0
    ? `This makes ${count(enrolls, "enrollment")}.`
    : "Nobody is deleted, and nobody loses access.";
}

/** Whom it enrolls or changes, where the question itself does not name them. */
export function whomByName({ people, units }: Plan, some: readonly number[]): string[] {
  const named = ["enroll", "change", "register", "reset"];
  const quiet = some.filter((unit) => named.includes(units[unit]?.do ?? ""));
  const whom = [...new Set(quiet.map((unit) => units[unit]?.p ?? 0))].flatMap((p) => people[p] ?? []);
  if (whom.length <= 3) return [];
  const first = whom.slice(0, mostNamed).map(personCalled);
  return [`This is for ${andMore(first, whom.length - first.length)}.`];
}

/** The persons or things of which something is still to be done. */
const openLines = ({ lines }: StepsTold, { marks }: PlanState) =>
  lines.filter(({ of }) => of.some((unit) => marks[unit] === "."));

/** “Offboard “Zoe Keller” (zoe@example.com) and …: end their access?”: up to three by name. */
function stepsAsked(told: StepsTold, state: PlanState): string {
  const open = openLines(told, state).map(({ name }) => name);
  const whom = open.length > 3 ? count(open.length, told.one, told.many) : and(open);
  const asks = `${told.verb} ${whom}${told.tail}?`;
  return capital(asks);
}

/** A page and a form bear so many lines. */
const mostLines = 120;

/** Everybody and everything a plan of steps is about, each with what becomes of it; then what else is to be known. */
export function stepsInWords({ told }: Plan, state: PlanState): string[] {
  if (told === undefined) return [];
  const open = openLines(told, state);
  const shown = open.slice(0, mostLines).map(({ name, text }) => `${name}: ${text}`);
  const more = open.length - shown.length;
  return [
    ...shown,
    ...(more > 0 ? [`And ${more} more, all of them in the plan's file.`] : []),
    ...told.facts.slice(1),
  ];
}

export const unitsWith = ({ marks }: PlanState, mark: Mark): number[] =>
  [...marks].flatMap((one, unit) => (one === mark ? [unit] : []));

const mostNamed = 10;

/** Whom it was done for, where they are few enough to be named; a login that could say anything is left out. */
export function whomInWords({ people, units }: Plan, some: readonly number[]): string[] {
  const whom = [...new Set(some.map((unit) => units[unit]?.p ?? 0))].flatMap((p) => people[p] ?? []);
  if (whom.length === 0 || whom.length > mostNamed) return [];
  const named = whom.map(({ id, login }) =>
    id !== undefined ? identityInWords({ id, login }) : isTame(login) ? login : "somebody new",
  );
  return [`Done for ${and(named)}.`];
}

export const mostListed = 40;

/** Who is not in the plan, or in what else is asked for, one a line; of very many, the rows. */
export function leftInWords(left: Plan["left"], what = "Not in the plan"): string[] {
  if (left.length === 0) return [];
  const shown = left.slice(0, mostListed);
  const rest = left.slice(mostListed).flatMap(({ row }) => row ?? []);
  return [
    `${what} (${left.length}):`,
    ...shown.map(leftLine),
    ...(left.length > mostListed
      ? [`And ${left.length - mostListed} more${rest.length > 0 ? `: ${rowList(rest)}` : ""}.`]
      : []),
  ];
}

export const leftLine = ({ row, who, why }: Plan["left"][number]): string =>
  `${row === undefined ? "" : `row ${row} `}“${who}”: ${why}`.slice(0, 500);

export const outcomesInWords = (state: PlanState, done = "done"): string =>
  [
    `${countOf(state, "+")} ${done}`,
    `${countOf(state, "=")} already`,
    `${countOf(state, "!")} failed`,
    `${countOf(state, "?")} unknown`,
    `${countOf(state, ".")} not tried`,
  ].join(", ");
