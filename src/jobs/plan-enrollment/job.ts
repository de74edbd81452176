import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { count, reading } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { whoIsIn } from "../shared/enrolled.ts";
import { field, moreLeft, unlisted, whole } from "../shared/input-fields.ts";
import { leftPage, leftTold, refuseLeft } from "../shared/left-out.ts";
import { isGone, isQuiet, type Someone } from "../shared/people-index.ts";
import { countOf, type Plan, type PlanState, plansOf } from "../shared/plan.ts";
import { planPieces } from "../shared/plan-pieces.ts";
import { costInWords, costOf, doItWith, openInWords } from "../shared/plan-text.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { whereField } from "../shared/selection/where.ts";
import { planCopy } from "./copy.ts";
import { targetsMeant, whoIsMeant } from "./meant.ts";
import { planMove } from "./move.ts";
import { staleIn } from "./stale.ts";
import { columns, keepWholePlan, rowsOf } from "./whole-plan.ts";

const some = (words: string, example: string) =>
  whole(field(z.array(z.string().trim().min(1).max(255)).min(1).max(200), words, [example])).optional();

const kind = "enrollment";

const input = z.strictObject({
  people: whole(
    field(z.array(z.string().trim().min(1).max(255)).min(1), "Who: names, logins or numbers", [
      "Avery Learner",
    ]),
  ).optional(),
  csv: field(
    z.string().max(4_000_000),
    "and/or a pasted list with header, e.g. Email",
    "Email\navery@example.com",
  ).optional(),
  group: unlisted(
    field(
      z.string().trim().min(1).max(255),
      "and/or all members of this group, name or number",
      "Sales Team",
    ).optional(),
  ),
  where: whereField("and/or people by field and is, as in find"),
  courses: some("Names, codes or numbers", "201"),
  groups: some("To join: names or numbers", "301"),
  paths: some("Names or numbers", "402"),
  leave_courses: some("To be taken off", "201"),
  leave_groups: some("To leave; keep_courses: true keeps courses", "302"),
  keep_courses: unlisted(
    field(z.boolean(), "true: they stay in courses that came with leave_groups", true).optional(),
  ),
  copy_from: field(
    z.string().trim().min(1).max(255),
    "Instead of people: groups, paths get its courses",
    "Sales Team",
  ).optional(),
  expires: field(
    z.iso.date(),
    "Enrollment's last day, YYYY-MM-DD; else never; not for paths. Due dates cannot be set",
    "2027-12-31",
  ).optional(),
  cursor: moreLeft,
});
type PlanEnrollmentArgs = z.output<typeof input>;

/** Looks everything up and keeps a plan; enrolls nobody. */
export const plan_enrollment = defineJob({
  title: "Plan an enrollment",
  description:
    "Step 1 to enroll several people in courses, groups or paths, un-enroll or move them, or copy courses to groups: says who is in already or not found, who may be mailed. Changes nobody: apply_plan does. One person: enroll_user_in_courses. No preview: mass_enroll.",
  searchHint:
    "unenroll or unassign these people from a course, transfer between departments, copy a curriculum, skyprep enroll people in a course, assign a course or training to a whole team or department, sign up employees, register staff, bulk enroll, csv or spreadsheet of emails",
  effect: "read",
  idempotent: true,
  input,
  board: "plan",
  needs: [
    { atLeastOne: ["people", "csv", "group", "where", "copy_from", "cursor"] },
    { atLeastOne: ["courses", "groups", "paths", "leave_courses", "leave_groups", "cursor"] },
  ],
  async run(args, world, inner) {
    if (args.cursor !== undefined) return leftPage(args.cursor, world);
    if (args.expires !== undefined && args.paths !== undefined) {
      return refuse("No plan was made: SkyPrep has no way to let a learning path's enrollment end by a day.");
    }
    return refuseOnReadFailure("No plan was made", () =>
      args.copy_from !== undefined
        ? planCopy({ ...args, copy_from: args.copy_from }, world, inner.signal)
        : args.leave_courses !== undefined || args.leave_groups !== undefined
          ? planMove(args, world, inner)
          : plan(args, world, inner),
    );
  },
});

