import { z } from "zod";
import { createBoundedReads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import type { UndoPlan } from "../../guard/undo-plan/plan.ts";
import { followsInWords, leftInWords, readable } from "../../guard/undo-plan/promise.ts";
import type { Change } from "../../journal/line.ts";
import { type Reply, refuse, refuseFor } from "../../reply/reply.ts";
import { capital } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { thingsCalled } from "../shared/called.ts";
import { confirm, field, run, unlisted } from "../shared/input-fields.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { compared } from "./compared.ts";
import { conflictsSince } from "./conflict-check.ts";
import { told } from "./summary-text.ts";
import { undoPlan, undoRun } from "./undo-many.ts";
import { isDated, named, notToUndo, wayBack } from "./way-back.ts";

/** Does the opposite of a change, once, through the same call path: its own kind decides the question. */
export const undo_change = defineJob({
  title: "Undo a change",
  description:
    "Put a change of list_changes, or all a plan or run did, back where SkyPrep allows it and nothing changed since; else says what to do; may ask. Twice is refused.",
  searchHint:
    "revert, reverse the last change, put it back the way it was, I made a mistake, roll back, restore, wrong person",
  effect: "change",
  idempotent: false,
  input: z.strictObject({
    change: field(z.int().min(1), "Its number in list_changes; else plan", 41).optional(),
    plan: field(z.string().trim().min(1).max(40), "A plan's; else change", "oak-17").optional(),
    run: unlisted(run),
    confirm,
  }),
  async run({ change: seq, plan: planned, run, confirm }, world, inner) {
    if ([seq, planned, run].filter((one) => one !== undefined).length !== 1) return either;
    if (planned !== undefined)
      return refuseOnReadFailure("Nothing was undone", () => undoPlan(planned, confirm, world, inner));
    if (run !== undefined) return undoRun(run, confirm, world, inner);
    const all = await world.journal.changes(world.account);
    const change = all.find((one) => one.seq === seq);
    if (change === undefined || seq === undefined)
      return refuse(`There is no change ${seq} here.`, "list_changes shows their numbers.");
    const ended = notToUndo(change);
    if (ended) return ended;
    const back = await wayBack(change, world);
    if ("not" in back) return refuse(...back.not);
    const { undoing, plan, operation } = back;
    const since = await conflictsSince(undoing, plan, named(world), inner.signal);
    if (since.length > 0) {
      return refuse(`Change ${seq} was not undone: things have changed since. Nothing was sent.`, ...since);
    }
    const code = typeof confirm === "string" ? confirm : undefined;
    const reply = await carryOut(change, operation.title, plan, code, { world, inner });
    if (reply === undefined) {
      return refuse(`${toolName(plan.with)} is not offered here, so change ${seq} cannot be undone.`);
    }
    return told(change.seq, plan, reply, () => compared(undoing, plan, named(world), inner.signal));
  },
});

const either = refuseFor(
  "arguments",
  "Nothing was undone, and nothing was sent.",
  "Give one of change, plan or run, e.g. change: 41.",
);

/** One call. What it will not bring back stands in its question, where it asks one. */
async function carryOut(
  { seq, intent }: Change,
  title: string,
  plan: UndoPlan,
  code: string | undefined,
  { world, inner }: { readonly world: JobWorld; readonly inner: JobContext },
): Promise<Reply | undefined> {
  const tool = toolName(plan.with);
  const { args, left, follows, loses, stays } = plan;
  if (left.length + follows.length + stays.length === 0 && loses === undefined) {
    return inner.call(tool, { ...args, ...(code !== undefined && { confirm: code }) }, seq);
  }
  const step = { tool, args };
  const reads = createBoundedReads(world.read, inner.signal, new AbortController().signal);
  const named = await thingsCalled(intent.targets, reads);
  const agreement = await inner.agree({
    asks: `Undo change ${seq}, “${title}”${named === "" ? "" : `, for ${named}`}?`,
    facts: [
      ...(left.length > 0 ? [`Not all of it is put back: ${leftInWords(left)}.`] : []),
      ...(follows.length > 0
        ? [
            `This may be lost or get a new date: ${followsInWords(follows, readable)}. The result may then be valid for longer than was earned.`,
          ]
        : []),
    ],
    back: [...(loses === undefined ? [] : [`${capital(loses)} may not come back.`]), ...stays],
    steps: [step],
    // A certificate that seems to be of today is worth a person's look.
    deserves: isDated(follows) ? "removing" : undefined,
    code,
    undoes: seq,
  });
  return "run" in agreement ? agreement.run(step) : agreement;
}
