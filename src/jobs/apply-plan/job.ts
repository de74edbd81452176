import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { confirm, field } from "../shared/input-fields.ts";
import { countOf, goodForMs, type OpenedPlan, planName, plansOf, readPlan } from "../shared/plan.ts";
import { type Batch, stepsOf } from "../shared/plan-batches.ts";
import {
  askInWords,
  costInWords,
  costOf,
  effectInWords,
  outcomesInWords,
  stepsInWords,
  unitsWith,
  whomByName,
} from "../shared/plan-text.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { carryOut } from "./carry-out.ts";
import { withoutAdministrator } from "./last-admin.ts";
import { report } from "./outcome-text.ts";
import { outcomePieces } from "./pieces.ts";
import { seated } from "./seats.ts";
import { settle } from "./settle-lost.ts";
import { stepIsSo } from "./step-proof.ts";
import { stillPassed } from "./still-passed.ts";
import { withoutStrangers } from "./strangers.ts";

/** So many writes of a roster are asked about, as so many enrollments would be. */
const unaskedWrites = 25;

/** Does what a plan says, once, whoever stops it half-way. */
export const apply_plan = defineJob({
  title: "Apply a plan",
  description:
    "Step 2: do what a plan says, once the person saw it. Asks first beyond 25 changes an hour, or where something ends. May mail those enrolled. Stopped half-way: call again, nothing is repeated.",
  searchHint: "go ahead with the plan, carry out, execute, confirm, yes do it",
  effect: "change",
  idempotent: true,
  board: "plan",
  input: z.strictObject({
    plan: field(z.string().trim().min(1).max(40), "The plan's name, e.g. oak-17", "oak-17"),
    confirm,
  }),
  run: ({ plan, confirm }, world, inner) =>
    refuseOnReadFailure("The plan was not applied", () => apply(planName(plan), confirm, world, inner)),
});

async function apply(
  name: string,
  code: string | undefined,
  world: JobWorld,
  inner: JobContext,
): Promise<Reply> {
  const plans = plansOf(world);
  const found = await readPlan(plans, name);
  const no = found === undefined ? unknownPlan() : refusalOf(found, world);
  if (found === undefined || no) return no ?? unknownPlan();

  const known = await withoutStrangers(found.plan, found.state, world, inner.signal);
  const seats = await seated(
    found.plan,
    await settle(found.plan, known, world, inner.signal),
    world,
    inner.signal,
  );
  if ("wrong" in seats) return refuse(`${seats.wrong} Nothing was sent.`, anew);
  const settled = await stillPassed(found.plan, seats.state, world, inner.signal);
  const revision =
    settled === found.state ? found.revision : await plans.advance(name, found.revision, settled);
  const standing: OpenedPlan = { ...found, state: settled, revision };
  const steps = stepsOf(found.plan, settled);
  if (steps.length === 0) {
    const wait =
      countOf(settled, "?") > 0
        ? ["What became of some is not known, and no read shows it yet: call again in a minute."]
        : undefined;
    return report(standing, wait, world);
  }
  const last = await withoutAdministrator(found.plan, settled, world, inner.signal);
  if (last !== undefined) return refuse(last, `Nothing was sent. ${anew}`);
  const agreement = await inner.agree({
    asks: askInWords(found.plan, settled),
    facts: [
      effectInWords(found.plan, settled),
      ...stepsInWords(found.plan, settled),
      ...(found.plan.told ? [] : whomByName(found.plan, unitsWith(settled, "."))),
      costInWords(costOf(found.plan, settled, world.records)),
      ...(countOf(settled, "+") > 0 ? [`It goes on where it was: ${outcomesInWords(settled)}.`] : []),
      `This is plan ${name}.`,
    ],
    ...(found.plan.told?.whole && { told: steps }),
    ...(found.plan.told?.back && { back: found.plan.told.back }),
    steps,
    plan: name,
    deserves: deserved(standing, steps),
    code,
  });
  if (!("run" in agreement)) return agreement;
  const { standing: after, stopped } = await carryOut(standing, steps, {
    plans,
    agreement,
    now: world.now,
    isSo: async (unit) => (await stepIsSo(found.plan, unit, world, inner.signal)) === true,
    inner,
  });
  return report(after, stopped, world);
}

const unknownPlan = () =>
  refuse(
    "There is no such plan here: whatever makes plans names them; they are kept for a week, and good for the account they were made for only.",
  );

/** Why nothing is to be done: it may not be, or it is done already, which is an answer and no error. */
function refusalOf({ name, plan, state }: OpenedPlan, { academy, now }: JobWorld): Reply | undefined {
  if (plan.account !== academy) {
    return refuse(`Plan ${name} was made for another account, or a sandbox of another size.`, anew);
  }
  if (plan.units.length === 0) {
    return refuse(`Plan ${name} has nothing to be done: only who was not in a plan is kept under that name.`);
  }
  if (countOf(state, ".") + countOf(state, "?") === 0) {
    return {
      outcome: "done",
      text: `Plan ${name} was applied already: ${outcomesInWords(state)}. Nothing was sent.`,
      structured: { plan: name, finished: true, done: countOf(state, "+"), failed: countOf(state, "!") },
      pieces: outcomePieces({ name, plan, state }),
    };
  }
  if (now() - plan.at > goodForMs) {
    return refuse(
      `Plan ${name} is more than a day old (${outcomesInWords(state)}): people and enrollments may have changed. Nothing was sent.`,
      anew,
    );
  }
  return undefined;
}
const anew = "Make a new plan: what is so already is then left out.";

/** Ending access is asked about whoever it is; so are many changes, which one by one would not be. */
function deserved({ plan }: OpenedPlan, steps: readonly Batch[]) {
  if (plan.kind === "enrollment") return undefined;
  if (plan.told?.deserves) return plan.told.deserves;
  if (steps.some(({ args }) => "access_end_date" in args)) return "removing" as const;
  return steps.length > unaskedWrites ? ("many" as const) : undefined;
}
