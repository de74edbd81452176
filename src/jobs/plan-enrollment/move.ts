import { createReads, Missing, numberIn, type Reads, type Row, rowsIn, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { and, andMore, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { personCalled, targetsCalled } from "../shared/called.ts";
import { type Enrolled, whoIsIn } from "../shared/enrolled.ts";
import { leftTold, refuseLeft } from "../shared/left-out.ts";
import { targetInWords } from "../shared/name-targets.ts";
import type { Someone } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";
import type { Where } from "../shared/selection/where.ts";
import { keepStepsPlan, type PlannedSteps } from "../shared/step-plan.ts";
import type { JobStep } from "../steps/run-steps.ts";
import { type NamedTargets, targetsMeant, whoIsMeant } from "./meant.ts";

export interface MoveAsked extends NamedTargets {
  readonly people?: readonly string[] | undefined;
  readonly csv?: string | undefined;
  /** All of its members. */
  readonly group?: string | undefined;
  readonly where?: Where | undefined;
  readonly leave_courses?: readonly string[] | undefined;
  readonly leave_groups?: readonly string[] | undefined;
  readonly keep_courses?: boolean | undefined;
  readonly expires?: string | undefined;
}

const kind = "steps";
const columns = ["person", "login", "name", "into", "out_of"];
/** Calls that may be spent on who is in what: a course may have many pages of records. */
const mostCalls = 60;

/** Who is taken off and out of what, and what they join before; a plan, and nobody is changed. */
export async function planMove(asked: MoveAsked, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal } = inner;
  if (asked.expires !== undefined)
    return refuse("No plan was made: expires is for enrolling alone; plan that by itself.");
  const joins = await targetsMeant(asked, world, signal);
  const leaves = await targetsMeant(
    { courses: asked.leave_courses, groups: asked.leave_groups },
    world,
    signal,
  );
  const who = await whoIsMeant(asked, world, inner);
  const { people } = who;
  const both = leaves.targets.filter((one) =>
    joins.targets.some(({ kind, id }) => kind === one.kind && id === one.id),
  );
  const wrong = [
    ...joins.wrong,
    ...leaves.wrong,
    ...who.wrong,
    ...both.map((one) => `${targetInWords(one)} is both joined and left.`),
    ...(asked.keep_courses && asked.leave_groups === undefined
      ? ["keep_courses is about the courses of leave_groups, and none is named."]
      : []),
  ];
  if (who.refused.length + wrong.length > 0) {
    const told = ["No plan was made; nothing was changed.", ...who.refused, ...wrong, ...who.notes] as const;
    return refuseLeft(told, who.left, { kind }, world);
  }
  if (people.length === 0) {
    const first = "No plan was made: nobody was found. Nothing was changed.";
    return refuseLeft([first, ...who.notes], who.left, { kind }, world);
  }
  const reads = createReads(world.read, signal);
  const kept = asked.keep_courses === true ? await coursesThrough(leaves.targets, reads) : [];
  const isNamed = ({ kind, id }: PlanTarget) =>
    joins.targets.some((one) => one.kind === kind && one.id === id);
  const stays = kept.filter((one) => !isNamed(one));
  const targets = [...joins.targets, ...stays];
  const enrolled = await whoIsIn(people, [...targets, ...leaves.targets], {
    read: world.read,
    now: world.now,
    signal,
    most: mostCalls,
    // Enrolling anew would begin again what ran out.
    byRecords: stays.length > 0,
  });
  const isUnclear = (id: number, one: PlanTarget) =>
    enrolled.of(id, one) === "unknown" || (enrolled.of(id, one) === "in" && enrolled.unchecked.has(id));
  const unclear = stays.filter((one) => people.some(({ id }) => isUnclear(id, one)));
  if (unclear.length > 0) {
    const which = and(unclear.slice(0, 3).map(targetInWords));
    throw new Unread(`who has ${which} now is not known, and enrolling anew may begin it again`);
  }
  const left = [...who.left];
  const all = people.flatMap((who) => {
    const one = moveOf(who, { joins: joins.targets, stays, targets, leaves: leaves.targets, enrolled });
    if (one === undefined)
      left.push({
        who: who.login.slice(0, 80),
        why: joins.targets.length === 0 ? "in none of them" : "left and joined already",
      });
    return one ?? [];
  });
  const leaving = leaves.targets.filter((one) => people.some(({ id }) => mayBeIn(enrolled, id, one)));
  if (all.length > 0 && leaving.length === 0) {
    const where = leaves.targets.map(targetInWords).join(" or ");
    const told = [
      `No plan was made: nobody of them is in ${where}. Nothing was changed.`,
      "If they are only to join, call again without leave_groups and leave_courses.",
      ...who.selected,
      ...who.notes,
    ] as const;
    return refuseLeft(told, left, { kind }, world);
  }
  const joining = joins.targets.filter((one) => people.some(({ id }) => enrolled.of(id, one) !== "in"));
  const notes = [
    ...who.selected,
    ...joins.notes,
    ...leaves.notes,
    ...enrolled.notes,
    ...onlyJoining(all),
    ...(all.length > 0
      ? leaves.targets
          .filter((one) => !leaving.includes(one))
          .map((one) => `Nobody of them is in ${targetInWords(one)}.`)
      : []),
    ...(leaves.targets.some((one) => one.kind === "course")
      ? [
          "A course that comes through a group or path stays with whoever has it through that: leave_groups, then.",
        ]
      : []),
    ...who.notes,
  ];
  if (all.length === 0) {
    const told = await leftTold(left, { kind }, world);
    return {
      outcome: "done",
      text: [
        `Nothing to do: nobody of them is in ${and(leaves.targets.map(targetInWords))}.`,
        ...notes,
        ...told.lines,
      ].join("\n"),
      structured: { people: 0, notes, ...told.structured },
    };
  }
  const made = await keepStepsPlan(
    { all, told: toldOf(joining, leaving, asked.keep_courses === true), targets, left },
    columns,
    world,
  );
  return {
    outcome: "done",
    text: [...made.lines, ...made.file, ...notes, ...made.left.lines].join("\n"),
    pieces: made.pieces,
    structured: { ...made.structured, people: all.length, notes },
  };
}

interface Moving {
  readonly joins: readonly PlanTarget[];
  /** Courses they keep, which came with a group that they leave. */
  readonly stays: readonly PlanTarget[];
  readonly targets: readonly PlanTarget[];
  readonly leaves: readonly PlanTarget[];
  readonly enrolled: Enrolled;
}

const mayBeIn = (enrolled: Enrolled, id: number, target: PlanTarget): boolean =>
  ["in", "unknown"].includes(enrolled.of(id, target));

const mostNamed = 8;

/** Whoever is in nothing of what is to be left was perhaps meant to be somebody else. */
function onlyJoining(all: readonly PlannedSteps[]): string[] {
  const some = all.flatMap(({ who, steps }) =>
    who === undefined || steps.length > 0 ? [] : [`${who.id} ${who.name}`],
  );
  if (some.length === 0) return [];
  const shown = some.slice(0, mostNamed);
  return [
    `${count(some.length, "person is", "people are")} in nothing that is to be left, and only ${some.length === 1 ? "joins" : "join"}: ${andMore(shown, some.length - shown.length)}.`,
  ];
}

/** What one of them joins, keeps and leaves; undefined: it is all so already. */
function moveOf(who: Someone, { joins, stays, targets, leaves, enrolled }: Moving): PlannedSteps | undefined {
  const stands = (target: PlanTarget) => enrolled.of(who.id, target);
  const out = leaves.filter((one) => mayBeIn(enrolled, who.id, one));
  const into = joins.filter((one) => stands(one) !== "in");
  if (out.length + into.length === 0) return undefined;
  const has = out.length === 0 ? [] : stays.filter((one) => stands(one) === "in");
  const text = [
    ...(into.length > 0 ? [`into ${targetsCalled(into)}`] : []),
    ...(out.length > 0 ? [`out of ${targetsCalled(out)}`] : []),
    ...(has.length > 0 ? [`keeps ${count(has.length, "course", "courses")}`] : []),
  ].join(", ");
  return {
    who,
    joins: [
      ...into.map((target) => {
        const was = stands(target);
        return { t: targets.indexOf(target), ...((was === "lapsed" || was === "unknown") && { was }) };
      }),
      ...has.map((target) => ({ t: targets.indexOf(target), was: "through" as const })),
    ],
    steps: out.map((target) => takingOut(who, target)),
    name: personCalled(who),
    text,
    row: [
      String(who.id),
      who.login,
      who.name,
      ...[into, out].map((some) => some.map(targetInWords).join("; ")),
    ],
  };
}

function takingOut({ id }: Someone, target: PlanTarget): JobStep {
  const isGroup = target.kind === "group";
  return {
    step: {
      tool: isGroup ? "remove_user_from_user_group" : "remove_user_from_course",
      args: { user_id: id, [isGroup ? "user_group_id" : "course_id"]: target.id },
    },
    things: [{ what: targetInWords(target), done: isGroup ? "left" : "taken off" }],
  };
}

function toldOf(joins: readonly PlanTarget[], leaves: readonly PlanTarget[], keeps: boolean) {
  const groups = leaves.some(({ kind }) => kind === "group");
  const courses = leaves.some(({ kind }) => kind === "course");
  const from = targetsCalled(leaves);
  return {
    ...(joins.length > 0
      ? { verb: "move", tail: ` from ${from} to ${targetsCalled(joins)}` }
      : { verb: "take", tail: groups ? ` out of ${from}` : ` off ${from}` }),
    one: "person",
    many: "people",
    deserves: "removing" as const,
    back: [
      groups
        ? "This can be undone, but a membership's end date, and what was begun in courses that go, may not come back."
        : "This can be undone, but what was begun, and an enrollment's end date, may not come back.",
    ],
    whole: true as const,
    facts: [
      [
        ...(courses ? ["What they have begun in a course they are taken off may be lost."] : []),
        ...(groups
          ? [
              keeps
                ? "They keep the courses that came with the group, as enrollments of their own."
                : "Courses that came only through the group may go, with what was begun in them.",
            ]
          : []),
      ].join(" "),
    ],
  };
}

/** The courses that come with groups, also through their paths. @throws Unread where they are not shown */
async function coursesThrough(leaves: readonly PlanTarget[], reads: Reads): Promise<readonly PlanTarget[]> {
  const found = new Map<number, PlanTarget>();
  const take = (rows: readonly Row[]) => {
    for (const row of rows) {
      const id = numberIn(row);
      found.set(id, { kind: "course", id, name: String(row.name ?? "").slice(0, 80) });
    }
  };
  for (const { id } of leaves.filter(({ kind }) => kind === "group")) {
    const group = await reads.one("get_user_group", { user_group_id: id });
    if (group.courses === undefined) throw new Unread(`the courses of group ${id} are not shown`);
    take(rowsIn(group.courses));
    for (const path of rowsIn(group.learning_paths ?? [])) {
      try {
        take(rowsIn((await reads.one("get_learning_path", { learning_path_id: numberIn(path) })).courses));
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
    }
  }
  return [...found.values()];
}
