import type { Asker } from "../guard/channels/approval-channels.ts";
import type { Reply } from "../reply/reply.ts";
import type { Progress } from "./call-deadline.ts";
import type { Args, Checkable } from "./check/check.ts";
import type { Agreement, JobIntent } from "./write/job-writes.ts";

/** What a call has around it. */
export interface CallOptions {
  readonly progress?: Progress;
  /** Left out: whoever calls cannot be asked anything. */
  readonly asker?: Asker;
  /** The line of the journal that this call undoes. */
  readonly undoes?: number;
  /** Whoever calls shows what there is to look at (MCP Apps). */
  readonly showsApps?: boolean;
  /** What the caller called the tool, where that is a former name of it: the reply says its new one. */
  readonly calledAs?: string;
}

/** What a job is given to do its work with. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Whoever calls shows what there is to look at. */
  readonly showsApps: boolean;
  /** One operation, through the path every call takes; undefined where it is not offered. */
  readonly call: (tool: string, args: Args, undoes?: number) => Promise<Reply> | undefined;
  /** Asks once for everything the job would write; a reply where it may not be done. */
  readonly agree: (intended: JobIntent) => Promise<Agreement | Reply>;
  /** Why no further step is begun in this call, in a sentence; undefined: there is time for one. To be asked before each. */
  readonly late: () => string | undefined;
  /** Reads of this work are begun until then only; epoch milliseconds. */
  readonly reading: <T>(until: number, work: () => Promise<T>) => Promise<T>;
}

/** A tool that is no operation, but built on them. */
export interface Workflow {
  readonly tool: Checkable;
  readonly run: (args: Args, inner: JobContext) => Promise<Reply>;
}

/** Undefined: there is no such tool. Rejects only with the signal's reason, `InputRequired`, or a bug of ours. */
export type Caller = (
  name: string,
  raw: unknown,
  signal: AbortSignal,
  around?: CallOptions,
) => Promise<Reply> | undefined;
