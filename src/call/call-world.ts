import type { JobGuard } from "../guard/batch-approval.ts";
import type { InFlight } from "./call-deadline.ts";
import type { GivenWorld } from "./check/given-names.ts";
import type { Log } from "./log.ts";
import type { ListWorld } from "./read/list-request.ts";
import type { ReportWorld } from "./read/report.ts";
import type { Redaction } from "./redaction/redact.ts";
import type { OnceInRun } from "./run/once-in-run.ts";
import type { RunRecord } from "./run/run-record.ts";
import type { WriteWorld } from "./write/write.ts";

export interface CallSettings {
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** Said by every call until mended; nothing is sent meanwhile. */
  readonly problems: readonly string[];
  /** Said by whatever is made of what was read, where a policy lets only a part be seen; empty: all is seen. */
  readonly policyNote?: string;
  /** Why a policy refuses a tool, whatever it is called with; undefined: it does not. */
  readonly refusedByPolicy?: ((tool: string) => string | undefined) | undefined;
}

export type CallWorld = ListWorld &
  ReportWorld &
  Omit<WriteWorld, "timeoutMs" | "drop"> & {
    readonly jobGuard: JobGuard;
    readonly naming: GivenWorld;
    readonly running: InFlight;
    readonly log: Log;
    /** Take out of any text what never leaves. */
    readonly hides: Redaction;
    /** The run that this process is a part of. */
    readonly run?: { readonly record: RunRecord; readonly once: OnceInRun } | undefined;
  };
