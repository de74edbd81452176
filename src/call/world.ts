import type { JobGuard } from "../guard/steps.ts";
import type { GivenWorld } from "./given-names.ts";
import type { ListWorld } from "./list.ts";
import type { Log } from "./log.ts";
import type { ReportWorld } from "./report.ts";
import type { Running } from "./running.ts";
import type { Hides } from "./secrets.ts";
import type { WriteWorld } from "./write.ts";

export interface CallSettings {
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly customFields: ReadonlyMap<string, string>;
  /** Said by every call until mended; nothing is sent meanwhile. */
  readonly problems: readonly string[];
}

export type CallWorld = ListWorld &
  ReportWorld &
  Omit<WriteWorld, "timeoutMs" | "drop"> & {
    readonly jobGuard: JobGuard;
    readonly naming: GivenWorld;
    readonly running: Running;
    readonly log: Log;
    /** Take out of any text what never leaves. */
    readonly hides: Hides;
  };
