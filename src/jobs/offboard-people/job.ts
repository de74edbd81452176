import { z } from "zod";
import { createReads, type Read, type Row } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import type { Reply } from "../../reply/reply.ts";
import { count } from "../../text/english.ts";
import { dayInWords } from "../../text/zone.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { academyDay } from "../shared/as-of.ts";
import { personCalled } from "../shared/called.ts";
import { field, moreLeft, unlisted, whole } from "../shared/input-fields.ts";
import { instructing } from "../shared/instructing.ts";
import { leftPage, leftTold } from "../shared/left-out.ts";
import {
  groupsOfPerson,
  readingBeforeSteps,
  StillAsking,
  severalAtOnce,
  withQuestions,
} from "../shared/many-questions.ts";
import { type Leaving, leaving } from "../shared/offboard-steps.ts";
import { createPeopleIndex, isAdmin, isGone, type Someone } from "../shared/people-index.ts";
import type { Plan } from "../shared/plan.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { whereField } from "../shared/selection/where.ts";
import { keepStepsPlan, type PlannedSteps } from "../shared/step-plan.ts";
import { leaversMeant } from "./leavers-meant.ts";

const input = z.strictObject({
  people: whole(
    field(z.array(z.string().trim().min(1).max(255)).min(1), "Names, logins or numbers", [
      "avery@example.com",
    ]),
  ).optional(),
  csv: field(
    z.string().max(4_000_000),
    "and/or a pasted list: Email, Last day",
    "Email,Last day\navery@example.com,2026-12-31",
  ).optional(),
  where: whereField("and/or people by field and is, as in find"),
  last_day: field(z.iso.date(), "If not in csv, YYYY-MM-DD; else today", "2026-12-31").optional(),
  // Called as offboard_person calls them.
  now: unlisted(
    field(z.boolean(), "true: takes rights and groups now, though last_day is ahead", true).optional(),
  ),
  keep_groups: unlisted(field(z.boolean(), "true: they stay in groups", true).optional()),
  cursor: unlisted(moreLeft),
});
type OffboardPeopleArgs = z.output<typeof input>;

/** Plans an end to what several people who left could still do; changes nobody. */
export const offboard_people = defineJob({
  title: "Plan to offboard people",
  description:
    "Step 1 to offboard several leavers: access, rights and memberships end, training records stay. apply_plan does it. One person: offboard_person.",
  searchHint:
    "layoffs, leavers list, several employees leaving, offboard in bulk, deactivate or disable many users, remove dormant or inactive accounts, contractors whose contract ended, mass termination",
  effect: "read",
  idempotent: true,
  input,
  board: "plan",
  needs: [{ atLeastOne: ["people", "csv", "where", "cursor"] }],
  run: ({ cursor, ...args }, world, inner) =>
    cursor !== undefined
      ? leftPage(cursor, world)
      : refuseOnReadFailure("No plan was made", () => plan(args, world, inner)),
});

interface Offboarded extends PlannedSteps {
  readonly who: Someone;
  readonly leaves: Leaving;
  readonly day: string;
}

async function plan(
  asked: Omit<OffboardPeopleArgs, "cursor">,
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const { signal } = inner;
  const began = world.now();
  const meant = await leaversMeant(asked, world, inner);
  if ("outcome" in meant) return meant;
  const left = [...meant.left];
  const people = await withAdministratorLeft(meant.people, left, world, signal);
  const rows = await world.list("get_users", signal);
  const today = academyDay(world.now(), rows);
  const read = await readingGroups(people, began, world, inner);
  const reads = createReads(read, signal);
  const all: Offboarded[] = [];
  const notes = new Set(meant.notes);
  for (const who of people) {
    const day = meant.days.get(who.id) ?? asked.last_day ?? today;
    const waits = day > today && asked.now !== true;
    const looking = { reads, inner, began };
    const about = { person: who, day, keepsGroups: asked.keep_groups === true, waits };
    const leaves = await leaving(about, { ...world, read }, looking);
    for (const note of leaves.notes) notes.add(note.startsWith("Left in") ? "Groups stay, as asked." : note);
    if (leaves.jobSteps.length > 0) all.push(offboarded(who, leaves, day));
    else left.push({ who: who.login.slice(0, 80), why: doneAlready(leaves, day) });
  }
  const leads: string[] = [];
  for (const { who } of all) {
    const { sessions, note } = await instructing(who, reads, world.now());
    if (sessions.length > 0) leads.push(`${who.name}: ${note}`);
    else if (note.startsWith("Whether")) notes.add(note);
  }
  const [first] = all;
  if (first === undefined) {
    const told = await leftTold(left, { kind: "steps" }, world);
    return {
      outcome: "done",
      text: ["Nothing to do: nobody of them has anything left to end.", ...notes, ...told.lines].join("\n"),
      structured: { people: 0, notes: [...notes], ...told.structured },
    };
  }
  const later = all.filter(({ leaves }) => leaves.later.length > 0);
  const admins = all.flatMap(({ who }) => (isAdmin(who) ? [who.id] : []));
  const kept = await keepStepsPlan(
    {
      all,
      told: {
        verb: "offboard",
        one: "person",
        many: "people",
        tail: tailFor(all),
        deserves: "removing",
        whole: true,
        facts: [
          "They cannot sign in after their last day, and lose what is listed here; finished training stays.",
          ...(all.some(({ leaves }) => leaves.takes.groups && leaves.later.length === 0)
            ? ["Unfinished courses that came only through a group may be lost."]
            : []),
          ...(later.length > 0
            ? [`Rights and groups of ${count(later.length, "person", "people")} stay until their last day.`]
            : []),
          ...(admins.length > 0
            ? [
                `${count(admins.length, "of them is an administrator", "of them are administrators")}; if SkyPrep's API key is theirs, which cannot be read, renew it.`,
              ]
            : []),
          ...(leads.length > 0
            ? [
                `${count(leads.length, "of them is", "of them are")} named as instructor of sessions to come; that does not change.`,
              ]
            : []),
        ],
        ...(admins.length > 0 && { admins }),
      },
      left,
    },
    columns,
    world,
  );
  const said = [
    ...(later.length > 0
      ? [
          `Not scheduled: what ${count(later.length, "person has", "people have")} until a day ahead is taken by calling offboard_people again from that day on.`,
        ]
      : []),
    ...leads.slice(0, mostLeads),
    ...(leads.length > mostLeads
      ? [`And ${count(leads.length - mostLeads, "more is", "more are")} named as instructor.`]
      : []),
    ...notes,
  ];
  return {
    outcome: "done",
    text: [...kept.lines, ...kept.file, ...said, ...kept.left.lines].join("\n"),
    pieces: kept.pieces,
    structured: { ...kept.structured, people: all.length, later: later.length, notes: said },
  };
}

