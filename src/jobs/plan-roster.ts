import { z } from "zod";
import { type PeopleTable, readPeople, understood } from "../files/people.ts";
import { cleanText } from "../reply/clean-text.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { academyDay } from "./academy-day.ts";
import { field } from "./field.ts";
import type { Job, JobWorld } from "./job.ts";
import { createEveryone, type Someone } from "./plans/everyone.ts";
import { numberOf } from "./plans/number-of.ts";
import { type Plan, plansOf } from "./plans/plan.ts";
import { compare, type Roster } from "./plans/roster.ts";
import { rosterPlan } from "./plans/roster-plan.ts";
import { costInWords, costOf, leftInWords, openInWords } from "./plans/told.ts";
import { unlessUnread } from "./plans/unread.ts";

interface Asked {
  readonly csv: string;
  readonly leavers?: "end access" | "ignore";
  readonly max_leavers_percent?: number;
  readonly last_day?: string;
}

const mostNamed = 40;
/** So many of those who seem new are looked up: the list they are missing from may not be all. */
const mostLookedUp = 3;

/** Compares a list of who should be here with who is, and keeps a plan; changes nobody. */
export const plan_roster: Job = {
  title: "Plan a roster",
  description:
    "Compare HR's CSV of everyone with who is here: joiners, movers, changes, leavers (access ends, records stay). Then apply_plan. A CSV of some people: only with leavers ignore.",
  effect: "read",
  idempotent: true,
  input: z.strictObject({
    csv: field(z.string().min(1).max(4_000_000), "With a header", "Email,Title\navery@example.com,Chief"),
    leavers: field(z.enum(["end access", "ignore"]), "Not in it", "ignore").optional(),
    max_leavers_percent: field(z.int().min(0).max(100), "Else 5", 5).optional(),
    last_day: field(z.iso.date(), "Leavers'; else today", "2026-12-31").optional(),
  }),
  run: (args, world, { signal }) =>
    unlessUnread("No plan was made", () => plan(args as unknown as Asked, world, signal)),
};

async function plan(asked: Asked, world: JobWorld, signal: AbortSignal): Promise<Reply> {
  const { leavers = "end access", max_leavers_percent: most = 5, last_day } = asked;
  const ends = leavers === "end access";
  const table = readPeople(asked.csv, world.view.labels);
  if (table.rows.length === 0 || !(table.fields.includes("login") || table.fields.includes("number"))) {
    return refuse(
      "No plan was made: the list has no column for the login, or no rows.",
      ...table.problems,
      `Understood are ${understood}, Title, Groups and the custom fields' labels.`,
    );
  }
  const people = await world.list("get_users", signal);
  const roster = compare(table, createEveryone(people), world.now());
  const hidden = await someoneHidden(roster, world, signal);
  if (hidden !== undefined) {
    return refuse(
      `No plan was made: SkyPrep's list of people is not whole; person ${hidden} is there and not in it.`,
      "Who joined or left cannot be told from it.",
    );
  }
  const notes = notesOf(table, roster, ends);
  const percent = (roster.leavers.length / Math.max(1, roster.active)) * 100;
  if (ends && percent > most) {
    return refuse(
      `No plan was made: ${roster.leavers.length} of ${roster.active} people (${percent.toFixed(1)}%) would lose access; the limit is ${most}%.`,
      "Check that the list is whole. If it is, raise max_leavers_percent; if it is a part, set leavers to ignore.",
      ...named("Would lose access", roster.leavers),
      ...notes,
      ...leftInWords(roster.left),
    );
  }
  const day = last_day ?? academyDay(world.now(), people);
  const made = await rosterPlan(roster, { ends, day }, world, signal);
  return tell(made.plan, roster, [...notes, ...made.notes], world);
}

async function tell(plan: Plan, roster: Roster, notes: readonly string[], world: JobWorld): Promise<Reply> {
  const leftOut = { left_out: plan.left.slice(0, mostNamed), left_out_total: plan.left.length };
  const of = (what: string) => plan.units.filter((unit) => unit.do === what);
  const said = [...notes, ...leftInWords(plan.left)];
  if (plan.units.length === 0) {
    return {
      outcome: "done",
      text: ["Nothing to do: the list and SkyPrep agree.", ...said].join("\n"),
      structured: { joiners: 0, changed: 0, leavers: 0, notes, ...leftOut },
    };
  }
  const state = { marks: ".".repeat(plan.units.length), why: {} };
  const name = await plansOf(world).keep(plan, state);
  const cost = costOf(plan, state, world.records);
  const changes = roster.changed.slice(0, mostNamed).map(({ who, args }) => ({
    who: inWords(who),
    // The names of fields only: what stands in them may be personal.
    fields: Object.entries(args).flatMap(([field, value]) =>
      field === "custom_fields"
        ? Object.keys(value as object).map((n) => world.view.labels.get(`ca_${n}`) ?? `ca_${n}`)
        : [field],
    ),
  }));
  const more = roster.changed.length - changes.length;
  const joiners = of("create").map(({ p }) => cleanText(plan.people[p]?.login ?? "").slice(0, 80));
  const leaving = of("leave").map(({ p }) => `${plan.people[p]?.id} ${plan.people[p]?.name}`);
  return {
    outcome: "done",
    text: [
      `Plan ${name}: ${openInWords(plan, state).join(", ")}. Nothing was changed. Do it within a day with apply_plan.`,
      costInWords(cost),
      ...(joiners.length > 0 ? [`Joiners (${joiners.length}): ${listed(joiners)}`] : []),
      ...(changes.length > 0 ? ["Changed:"] : []),
      ...changes.map(({ who, fields }) => `${who}: ${fields.join(", ")}`),
      ...(more > 0 ? [`And ${more} more.`] : []),
      ...(leaving.length > 0 ? [`Lose access (${leaving.length}): ${listed(leaving)}`] : []),
      ...said,
    ].join("\n"),
    structured: {
      plan: name,
      joiners: joiners.length,
      changed: of("change").length,
      group_joins: of("enroll").length,
      leavers: leaving.length,
      ...cost,
      joining: joiners.slice(0, mostNamed),
      changes,
      lose_access: leaving.slice(0, mostNamed),
      notes,
      ...leftOut,
    },
  };
}

/** Somebody who seems new and is there: then the list cannot be compared with. */
async function someoneHidden({ joiners }: Roster, { read }: JobWorld, signal: AbortSignal) {
  for (const { login } of joiners.slice(0, mostLookedUp)) {
    const id = await numberOf(login, read, signal);
    if (id !== undefined) return id;
  }
  return undefined;
}

function notesOf({ problems, ignored, fields }: PeopleTable, roster: Roster, ends: boolean): string[] {
  return [
    ...problems,
    ...(ignored.length > 0
      ? [`Not used: ${listed(ignored.map((one) => cleanText(one).slice(0, 40)))}.`]
      : []),
    ...(fields.includes("name")
      ? ["Full names are not compared: first and last name have columns of their own."]
      : []),
    ...(ends ? [] : named("Not in the list, left as they are", roster.leavers)),
    ...named("Admins who are not in the list, left as they are", roster.admins),
    ...named("In the list, but without access now, left so", roster.returned),
  ];
}

const inWords = ({ id, name }: Someone): string => `${id} ${name}`;
const listed = (all: readonly string[]): string =>
  `${all.slice(0, mostNamed).join("; ")}${all.length > mostNamed ? ` and ${all.length - mostNamed} more` : ""}`;
const named = (what: string, people: readonly Someone[]): string[] =>
  people.length > 0 ? [`${what} (${people.length}): ${listed(people.map(inWords))}`] : [];
