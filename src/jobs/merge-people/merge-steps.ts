import { numberIn, type Reads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import type { Agreement } from "../../call/write/job-writes.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { academyDay } from "../shared/as-of.ts";
import { personCalled, targetsCalled } from "../shared/called.ts";
import { groupInWords, inWords } from "../shared/name-targets.ts";
import { type Leaving, leaving } from "../shared/offboard-steps.ts";
import type { Someone } from "../shared/people-index.ts";
import { countsInWords, tell } from "../steps/outcome-text.ts";
import { type JobStep, notTried, runSteps, type StepOutcome } from "../steps/run-steps.ts";
import { leftBehind, notIn, stillTo } from "./left-behind.ts";
import type { lastMove } from "./moved-before.ts";
import {
  begun,
  coursesIn,
  hasTraining,
  type PersonTraining,
  statusesInWords,
  trainingOf,
} from "./training-of.ts";

export interface Merging {
  readonly from: Someone;
  readonly into: Someone;
  readonly deletes: boolean;
  /** Nothing is asked, and nothing sent. */
  readonly looks: boolean;
  /** How the last move between them ended. */
  readonly before: ReturnType<typeof lastMove>;
  readonly code: string | undefined;
}

/** The page's three (L612); SkyPrep moves memberships with the enrollments, as its answer shows. */
const moved = ["course_enrollments", "course_progresses", "exam_attempts"];

interface MergeContext {
  readonly world: JobWorld;
  readonly inner: JobContext;
}

/** Looks at both, asks once, moves, and ends the first only where nothing of its training is left behind. */
export async function merge(merging: Merging, reads: Reads, { world, inner }: MergeContext): Promise<Reply> {
  const { from, into, deletes, looks, before } = merging;
  const began = world.now();
  const around = { reads, whole: world.whole, signal: inner.signal, now: world.now };
  const kept = await trainingOf(into, around);
  const theirs = await trainingOf(from, around, coursesIn(kept.courses));
  const besides = { from: sideOf(from, theirs), into: sideOf(into, kept) };
  const shown = [inLine("From", besides.from), inLine("Into", besides.into)];
  const moves = before === "done" ? !isLeftOver(theirs, kept) : hasTraining(theirs);
  const move: JobStep = {
    step: {
      tool: "move_training_data",
      args: { source_user_id: from.id, target_user_id: into.id, inclusion_list: moved },
      people: [from, into],
    },
    things: [{ what: `training of person ${from.id}`, done: `moved to person ${into.id}` }],
  };
  const left = moves ? [] : begun(theirs);
  if (deletes && !moves && (left.length > 0 || !theirs.whole)) {
    return refuse(
      `Person ${from.id} was not deleted: ${theirs.whole ? count(left.length, "record", "records") : "records"} that SkyPrep did not move would be lost. Nothing was sent.`,
      `They stand in courses that person ${into.id} has a record in, too. Without delete, person ${from.id} is offboarded and keeps them; destroy_user deletes them as well.`,
      ...shown,
    );
  }
  const end = deletes
    ? deletionOf(from)
    : await leaving(
        {
          person: from,
          day: academyDay(world.now(), [from.row]),
          keepsGroups: false,
          waits: false,
          called: "The account to be offboarded",
        },
        world,
        {
          reads,
          inner,
          began,
        },
      );
  const first = moves ? [move] : [];
  if (first.length + end.jobSteps.length === 0) {
    return tell({
      first: `Nothing to do: ${inWords(from)} has no training to move, and is offboarded already.`,
      outcomes: [],
      lines: shown,
      besides,
    });
  }
  const facts = [
    `The account to be ${deletes ? "deleted" : "offboarded"} has ${factsOf(theirs)}${deletes ? ", and is gone afterwards" : ""}.`,
    `The account that is kept has ${factsOf(kept)}.`,
    ...(moves ? overlap(theirs, kept) : ["There is nothing to move."]),
    ...membershipsLost(theirs, kept, moves),
    ...(before === "unknown" ? ["A move between the two was sent before; how it ended is not known."] : []),
    ...end.facts,
  ];
  if (looks) {
    const steps = [...first, ...end.jobSteps].flatMap(({ things }) =>
      things.map(({ what, done }) => `${what}: ${done}`),
    );
    return {
      outcome: "done",
      text: [
        `Nothing was changed. Merging ${inWords(from)} into ${inWords(into)} would:`,
        ...steps.map((one) => `- ${one}`),
        ...facts,
        ...shown,
        "Without look it asks a person first; there is no way back.",
      ].join("\n"),
      structured: { ...besides, would: steps, facts },
    };
  }
  const agreement = await inner.agree({
    asks: `Merge ${personCalled(from)} into ${personCalled(into)}, and then ${deletes ? "delete" : "offboard"} ${personCalled(from)}?`,
    told: [move.step, ...end.told],
    facts,
    steps: [...first, ...end.jobSteps].map(({ step }) => step),
    deserves: "removing",
    code: merging.code,
  });
  if (!("run" in agreement)) return agreement;
  return carryOut({ merging, move: moves ? move : undefined, end, besides, shown }, agreement, {
    world,
    inner,
  });
}

interface Merged {
  readonly merging: Merging;
  readonly move: JobStep | undefined;
  readonly end: Leaving;
  readonly besides: { readonly from: Side; readonly into: Side };
  readonly shown: readonly string[];
}

async function carryOut(
  { merging: { from, into, deletes }, move, end, besides, shown }: Merged,
  agreement: Agreement,
  { world, inner }: MergeContext,
): Promise<Reply> {
  const outcomes: StepOutcome[] = [];
  const notes: string[] = [];
  let stays: string | undefined;
  if (move !== undefined) {
    const { outcomes: own, replies } = await runSteps([move], agreement, inner);
    outcomes.push(...own);
    const reply = replies.get(move);
    const skipped = Number(reply?.structured?.skipped ?? 0);
    if (own[0]?.is !== "done") {
      stays = "the move is not known to have been done";
    } else if (skipped > 0) {
      stays = `${count(skipped, "record was", "records were")} not moved and would be lost`;
    } else if (deletes) stays = await leftBehind(from, into, { world, inner });
    if (skipped > 0)
      notes.push(`SkyPrep left ${count(skipped, "record", "records")} with person ${from.id}.`);
  }
  const known = stays === undefined || (!deletes && outcomes[0]?.is === "done");
  if (known) {
    const { jobSteps, gone } = await stillTo(end.jobSteps, from, move !== undefined, { world, inner });
    outcomes.push(...(await runSteps(jobSteps, agreement, inner)).outcomes, ...gone);
  } else {
    outcomes.push(...end.jobSteps.flatMap(({ things }) => things.map((thing) => notTried(thing, stays))));
    if (deletes && stays !== undefined) {
      notes.push(
        `Person ${from.id} was not deleted: ${stays}. Look at them; destroy_user deletes all the same.`,
      );
    }
  }
  outcomes.push(...end.already);
  notes.push(...end.notes);
  if (outcomes.some(({ is }) => is === "done" || is === "unknown")) {
    const isMoved = outcomes[0]?.is !== "unknown";
    notes.push(...(await notIn(into, besides.from.groups, { world, inner, isMoved })));
  }
  return tell({
    first: `Merged ${inWords(from)} into ${inWords(into)}: ${countsInWords(outcomes)}.`,
    outcomes,
    lines: shown,
    notes,
    besides,
    final: deletes && stays !== undefined && outcomes[0]?.is === "done",
  });
}

const deletionOf = (person: Someone): Leaving => ({
  jobSteps: [
    {
      step: { tool: "destroy_user", args: { user_id: person.id } },
      things: [{ what: `person ${person.id}`, done: "deleted" }],
    },
  ],
  already: [],
  later: [],
  ends: false,
  lost: "",
  takes: { rights: false, groups: false },
  facts: [],
  told: [],
  notes: [],
});

/** All that is left stood in courses that the other has a record in, too: SkyPrep left it there. */
function isLeftOver(theirs: PersonTraining, kept: PersonTraining): boolean {
  const own = new Set(kept.records.map(({ course }) => course));
  return theirs.courses.length === 0 && theirs.records.every(({ course }) => own.has(course));
}

function overlap(theirs: PersonTraining, kept: PersonTraining): string[] {
  const own = new Set(kept.records.map(({ course }) => course));
  const both = new Set(theirs.records.map(({ course }) => course).filter((course) => own.has(course)));
  return both.size > 0
    ? [
        `Both have a record in ${count(both.size, "course", "courses")}: SkyPrep may keep only one of the two, or leave one behind.`,
      ]
    : [];
}

/** Groups of the first that the other is not in: said before, for the first loses them in any case. */
function membershipsLost(theirs: PersonTraining, kept: PersonTraining, moves: boolean): string[] {
  const own = new Set(kept.groups.map((group) => numberIn(group)));
  const only = theirs.groups.filter((group) => !own.has(numberIn(group)));
  if (only.length === 0) return [];
  const these = only.length === 1 ? "this membership" : "these memberships";
  const groups = targetsCalled(
    only.map((group) => ({ kind: "group", id: numberIn(group), name: textIn(group.name) })),
  );
  return [
    moves
      ? `The account that is kept is not in ${groups}: SkyPrep may not move ${these}, and what is not moved is lost.`
      : `The account that is kept is not in ${groups}, and will not be: ${these} ${only.length === 1 ? "is" : "are"} lost.`,
  ];
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

const factsOf = (training: PersonTraining): string =>
  `${count(training.courses.length, "course", "courses")} (progress: ${statusesInWords(training)}) and ${count(training.groups.length, "group", "groups")}`;

/** What one had before anything was done. */
const inLine = (
  side: string,
  { id, name, login, role, last_login, courses, progress, groups }: Side,
): string =>
  [
    `${side}: person ${id} ${name} (${login})`,
    ...(role === undefined ? [] : [role]),
    ...(last_login === undefined ? [] : [`last sign-in ${last_login}`]),
    `${count(courses, "course", "courses")} (progress: ${progress})`,
    groups.length > 0 ? groups.join(", ") : "no groups",
  ].join("; ");

const sideOf = ({ id, login, name, row }: Someone, training: PersonTraining) => ({
  id,
  login: cleanText(login),
  name,
  ...(typeof row.role === "string" && { role: cleanText(row.role) }),
  ...(typeof row.last_login === "string" && { last_login: cleanText(row.last_login) }),
  courses: training.courses.length,
  progress: statusesInWords(training),
  groups: training.groups.map((group) => groupInWords(numberIn(group), group.name)),
});

type Side = ReturnType<typeof sideOf>;