const columns = ["person", "login", "name", "last_day", "loses", "on_that_day"];
const mostLeads = 10;

function offboarded(who: Someone, leaves: Leaving, day: string): Offboarded {
  const { ends, lost, later, jobSteps } = leaves;
  const loses = later.length === 0 ? lost : "";
  const when = ends ? [`last day ${dayInWords(day) ?? day}`] : ["no access any more"];
  return {
    who,
    leaves,
    day,
    steps: jobSteps,
    name: personCalled(who),
    text: [...when, ...(loses === "" ? [] : [`loses ${loses}`])].join("; "),
    row: [String(who.id), who.login, who.name, ends ? day : "", loses, later.join("; ")],
  };
}

const doneAlready = ({ later }: Leaving, day: string): string =>
  later.length > 0 ? `the end of access is set; the rest is for ${day}` : "offboarded already";

/** What happens to all of them, as the end of a question. */
function tailFor(all: readonly Offboarded[]): string {
  const takes = all.some(({ leaves }) => leaves.later.length === 0 && leaves.lost !== "");
  return takes ? ": end their access, and take away their rights and groups" : ": end their access";
}

/** All administrators stay who would leave nobody behind to let others in; `left` says so. */
async function withAdministratorLeft(
  people: readonly Someone[],
  left: Plan["left"],
  { list, now }: JobWorld,
  signal: AbortSignal,
): Promise<readonly Someone[]> {
  if (!people.some(isAdmin)) return people;
  const leaving = new Set(people.map(({ id }) => id));
  const { all } = createPeopleIndex(await list("get_users", signal));
  if (all.some((one) => isAdmin(one) && !isGone(one, now()) && !leaving.has(one.id))) return people;
  for (const one of people.filter(isAdmin)) {
    const why = "no administrator who can sign in would be left: give somebody else the role admin first";
    left.push({ who: one.login.slice(0, 80), why });
  }
  return people.filter((one) => !isAdmin(one));
}

const memberships = "get_user_group_enrollments_for_user";
/** What more people are in is kept on: what follows may take another call. */
const manyPeople = 40;

/** A read that knows everybody's groups already; of very many people they take several calls. @throws StillAsking */
async function readingGroups(
  people: readonly Someone[],
  began: number,
  world: JobWorld,
  inner: JobContext,
): Promise<Read> {
  const known = new Map<number, readonly Row[]>();
  const asking = {
    work: ["offboards", ...people.map(({ id }) => String(id))],
    until: readingBeforeSteps(began, world),
    keepsAll: people.length > manyPeople,
  };
  await withQuestions(asking, world, inner, async (questions) => {
    const ask = ({ id }: Someone) =>
      questions.ask(groupsOfPerson(id), async (read) => ({
        id,
        rows: await createReads(read, inner.signal).rows(memberships, { user_id: id }),
      }));
    const answers = await severalAtOnce(people, ask);
    for (const { id, rows } of answers) known.set(id, rows);
    if (answers.length < people.length)
      throw new StillAsking(
        `The groups of ${answers.length} of ${count(people.length, "person", "people")} were read: ${questions.goOn()}.`,
      );
  });
  return async (route, parameters, signal) =>
    (route === memberships ? known.get(Number(parameters.user_id)) : undefined) ??
    world.read(route, parameters, signal);
}
