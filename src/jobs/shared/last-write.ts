import { CannotWrite, type Change } from "../../journal/line.ts";
import type { JobWorld } from "../job.ts";

/** When this computer last changed something in SkyPrep, in whichever process; epoch milliseconds. */
export interface Written {
  /** Undefined: nothing in that time. */
  readonly last: number | undefined;
  /** The last that may have taken records away: looking at what changed does not show that. */
  readonly removed: number | undefined;
}

/** By the journal, since then. What may still be on its way counts as written now. */
export async function writtenSince(
  from: number,
  { journal, account, now, records }: Pick<JobWorld, "journal" | "account" | "now" | "records">,
): Promise<Written> {
  const changes = await journal.since(account, from - longestMs).catch(unlessBug);
  const sent = changes.filter((one) => one.outcome?.is !== "failed" && endOf(one, now()) >= from);
  const takesAway = ({ intent: { tool } }: Change) => records.get(tool)?.operation.effect === "remove";
  const latest = (some: readonly Change[]) =>
    some.length === 0 ? undefined : Math.max(...some.map((one) => endOf(one, now())));
  return { last: latest(sent), removed: latest(sent.filter(takesAway)) };
}

/** A journal that cannot be read stops writes; what was read of SkyPrep is only older than it might be. */
function unlessBug(error: unknown): readonly Change[] {
  if (!(error instanceof CannotWrite) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  return [];
}

/** What began earlier has ended. */
const longestMs = 600_000;

function endOf({ at, outcome, ms }: Change, now: number): number {
  const begun = Date.parse(at);
  if (outcome === undefined) return now - begun < longestMs ? now : begun;
  return begun + (ms ?? 0);
}
