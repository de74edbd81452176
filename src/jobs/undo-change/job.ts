import { z } from "zod";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { createBoundedReads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { type NoWay, planBack, type Undoing, type UndoPlan } from "../../guard/undo-plan/plan.ts";
import { followsInWords, leftInWords, readable } from "../../guard/undo-plan/promise.ts";
import type { Change } from "../../journal/line.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { thingsCalled } from "../shared/called.ts";
import { confirm, field } from "../shared/input-fields.ts";
import { alternativesTo } from "./alternatives.ts";
import { compared } from "./compared.ts";
import { conflictsSince } from "./conflict-check.ts";
import { told } from "./summary-text.ts";

/** Does the opposite of a change, once, through the same call path: its own kind decides the question. */
export const undo_change = defineJob({
  title: "Undo a change",
  description:
    "Put one change of list_changes back, where SkyPrep allows it and nothing changed since; else says what to do instead. Asks first where the way back would. A second time is refused.",
  searchHint:
    "revert, reverse the last change, put it back the way it was, I made a mistake, roll back, restore, wrong person",
  effect: "change",
  idempotent: false,
  input: z.strictObject({
    change: field(z.int().min(1), "Its number in list_changes", 41),
    confirm,
  }),
  async run({ change: seq, confirm }, world, inner) {
    const all = await world.journal.changes(world.account);
    const change = all.find((one) => one.seq === seq);
    if (change === undefined)
      return refuse(`There is no change ${seq} here.`, "list_changes shows their numbers.");
    const found = world.records.get(change.intent.tool);
    const ended = notToUndo(change);
    if (ended) return ended;
    if (found === undefined || found.operation.effect === "read") {
      return refuse(`${change.intent.tool} cannot be undone from here.`);
    }
    const operation = found.operation as WriteOperation;
    const image = change.intent.before
      ? ((await world.journal.image(change.seq)) as Record<string, unknown> | undefined)
      : undefined;
    const { undo } = operation;
    if ("no" in undo) {
      const calls = alternativesTo(change.intent.tool, image);
      return refuse(
        `Change ${seq} (${change.intent.tool}) cannot be undone. ${undo.no}`,
        ...(undo.instead ? [undo.instead] : []),
        ...(calls.length > 0 ? ["Something like it can be made anew, without the progress:", ...calls] : []),
      );
    }
    const undoing: Undoing = {
      operation,
      way: undo,
      given: change.intent.arguments,
      targets: change.intent.targets,
      image,
      made: change.outcome?.is === "done" ? change.outcome.made : undefined,
    };
    const plan = planBack(undoing);
    if ("why" in plan) return refuse(`Change ${seq} was not undone; nothing was sent.`, noWay(plan));
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
    back: [
      ...(loses === undefined
        ? []
        : [`${loses.charAt(0).toUpperCase()}${loses.slice(1)} may not come back.`]),
      ...stays,
    ],
    steps: [step],
    // A certificate that seems to be of today is worth a person's look.
    deserves: follows.some(({ field }) => isDated.test(field)) ? "removing" : undefined,
    code,
    undoes: seq,
  });
  return "run" in agreement ? agreement.run(step) : agreement;
}

const isDated = /^(completion_date|expiration_date|completed_at)$/;

function noWay({ why, left = [], many, with: route }: NoWay): string {
  switch (why) {
    case "not-kept":
      return "What was there before was not kept, or no longer is (SKYPREP_KEEP_DAYS): it cannot be put back from here.";
    case "so-before":
    case "there-already":
    case "not-there":
      return "It was so before that change already: there is nothing to undo.";
    case "several":
      return `It was about ${many}: undo them one by one with ${toolName(route)}.`;
    case "no-number":
      return `SkyPrep did not say which number the new one has: find it, then use ${toolName(route)}.`;
    default:
      return `It cannot be put back: ${leftInWords(left)}.`;
  }
}

/** `records` is by tool; ways back are written by route. */
const named = ({ read, records }: JobWorld) => ({
  read,
  records: new Map([...records.values()].map((one) => [one.route, one])),
});

function notToUndo({ seq, outcome, undoneBy }: Change): Reply | undefined {
  if (undoneBy !== undefined) return refuse(`Change ${seq} was undone already, by change ${undoneBy}.`);
  if (outcome?.is === "failed") return refuse(`Change ${seq} was not done, so there is nothing to undo.`);
  if (outcome?.is !== "done") {
    return refuse(
      `Whether change ${seq} was done is not known.`,
      "Look with a read; if it was, do the opposite with the tool for it.",
    );
  }
  return undefined;
}
