import { z } from "zod";
import { type Reply, refuse } from "../../reply/reply.ts";
import { exportOf, placeOf } from "../../reply/report.ts";
import { type PeopleList, readPeopleList, understood } from "../../tables/people.ts";
import { cleanText, count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { academyDay } from "../shared/as-of.ts";
import { field, moreLeft } from "../shared/input-fields.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import { leftPage, leftTold, refuseLeft } from "../shared/left-out.ts";
import { numberOf } from "../shared/number-of-login.ts";
import { createPeopleIndex } from "../shared/people-index.ts";
import { plansOf } from "../shared/plan.ts";
import { planPieces } from "../shared/plan-pieces.ts";
import { costInWords, costOf, doItWith, openInWords } from "../shared/plan-text.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { changesInWords, columns, maskOf, rosterRows, suspectsInWords } from "./changes-text.ts";
import { compareRoster, type Roster } from "./compare.ts";
import { fieldName } from "./differing.ts";
import { withoutOutsiders } from "./outside.ts";
import { type RosterPlan, rosterPlan } from "./roster-plan.ts";
import {
  headers,
  inWords,
  listed,
  mostNamed,
  named,
  notesOf,
  numbersInWords,
  numbersOf,
  type RosterComparison,
  type RosterNumbers,
  whyNotWhole,
} from "./summary-text.ts";

const kind = "roster";

/** So many of those who seem new are looked up: the list they are missing from may not be all. */
const mostLookedUp = 3;

const input = z.strictObject({
  csv: field(
    z.string().min(1).max(4_000_000),
    "The list, pasted with header: Email, First name, Last name, Title, Groups, custom fields …",
    "Email,Title\navery@example.com,Chief",
  ).optional(),
  leavers: field(
    z.enum(["end access", "ignore"]),
    "Who is not listed; left out: end access",
    "ignore",
  ).optional(),
  max_leavers_percent: field(z.int().min(0).max(100), "No plan if more would leave; else 5", 5).optional(),
  last_day: field(
    z.iso.date(),
    "Leavers' last day with access, YYYY-MM-DD; else today",
    "2026-12-31",
  ).optional(),
  cursor: moreLeft,
});
type PlanRosterArgs = z.output<typeof input>;

/** Compares a list of who should be here with who is, and keeps a plan; changes nobody. */
export const plan_roster = defineJob({
  title: "Plan a roster",
  description:
    "Step 1 to compare HR's list of everybody with who is here: joiners, movers, changed fields, leavers (access ends, records stay). Changes nobody: apply_plan does. Not everybody is listed: leavers ignore. No nightly sync: give each new list.",
  searchHint:
    "sync employee list from HR, HRIS export, staff spreadsheet or csv, compare, joiners and leavers, import employees, create or update users in bulk",
  effect: "read",
  idempotent: true,
  input,
  board: "plan",
  needs: [{ atLeastOne: ["csv", "cursor"] }],
  run: ({ cursor, ...args }, world, { signal }) =>
    typeof cursor === "string"
      ? leftPage(cursor, world)
      : refuseOnReadFailure("No plan was made", () => plan(args, world, signal)),
});

async function plan(asked: PlanRosterArgs, world: JobWorld, signal: AbortSignal): Promise<Reply> {
  // There is one where there is no cursor (`needs`).
  const { csv = "", leavers = "end access", max_leavers_percent: most = 5, last_day } = asked;
  const people = await world.list("get_users", signal);
  const today = academyDay(world.now(), people);
  const list = await readPeopleList(csv, { labels: world.view.labels, today });
  if (list.refused !== undefined) return refuse(`No plan was made. ${list.refused}`, "Nothing was changed.");
  if (!list.rows.some(saysWho)) {
    return refuse(
      "No plan was made: the list has no column for the login, or no rows.",
      ...list.notes,
      ...(list.ignored.length > 0 ? [`Not understood: ${headers(list.ignored)}.`] : []),
      `Understood are ${understood}, Title, Status, Groups and the custom fields' labels.`,
    );
  }
  const everyone = createPeopleIndex(people);
  const roster = await withoutOutsiders(compareRoster(list, everyone, world.now()), world, signal);
  if (
    roster.bare === "unknown" &&
    list.rows.every(({ logins, values }) => logins.length === 0 && values.number === undefined)
  ) {
    return refuse(
      "No plan was made: its column of numbers may be SkyPrep's or HR's own, and no name or login beside it tells which.",
      "Add a column Email, or call it SkyPrep ID.",
    );
  }
  const hidden = await someoneHidden(roster, world, signal);
  if (hidden !== undefined) {
    return refuse(
      `No plan was made: SkyPrep's list of people is not whole; person ${hidden} is there and not in it.`,
      "Who joined or left cannot be told from it.",
    );
  }
  const seen = new Set<number | undefined>();
  const all = [...list.notWhole, ...roster.unclear].filter(
    ({ row }) => row === undefined || (!seen.has(row) && seen.add(row)),
  );
  const wanted = leavers === "end access";
  const compared: RosterComparison = {
    list,
    roster,
    ends: wanted && all.length === 0,
    notWhole: wanted ? all : [],
  };
  const percent = (roster.leavers.length / Math.max(1, roster.active)) * 100;
  if (compared.ends && percent > most) {
    const why = [
      `No plan was made: ${roster.leavers.length} of ${roster.active} people (${percent.toFixed(1)}%) would lose access; the limit is ${most}%.`,
      "Check that the list is whole. If it is, raise max_leavers_percent; if it is a part, set leavers to ignore.",
      ...named(
        "Would lose access",
        roster.leavers.map(({ who }) => who),
      ),
      ...(await leaversFile(roster, world)),
      ...notesOf(compared),
    ] as const;
    return refuseLeft(why, roster.left, { kind }, world);
  }
  const made = await rosterPlan(roster, { ends: compared.ends, day: last_day ?? today }, world, signal);
  return tell(made, compared, world);
}

/** Of more than are named here; whoever is to say whether they may leave has to see them all. */
async function leaversFile({ leavers }: Roster, { exports }: JobWorld): Promise<string[]> {
  if (leavers.length <= mostNamed) return [];
  const rows = leavers.map(({ who: { id, login, name } }) => [String(id), login, name]);
  const kept = await keepTableFile("Would lose access", ["person", "login", "name"], rows, exports);
  return ["note" in kept ? kept.note : `All of them ${placeOf(kept.exported)}`];
}

const saysWho = ({ logins, values, bareNumber }: PeopleList["rows"][number]): boolean =>
  logins.length > 0 ||
  values.number !== undefined ||
  bareNumber !== undefined ||
  values.card_no !== undefined;

async function tell(
  { plan, notes: about, refused }: RosterPlan,
  compared: RosterComparison,
  world: JobWorld,
): Promise<Reply> {
  const { roster } = compared;
  const { labels } = world.view;
  const mask = maskOf(world);
  const of = (what: string) => plan.units.filter((unit) => unit.do === what);
  const into = (kind: "group" | "course") =>
    of("enroll").filter(({ t }) => plan.targets[t ?? -1]?.kind === kind).length;
  const numbers = numbersOf(compared, refused);
  const suspects = suspectsInWords(roster.suspects, mask);
  const notes = [...notesOf(compared), ...about];
  const said = [...whyNotWhole(compared), numbersInWords(numbers), ...notes, ...suspects];
  const counts = {
    ...numbers,
    not_whole: compared.notWhole.slice(0, mostNamed),
    suspects: roster.suspects.length,
  };
  if (plan.units.length === 0) {
    const first = nothingToDo(compared, numbers);
    const left = await leftTold(plan.left, { kind }, world);
    return {
      outcome: "done",
      text: [first, ...said, ...left.lines].join("\n"),
      structured: { joiners: 0, changed: 0, leavers: 0, notes, ...counts, ...left.structured },
    };
  }
  const state = { marks: ".".repeat(plan.units.length), why: {} };
  const name = await plansOf(world).keep(plan, state);
  const left = await leftTold(plan.left, name, world);
  const cost = costOf(plan, state, world.records);
  const changes = roster.changed.slice(0, mostNamed).map(({ who, fields }) => ({
    who: inWords(who),
    fields: fields.map((one) => fieldName(one.field, labels)),
    values: fields.map((one) => ({
      field: fieldName(one.field, labels),
      old: mask(one.field, one.old),
      new: mask(one.field, one.new),
    })),
  }));
  const joiners = of("create").map(({ p }) => cleanText(plan.people[p]?.login ?? "").slice(0, 80));
  const leaving = of("leave").map(({ p }) => `${plan.people[p]?.id} ${plan.people[p]?.name}`);
  const rows = rosterRows(plan, roster, mask, world);
  const kept = await keepTableFile(`Plan ${name}, what it changes`, columns, rows, world.exports);
  const nobody = compared.notWhole.length > 0 ? " Nobody's access ends: the list was not read whole." : "";
  return {
    outcome: "done",
    text: [
      `Plan ${name}: ${openInWords(plan, state).join(", ")}.${nobody} Nothing was changed. ${doItWith(name)}`,
      costInWords(cost),
      ...(joiners.length > 0 ? [`Joiners (${joiners.length}): ${listed(joiners)}`] : []),
      ...changesInWords(roster.changed, mask, labels),
      ...(leaving.length > 0 ? [`Lose access (${leaving.length}): ${listed(leaving)}`] : []),
      ...("exported" in kept ? [`All of it, old and new, ${placeOf(kept.exported)}`] : [kept.note]),
      ...said,
      ...left.lines,
    ].join("\n"),
    structured: {
      plan: name,
      next: doItWith(name),
      joiners: joiners.length,
      changed: of("change").length,
      group_joins: into("group"),
      course_enrollments: into("course"),
      leavers: leaving.length,
      ...cost,
      joining: joiners.slice(0, mostNamed),
      changes,
      lose_access: leaving.slice(0, mostNamed),
      ...("exported" in kept && exportOf(kept.exported)),
      ...counts,
      notes,
      ...left.structured,
    },
    pieces: planPieces({
      ...{ name, plan, state, cost, columns },
      rows: () => rows,
      resource: "exported" in kept ? exportOf(kept.exported).export.uri : undefined,
      notes: [...whyNotWhole(compared), numbersInWords(numbers)],
    }),
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

/** That all agrees is said only where every row was matched and every cell believed. */
function nothingToDo({ list, roster, notWhole }: RosterComparison, { rows, people }: RosterNumbers): string {
  if (rows.not_matched > 0) {
    return `Nothing to do for the rest: ${rows.not_matched} of ${count(list.rows.length, "row")} could not be matched.`;
  }
  if (roster.suspects.length > 0) {
    return `Nothing to do, but ${count(roster.suspects.length, "cell was", "cells were")} not believed.`;
  }
  if (notWhole.length + list.notWhole.length > 0) return "Nothing to do, but the list was not read whole.";
  return people.left > 0 || roster.goneAlready.length + roster.returned.length > 0
    ? "Nothing to do: every row was matched."
    : "Nothing to do: the list and SkyPrep agree.";
}
