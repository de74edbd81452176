import type { JobContext } from "../../call/job-context.ts";
import type { Agreement, WriteStep } from "../../call/write/job-writes.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { followsInWords, leftInWords, readable } from "../../guard/undo-plan/promise.ts";
import type { Change, Target } from "../../journal/line.ts";
import { failure, type Reply, refuse } from "../../reply/reply.ts";
import { andMore, cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { tell } from "../steps/outcome-text.ts";
import { already, type JobStep, runSteps, type StepOutcome } from "../steps/run-steps.ts";
import { compared } from "./compared.ts";
import { conflictsSince } from "./conflict-check.ts";
import { told } from "./summary-text.ts";
import { isDated, named, notTheirs, type WayBack, wayBack } from "./way-back.ts";

/** A change of the run that can be put back, as far as is known before anything is sent. */
interface Back extends WayBack {
  readonly change: Change;
  readonly step: WriteStep;
}

/** So many ways back are looked at before the question; the others are when their turn comes. */
const mostLooked = 20;
/** So many changes are asked about, as so many enrollments would be. */
const unaskedChanges = 25;
const mostSaid = 6;

/**
 * Undoes what a run did, newest first, with one question for all of it. What has changed since is left as it is, and
 * what cannot be put back is said, each with why.
 */
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
  const { backs, not } = await sorted(changes, world, inner.signal);
  if (backs.length === 0) {
    const isOver = not.every(({ is }) => is === "already");
    const first = isOver ? `Run ${called} is undone already.` : `Nothing of run ${called} can be undone.`;
    return tell({ first, outcomes: not, final: true, besides: { run } });
  }
  const agreement = await inner.agree({
    asks: `Undo run ${called}: ${count(backs.length, "change")}?`,
    facts: factsOf(backs, not),
    back: [...new Set(backs.flatMap(({ plan }) => [...mayNotCome(plan), ...plan.stays]))].slice(0, mostSaid),
    steps: backs.map(({ step }) => step),
    deserves: backs.some(({ plan }) => isDated(plan.follows))
      ? "removing"
      : backs.length > unaskedChanges
        ? "many"
        : undefined,
    code,
  });
  if (!("run" in agreement)) return agreement;

  const jobSteps = backs.map(
    ({ change, operation, step }): JobStep => ({
      step,
      things: [{ what: whatOf(change, operation.title), done: "undone" }],
    }),
  );
  const { outcomes } = await runSteps(jobSteps, looking(agreement, backs, world, inner.signal), inner);
  const undone = outcomes.filter(({ is }) => is === "done").length;
  return tell({
    first: `Run ${called}: ${undone} of ${count(backs.length + not.filter(({ is }) => is !== "already").length, "change")} undone, newest first.`,
    outcomes: [...outcomes, ...not],
    final: outcomes.every(({ is }) => is === "done" || is === "failed"),
    besides: { run, undone },
  });
}

/** Newest first: what can be put back, and what cannot or need not. */
async function sorted(
  changes: readonly Change[],
  world: JobWorld,
  signal: AbortSignal,
): Promise<{ readonly backs: readonly Back[]; readonly not: readonly StepOutcome[] }> {
  const own = new Set(changes.map(({ seq }) => seq));
  const backs: Back[] = [];
  const not: StepOutcome[] = [];
  const touched = new Set<string>();
  let looked = 0;
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
    const names = intent.targets.map(nameOf);
    // Where a later change of this run is undone first, it shows only then how this one stands.
    if (looked < mostLooked && !names.some((name) => touched.has(name))) {
      looked += 1;
      const since = await conflictsSince(way.undoing, way.plan, named(world), signal);
      if (since.length > 0) {
        not.push(left(what, `changed since: ${since.join(" ")}`));
        continue;
      }
    }
    for (const name of names) touched.add(name);
    const { plan } = way;
    backs.push({ ...way, change, step: { tool: toolName(plan.with), args: plan.args, undoes: change.seq } });
  }
  return { backs, not };
}

const left = (what: string, why: string): StepOutcome => ({
  what,
  is: "not tried",
  outcome: "not undone",
  why: cleanText(why).slice(0, 240),
});

const nameOf = ({ kind, id, login, name }: Target): string => `${kind} ${id ?? login ?? name}`;

const most = 2;
function whatOf({ seq, intent: { targets } }: Change, title: string): string {
  const on = targets
    .slice(0, most)
    .map(({ kind, id, login, name }) =>
      cleanText([kind, id, login ?? name].filter(Boolean).join(" ")).slice(0, 80),
    );
  const named = on.length === 0 ? "" : `: ${andMore(on, targets.length - on.length)}`;
  return `change ${seq}, ${title}${named}`;
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
  ];
}

const mayNotCome = ({ loses }: WayBack["plan"]): string[] =>
  loses === undefined ? [] : [`${loses.charAt(0).toUpperCase()}${loses.slice(1)} may not come back.`];

/** Each step only while things stand as its change left them, and with what it left looked at. */
function looking(
  agreement: Agreement,
  backs: readonly Back[],
  world: JobWorld,
  signal: AbortSignal,
): Agreement {
  const byStep = new Map(backs.map((back) => [back.step, back]));
  return {
    ...agreement,
    run: async (step) => {
      const back = byStep.get(step);
      if (back === undefined) return agreement.run(step);
      const { undoing, plan, change } = back;
      const since = await conflictsSince(undoing, plan, named(world), signal);
      if (since.length > 0) return failure(`Things have changed since: ${since.join(" ")}`);
      const reply = await agreement.run(step);
      if (reply.outcome !== "done") return reply;
      const said = await told(change.seq, plan, reply, () => compared(undoing, plan, named(world), signal));
      const found = [said.structured?.not_as_before ?? []].flat().map(String);
      const isPart = found.length > 0 || plan.left.length > 0;
      if (!isPart) return { ...said, outcome: "done" };
      const seen =
        found.length > 0 ? `not as before: ${found.join("; ")}` : `not put back: ${leftInWords(plan.left)}`;
      return { ...said, outcome: "done", seen: { verified: "partly", found: seen } };
    },
  };
}
