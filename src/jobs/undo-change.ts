import { z } from "zod";
import type { WriteOperation } from "../../tools/schema/operation.ts";
import { toolName } from "../call/catalogue.ts";
import type { Change } from "../journal/line.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { confirm, field } from "./field.ts";
import type { Job, JobWorld } from "./job.ts";
import { insteadOf } from "./undo/instead.ts";
import { planBack } from "./undo/plan.ts";
import { changedSince } from "./undo/since.ts";

/** Does the opposite of a change, once, through the same call path: its own kind decides the question. */
export const undo_change: Job = {
  title: "Undo a change",
  description:
    "Undo one change of list_changes where SkyPrep allows it; where not, says what can be done instead. A person may be asked.",
  effect: "change",
  idempotent: false,
  input: z.strictObject({
    change: field(z.int().min(1), "Its number", 41),
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
      const calls = insteadOf(change.intent.tool, image);
      return refuse(
        `Change ${seq} (${change.intent.tool}) cannot be undone. ${undo.no}`,
        ...(undo.instead ? [undo.instead] : []),
        ...(calls.length > 0 ? ["Something like it can be made anew, without the progress:", ...calls] : []),
      );
    }
    const undoing = { change, operation, way: undo, image };
    const plan = planBack(undoing);
    if ("wrong" in plan) return refuse(`Change ${seq} was not undone; nothing was sent.`, ...plan.wrong);
    const since = await changedSince(undoing, plan.args, named(world), inner.signal);
    if (since.length > 0) {
      return refuse(`Change ${seq} was not undone: things have changed since. Nothing was sent.`, ...since);
    }
    const tool = toolName(undo.with);
    const reply = await inner.call(
      tool,
      { ...plan.args, ...(confirm !== undefined && { confirm }) },
      change.seq,
    );
    if (reply === undefined) return refuse(`${tool} is not offered here, so change ${seq} cannot be undone.`);
    if (reply.outcome !== "done") return reply;
    const left = plan.left.length > 0 ? `\nNot put back: ${plan.left.join(", ")}.` : "";
    const first =
      reply.seen?.verified === "no"
        ? `Change ${seq} was called back, but a read does not show it.`
        : `Change ${seq} was undone.`;
    return { ...reply, text: `${first}\n${reply.text}${left}` };
  },
};

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
