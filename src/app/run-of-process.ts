import type { Log } from "../call/log.ts";
import { createRunRecord, type RunRecord } from "../call/run/run-record.ts";
import type { Config } from "../config/read-config.ts";
import type { Journal } from "../journal/line.ts";
import { plainReason } from "../node/file-errors.ts";
import type { SharedState } from "../state/ports.ts";
import { createRunSummaries } from "../state/run-summaries.ts";

interface RunWorld {
  readonly state: Pick<SharedState, "where" | "whereOf" | "text" | "names">;
  readonly now: () => number;
}

/** Undefined: this process is a part of no run. */
export function recordOf(
  { run }: Config,
  { journal, log }: { readonly journal: Journal; readonly log: Log },
  { state, now }: RunWorld,
): RunRecord | undefined {
  if (run === undefined) return undefined;
  return createRunRecord(run, {
    summaries: createRunSummaries(state),
    journal,
    now,
    onTrouble: (error) =>
      log.warn(`what run ${run} came to could not be written to ${state.where} (${plainReason(error)})`),
  });
}

/** Each question that is put counts for the run. */
export const counting =
  (journal: Journal, record: RunRecord): Journal["note"] =>
  async (asked) => {
    await journal.note(asked);
    record.note(asked);
  };
