import type { JobContext } from "../../call/job-context.ts";
import type { Agreement } from "../../call/write/job-writes.ts";
import { followsInWords, leftInWords, readable } from "../../guard/undo-plan/promise.ts";
import type { Change } from "../../journal/line.ts";
import { failure, type Reply, refuse } from "../../reply/reply.ts";
import { capital, cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { personCalled, targetsCalled } from "../shared/called.ts";
import { type PlanTarget, planName } from "../shared/plan.ts";
import { tell } from "../steps/outcome-text.ts";
import { already, type JobStep, runSteps, type StepOutcome } from "../steps/run-steps.ts";
import { type Back, backOf, left, whatOf } from "./back.ts";
import { isTogether, type Together, takenBack } from "./enrolled-together.ts";
import { changesOfPlan } from "./plan-changes.ts";
import { isDated, notTheirs, wayBack } from "./way-back.ts";

/** So many ways back are looked at before the question; the others are when their turn comes. */
const mostLooked = 20;
/** So many changes are asked about, as so many enrollments would be. */
const unaskedChanges = 25;
const mostSaid = 6;
const mostShown = 30;
/** A page and a form bear so many lines. */
const mostLines = 120;

/** Changes that are undone together, newest first. */
interface ManyChanges {
  /** As a sentence begins with it: “Run “nightly””, “Plan elm-71”. */
  readonly called: string;
  readonly changes: readonly Change[];
  /** How lines that enrolled many together are taken apart; left out: they stay. */
  readonly together?: (lines: readonly Change[], signal: AbortSignal) => Promise<Together>;
  readonly besides: Readonly<Record<string, unknown>>;
  /** Outcomes that are shown; left out: as many as fit. */
  readonly most?: number;
}

/** Undoes what a run did, newest first, with one question for all of it. */
export async function undoRun(
  run: string,
  code: string | undefined,
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const called = `“${cleanText(run).slice(0, 64)}”`;
  const changes = await world.ofRun(run);
  if (changes.length === 0) {
    return refuse(
      `No change of a run called ${called} is here.`,
      "list_changes shows of which run a change is.",
    );
  }
  return undoMany({ called: `Run ${called}`, changes, besides: { run } }, code, world, inner);
}

/** Undoes what a plan did: also who was enrolled together with others, one by one. */
export async function undoPlan(
  typed: string,
  code: string | undefined,
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const name = planName(typed);
  const { opened, changes, all } = await changesOfPlan(name, world);
  if (changes.length === 0) {
    const said = cleanText(name).slice(0, 40);
    return opened === undefined
      ? refuse(`No change of a plan called ${said} is here.`, "list_changes shows of which plan a change is.")
      : refuse(`Plan ${said} changed nothing yet, so there is nothing to undo.`);
  }
  const together = (lines: readonly Change[], signal: AbortSignal) =>
    takenBack(lines, all, opened, world, signal);
  const many = { called: `Plan ${name}`, changes, together, besides: { plan: name }, most: mostShown };
  return undoMany(many, code, world, inner);
}

/**
 * What has changed since is left as it is, and what cannot be put back is said, each with why. Called again it goes
 * on: what was undone already is seen in the journal, and by reads.
 */
async function undoMany(
  { called, changes, together, besides, most }: ManyChanges,
  code: string | undefined,
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const lines = together === undefined ? [] : changes.filter(isTogether);
  const apart = await together?.(lines, inner.signal);
  const { backs, not } = await sorted(changes, apart, world, inner.signal);
  if (backs.length === 0) {
    const isOver = not.every(({ is }) => is === "already");
    const isPart = together !== undefined && not.some(({ is }) => is === "already");
    const more = isPart ? "Nothing more" : "Nothing";
    const first = isOver ? `${called} is undone already.` : `${more} of ${uncapital(called)} can be undone.`;
    return tell({ first, outcomes: not, final: true, besides, ...(most && { most: inRoom(not, most) }) });
  }
  const agreement = await inner.agree({
    asks: `Undo ${uncapital(called)}: ${count(backs.length, "change")}?`,
    facts: factsOf(backs, not),
    back: [...new Set(backs.flatMap(({ plan }) => [...mayNotCome(plan), ...plan.stays]))].slice(0, mostSaid),
    told: backs.filter(({ takes }) => takes !== undefined).map(({ step }) => step),
    steps: backs.map(({ step }) => step),
    deserves: backs.some(({ plan }) => isDated(plan.follows))
      ? "removing"
      : backs.length > unaskedChanges
        ? "many"
        : undefined,
    code,
  });
  if (!("run" in agreement)) return agreement;

  const jobSteps = backs.map(({ what, step }): JobStep => ({ step, things: [{ what, done: "undone" }] }));
  const { outcomes } = await runSteps(jobSteps, looking(agreement, backs, apart, inner.signal), inner);
  const all = [...outcomes, ...not];
  const undone = outcomes.filter(({ is }) => is === "done").length;
  return tell({
    first: `${called}: ${undone} of ${count(backs.length + not.filter(({ is }) => is !== "already").length, "change")} undone, newest first.`,
    outcomes: all,
    ...(most && { most: inRoom(all, most) }),
    final: outcomes.every(({ is }) => is === "done" || is === "failed"),
    besides: { ...besides, undone },
  });
}

/** Characters that outcomes may take, so that a reply stays short in any size of plan. */
const room = 4_000;

/** How many outcomes have room, at most so many: a reason that many share takes room once. */
function inRoom(outcomes: readonly StepOutcome[], most: number): number {
  const longest = Math.max(...outcomes.map(({ what, why = "" }) => what.length + why.length), 1);
  const reasons = new Set(outcomes.map(({ why }) => why));
  const isShared = reasons.size <= 3;
  const each = isShared ? Math.max(...outcomes.map(({ what }) => what.length), 1) + 25 : longest + 25;
  return Math.max(1, Math.min(most, Math.floor(room / each)));
}

const uncapital = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** Newest first: what can be put back, and what cannot or need not. */
async function sorted(
  changes: readonly Change[],
  apart: Together | undefined,
  world: JobWorld,
  signal: AbortSignal,
): Promise<{ readonly backs: readonly Back[]; readonly not: readonly StepOutcome[] }> {
  const own = new Set(changes.map(({ seq }) => seq));
  const backs: Back[] = [];
  const not: StepOutcome[] = [];
  const touched = new Set<string>();
  let looked = 0;
  const take = async (back: Back) => {
    // Where a later change of these is undone first, it shows only then how this one stands.
    const costs = back.takes === undefined;
    if (!costs || (looked < mostLooked && !back.names.some((name) => touched.has(name)))) {
      if (costs) looked += 1;
      const since = await back.since(signal);
      if (since.length > 0) {
        not.push(left(back.what, `changed since: ${since.join(" ")}`));
        return;
      }
    }
    for (const name of back.names) touched.add(name);
    backs.push(back);
  };
  for (const change of changes) {
    const { intent, outcome, undoneBy } = change;
    // What the run took back by itself is undone as it is, and what was not done needs no undoing.
    if ((intent.undoes !== undefined && own.has(intent.undoes)) || outcome?.is === "failed") continue;
    const title = world.records.get(intent.tool)?.operation.title ?? intent.tool;
    const what = whatOf(change, title);
    const whose = notTheirs(change);
    if (whose !== undefined) {
      not.push(left(what, `${whose} did it, who alone can undo it`));
      continue;
    }
    const several = apart?.of.get(change.seq);
    if (several !== undefined) {
      not.push(...several.not);
      for (const back of several.backs) await take(back);
      continue;
    }
    if (undoneBy !== undefined) {
      not.push(already(what, `undone by change ${undoneBy}`));
      continue;
    }
    if (outcome?.is !== "done") {
      not.push(left(what, "whether it was done is not known: look with a read"));
      continue;
    }
    const way = await wayBack(change, world);
    if ("not" in way) {
      const why = way.not.join(" ");
      not.push(way.soBefore ? already(what, "it was so before") : left(what, why));
      continue;
    }
    await take(backOf(change, way, world));
  }
  return { backs, not };
}

function factsOf(backs: readonly Back[], not: readonly StepOutcome[]): string[] {
  const parts = backs.filter(({ plan }) => plan.left.length > 0);
  const dated = backs.flatMap(({ plan }) => plan.follows);
  const stays = not.filter(({ is }) => is !== "already");
  return [
    ...(stays.length > 0 ? [`${count(stays.length, "other change")} of it cannot be undone.`] : []),
    ...parts
      .slice(0, mostSaid)
      .map(({ change, plan }) => `Of change ${change.seq} not all is put back: ${leftInWords(plan.left)}.`),
    ...(dated.length > 0
      ? [
          `This may be lost or get a new date: ${followsInWords(dated.slice(0, mostSaid), readable)}. The result may then be valid for longer than was earned.`,
        ]
      : []),
    ...takenOut(backs),
  ];
}

/** Who is taken out of what, a line each. */
function takenOut(backs: readonly Back[]): string[] {
  const lines = new Map<string, PlanTarget[]>();
  for (const { takes } of backs) {
    if (takes === undefined) continue;
    const who = personCalled(takes.who);
    lines.set(who, [...(lines.get(who) ?? []), takes.target]);
  }
  const all = [...lines].map(([who, targets]) => `${who}: no longer in ${targetsCalled(targets)}`);
  const more = all.length - mostLines;
  return [
    ...all.slice(0, mostLines),
    ...(more > 0 ? [`And ${count(more, "more person", "more people")}.`] : []),
  ];
}

const mayNotCome = ({ loses }: Back["plan"]): string[] =>
  loses === undefined ? [] : [`${capital(loses)} may not come back.`];

/** Each step only while things stand as its change left them, and with what it left looked at. */
function looking(
  agreement: Agreement,
  backs: readonly Back[],
  apart: Together | undefined,
  signal: AbortSignal,
): Agreement {
  const byStep = new Map(backs.map((back) => [back.step, back]));
  // A person may have thought about it for minutes: what was read for all of them is read again.
  apart?.renew();
  return {
    ...agreement,
    run: async (step) => {
      const back = byStep.get(step);
      if (back === undefined) return agreement.run(step);
      const since = await back.since(signal);
      if (since.length > 0) return failure(`Things have changed since: ${since.join(" ")}`);
      const reply = await agreement.run(step);
      return reply.outcome === "done" ? back.seen(reply, signal) : reply;
    },
  };
}