async function plan(asked: PlanEnrollmentArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal } = inner;
  const { targets, wrong, notes: targetNotes } = await targetsMeant(asked, world, signal);
  const who = await whoIsMeant(asked, world, inner);
  const { people, left } = who;
  const why = [...who.refused, ...wrong, ...who.wrong];
  if (why.length > 0) {
    const told = ["No plan was made; nothing was changed.", ...why, ...who.notes] as const;
    return refuseLeft(told, left, { kind }, world);
  }
  if (people.length === 0) {
    const first = "No plan was made: nobody was found. Nothing was changed.";
    return refuseLeft([first, ...who.notes], left, { kind }, world);
  }
  const pairs = people.length * targets.length;
  // What is found out about who is in already must not cost more than enrolling them would.
  // Two of the calls it may cost show that people came whole and that a page is one.
  const most = Math.max(8, Math.min(40, Math.ceil(pairs / 100) - 2));
  const enrolled = await whoIsIn(people, targets, {
    read: world.read,
    now: world.now,
    signal,
    most,
    mostUnheard: 40,
  });
  const plan: Plan = {
    kind,
    account: world.academy,
    at: world.now(),
    people: people.map((one) => ({
      id: one.id,
      login: one.login,
      name: one.name,
      ...(isQuiet(one) && { quiet: true as const }),
    })),
    targets,
    units: people.flatMap(({ id }, p) =>
      targets.map((target, t) => {
        const before = enrolled.of(id, target);
        const was = before === "lapsed" || before === "unknown" ? { was: before } : {};
        return { do: "enroll" as const, p, t, ...was };
      }),
    ),
    ...(who.of && { of: who.of }),
    ...(asked.expires !== undefined && { day: asked.expires }),
    left,
  };
  const known = people.flatMap(({ id }) => targets.map((target) => enrolled.of(id, target)));
  const state: PlanState = { marks: known.map((one) => (one === "in" ? "=" : ".")).join(""), why: {} };
  const again = known.filter((one) => one === "lapsed").length;
  const notKnown = known.filter((one) => one === "unknown").length;
  const gone = people.filter((one) => isGone(one, world.now())).length;
  const keep = known.filter(
    (one, n) => one === "in" && targets[n % targets.length]?.kind !== "learning path",
  );
  const notes = [
    ...targetNotes,
    ...who.selected,
    ...(await staleIn(targets, asked.expires, people, { world, signal })),
    ...(asked.expires !== undefined && keep.length > 0
      ? [
          `${count(keep.length, "enrollment that is", "enrollments that are")} there already will not get the end day ${asked.expires}: SkyPrep sets it only when it enrolls.`,
        ]
      : []),
    ...(asked.expires !== undefined
      ? [
          `${asked.expires} ends enrollments. Deadlines do not move with it: they are the courses' own, and are changed in SkyPrep's web admin.`,
        ]
      : []),
    ...enrolled.notes,
    ...(again > 0
      ? [
          `${count(again, "enrollment begins", "enrollments begin")} anew: the pass ran out, or the course was taken off.`,
        ]
      : []),
    ...(gone > 0 ? [`${count(gone, "person has", "people have")} no access now and cannot take it.`] : []),
    ...who.notes,
  ];
  if (countOf(state, ".") === 0) {
    const open = left.length;
    const told = await leftTold(left, { kind }, world);
    return {
      outcome: "done",
      text: [
        open > 0
          ? `Nothing to do for ${reading(people.length, { one: "the one person who was found, and is", many: (n) => `the ${n} who were found, who are` })} in already: ${reading(open, { one: "1 was", many: (n) => `${n} were` })} not found or not taken.`
          : `Nothing to do: ${reading(people.length, { one: "they are", two: "both are", many: (n) => `all ${n} are` })} in already: ${namedInWords(people)}.`,
        ...notes,
        ...told.lines,
      ].join("\n"),
      structured: {
        people: people.length,
        to_enroll: 0,
        already: known.length,
        ...told.structured,
        notes,
      },
    };
  }
  const name = await plansOf(world).keep(plan, state);
  const told = await leftTold(left, name, world);
  const cost = costOf(plan, state, world.records);
  const wanting = people.filter((_, p) => targets.some((_, t) => known[p * targets.length + t] !== "in"));
  const whole =
    wanting.length > mostNamed
      ? await keepWholePlan(name, plan, state, world)
      : { lines: [], structured: {}, resource: undefined };
  const byTarget = targets.map((target, t) => ({
    target: `${target.kind} ${target.id} ${target.name}`,
    to_enroll: known.filter((one, n) => n % targets.length === t && one !== "in").length,
    already: known.filter((one, n) => n % targets.length === t && one === "in").length,
  }));
  return {
    outcome: "done",
    text: [
      `Plan ${name}: ${openInWords(plan, state).join(", ")}${reading(countOf(state, "="), { none: "", one: "; 1 is there already", many: (n) => `; ${n} are there already` })}. Nothing was changed. ${doItWith(name)}`,
      costInWords(cost),
      `For ${namedInWords(wanting)}.`,
      ...whole.lines,
      // Of one the first line has counted.
      ...byTarget.map(({ target, to_enroll, already }) =>
        byTarget.length === 1 ? `Into ${target}.` : `${target}: ${to_enroll} to enroll, ${already} already`,
      ),
      ...notes,
      ...told.lines,
    ].join("\n"),
    structured: {
      plan: name,
      next: doItWith(name),
      people: people.length,
      who: wanting.slice(0, mostListed).map(({ id, name }) => `${id} ${name}`),
      to_enroll: countOf(state, "."),
      already: countOf(state, "="),
      ...(notKnown > 0 && { not_known: notKnown }),
      ...cost,
      targets: byTarget,
      ...whole.structured,
      ...told.structured,
      notes,
    },
    pieces: planPieces({
      ...{ name, plan, state, cost, columns, resource: whole.resource },
      rows: () => rowsOf(plan, state),
    }),
  };
}

const mostNamed = 12;
/** Of more: the file has them all. */
const firstNamed = 3;
const mostListed = 40;

/** Whom the words of the call were read as. */
function namedInWords(people: readonly Someone[]): string {
  const named = people
    .slice(0, people.length > mostNamed ? firstNamed : mostNamed)
    .map(({ id, name }) => `${id} ${name}`);
  return people.length > named.length
    ? `${named.join("; ")}; and ${people.length - named.length} more`
    : named.join("; ");
}
