import type { JobWorld } from "../job.ts";

/** The numbers of everyone's training, for whoever only wants the headline. */
export interface Headline {
  /** Up to when changes in SkyPrep are in these numbers; epoch milliseconds. */
  readonly asOf: number;
  /** 1: everything was read. Less: numbers are of what was read so far, and it is read on. Undefined: not known how much there is. */
  readonly share: number | undefined;
  /** How long until asking again is worth it; undefined where everything was read, or reading on has stopped. */
  readonly againInMs: number | undefined;
  /** Why reading on has stopped, or could not be brought up to date, in words of ours. */
  readonly trouble: string | undefined;
  /** Records by status as SkyPrep spells it, e.g. `in-progress`. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly overdue: number;
  /** People who have something overdue. */
  readonly overduePeople: number;
  /** Due, or expiring, within `days` from now. */
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** Passed of what counts (passed, failed, in progress, not started); from 0 to 1; undefined where nothing counts. */
  readonly completionRate: number | undefined;
}

export interface HeadlineAsked {
  readonly signal: AbortSignal;
  /** Else 30. */
  readonly days?: number;
  /** Calls to SkyPrep it may make now; with 0 it only looks at what is kept. Else 2. */
  readonly calls?: number;
}

/**
 * From what training_status keeps, brought up to date where that is cheap; what is missing is read on in the
 * background. Undefined where nothing was read yet. @throws Unread
 */
export async function headline(_world: JobWorld, _asked: HeadlineAsked): Promise<Headline | undefined> {
  return undefined;
}
