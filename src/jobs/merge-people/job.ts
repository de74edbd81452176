import { z } from "zod";
import { createReads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { confirm, field } from "../shared/input-fields.ts";
import { personNamed } from "../shared/name-targets.ts";
import { lastAdmin } from "../shared/offboard-steps.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { merge } from "./merge-steps.ts";
import { deletionOf, lastMove } from "./moved-before.ts";

const who = (words: string, example: string) => field(z.string().trim().min(1).max(255), words, example);

const input = z.strictObject({
  from: who("Account that ends: login, number or name", "102"),
  into: who("Account that stays, likewise", "101"),
  delete: field(z.boolean(), "true: deletes from; else offboards it", false).optional(),
  look: field(z.boolean(), "true: only shows it", true).optional(),
  confirm,
});
type MergeArgs = z.output<typeof input>;

/** One person's training handed to another, and an end to the first. */
export const merge_people = defineJob({
  title: "Merge two people",
  description:
    "One person with two accounts: moves the training of “from” to “into”, then offboards “from”, or deletes it. Asks first; no way back. Only moving training: move_training_data.",
  searchHint:
    "duplicate user records, same person has two accounts or logins, merge users, combine, double profile, name change",
  effect: "remove",
  idempotent: false,
  input,
  run: (args, world, inner) => refuseOnReadFailure("Nobody was merged", () => begin(args, world, inner)),
});

async function begin(asked: MergeArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal } = inner;
  const reads = createReads(world.read, signal);
  const naming = { world, reads, signal, wrong: [] as string[] };
  const from = await personNamed(asked.from, naming);
  const changes = await world.journal.changes(world.account);
  const gone = from === undefined ? deletionOf(changes, asked.from) : undefined;
  const into = await personNamed(asked.into, naming);
  if (gone !== undefined && into !== undefined) {
    return {
      outcome: "done",
      text: `Nothing to do: “${asked.from}” was deleted already, by change ${gone.seq} of list_changes.`,
      structured: { finished: true, deleted_by_change: gone.seq },
    };
  }
  if (from === undefined || into === undefined) {
    return refuse("Nobody was merged; nothing was sent.", ...naming.wrong);
  }
  if (from.id === into.id) {
    return refuse(`Nobody was merged: both are person ${from.id}. Nothing was sent.`);
  }
  const last = await lastAdmin(from, world, signal);
  if (last !== undefined) return refuse(last, "Nothing was sent.");
  const before = lastMove(changes, { from: from.id, into: into.id });
  const merging = {
    from,
    into,
    deletes: asked.delete === true,
    looks: asked.look === true,
    before,
    code: asked.confirm,
  };
  return merge(merging, reads, { world, inner });
}
