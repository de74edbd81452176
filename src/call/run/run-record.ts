import type { AskedLine, Change, Journal } from "../../journal/line.ts";
import type { CallOutcome } from "../../reply/reply.ts";
import type { Send } from "../../skyprep/send.ts";
import type { RunSummaries, RunSummary } from "../../state/run-summaries.ts";

/** What one call came to. */
export interface CallEnded {
  readonly tool: string;
  readonly outcome: CallOutcome | "cancelled" | "defect";
  /** It was done already in this run. */
  readonly skipped: boolean;
  readonly ms: number;
}

/** Counts what a process does for a run, and adds it to the run's summary after each call. */
export interface RunRecord {
  readonly name: string;
  /** The same, counted. */
  readonly send: (send: Send) => Send;
  readonly note: (asked: AskedLine) => void;
  /** So many changes are about to be made. */
  readonly planned: (changes: number) => void;
  readonly ended: (call: CallEnded) => Promise<void>;
}

export interface RunRecordWorld {
  readonly summaries: RunSummaries;
  readonly journal: Pick<Journal, "ofRun">;
  readonly now: () => number;
  /** Told where it could not be written: no call fails for it. */
  readonly onTrouble: (error: unknown) => void;
}

export function createRunRecord(name: string, world: RunRecordWorld): RunRecord {
  const { summaries, journal, now, onTrouble } = world;
  let calls = 0;
  let planned = 0;
  let asked = 0;
  return {
    name,
    send: (send) => (request, signal, context) => {
      calls += 1;
      return send(request, signal, context);
    },
    note: ({ said }) => {
      if (said === "asked") asked += 1;
    },
    planned: (changes) => {
      planned += changes;
    },
    async ended(call) {
      const own = { calls, planned, asked };
      [calls, planned, asked] = [0, 0, 0];
      try {
        const changes = await journal.ofRun(name);
        await summaries.change(name, (before) =>
          added(before ?? fresh(name, now() - call.ms), own, call, { changes, now: now() }),
        );
      } catch (error) {
        onTrouble(error);
      }
    },
  };
}

const fresh = (run: string, at: number): RunSummary => ({
  run,
  began: new Date(at).toISOString(),
  ended: new Date(at).toISOString(),
  minutes: 0,
  calls: 0,
  planned: 0,
  done: 0,
  failed: 0,
  unknown: 0,
  undone: 0,
  refused: 0,
  asked: 0,
  skipped: 0,
  tools: {},
});

/** What the journal says of a run: whatever became of the process that made a change. */
export function figuresOf(
  changes: readonly Change[],
): Pick<RunSummary, "done" | "failed" | "unknown" | "undone"> {
  const ended = (is: "done" | "failed" | "unknown") =>
    changes.filter(({ outcome }) => (outcome?.is ?? "unknown") === is).length;
  return {
    done: ended("done"),
    failed: ended("failed"),
    unknown: ended("unknown"),
    undone: changes.filter(({ undoneBy }) => undoneBy !== undefined).length,
  };
}

/** A summary of what the journal alone knows; undefined: it knows of no such run. */
export function summaryOf(run: string, changes: readonly Change[]): RunSummary | undefined {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const tools: Record<string, Record<string, number>> = {};
  for (const { intent, outcome } of changes)
    tools[intent.tool] = plus(tools[intent.tool], outcome?.is ?? "unknown");
  return {
    ...fresh(run, Date.parse(first.at)),
    ended: last.at,
    planned: changes.length,
    ...figuresOf(changes),
    tools,
  };
}

const plus = (tally: Readonly<Record<string, number>> = {}, word: string): Record<string, number> => ({
  ...tally,
  [word]: (tally[word] ?? 0) + 1,
});

function added(
  before: RunSummary,
  own: Readonly<Record<"calls" | "planned" | "asked", number>>,
  { tool, outcome, skipped, ms }: CallEnded,
  { changes, now }: { readonly changes: readonly Change[]; readonly now: number },
): RunSummary {
  return {
    ...before,
    ended: new Date(now).toISOString(),
    minutes: Math.round((before.minutes + ms / 60_000) * 1_000) / 1_000,
    calls: before.calls + own.calls,
    planned: before.planned + own.planned,
    asked: before.asked + own.asked,
    refused: before.refused + (outcome === "refused" ? 1 : 0),
    skipped: before.skipped + (skipped ? 1 : 0),
    ...figuresOf(changes),
    tools: { ...before.tools, [tool]: plus(before.tools[tool], skipped ? "skipped" : outcome) },
  };
}
