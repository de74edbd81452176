import type { JobWorld } from "../../job.ts";
import { numbersOf } from "./numbers.ts";
import { readerOf } from "./reader.ts";
import { numbersIn, type WithoutAccess, withoutAccess } from "./without-access.ts";

/** The numbers of everyone's training, for whoever only wants the headline. */
export interface Headline {
  /** Up to when changes in SkyPrep are in these numbers; undefined until everything was read once. Epoch milliseconds. */
  readonly asOf: number | undefined;
  /** 1: everything was read. Less: numbers are of what was read so far. Undefined: not known how much there is. */
  readonly share: number | undefined;
  /** How long until asking again is worth it; undefined where nothing more is being read. */
  readonly againInMs: number | undefined;
  /** What is to be known about these numbers, in words of ours: why reading on has stopped, how old they are. */
  readonly notes: readonly string[];
  /** Records by status as SkyPrep spells it, e.g. `in-progress`. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly overdue: number;
  /** People who have something overdue. */
  readonly overduePeople: number;
  /** Due, or expiring, within `days` from now. */
  readonly due: number;
  readonly expiring: number;
  readonly expired: number;
  /** How much of that is of people who cannot sign in any more; undefined where that was not, or could not be, read. */
  readonly withoutAccess: Omit<WithoutAccess, "has"> | undefined;
  /** Passed of what counts (passed, failed, in progress, not started); from 0 to 1; undefined where nothing counts. */
  readonly completionRate: number | undefined;
}

export interface HeadlineAsked {
  readonly signal: AbortSignal;
  /** Else 30. */
  readonly days?: number;
  /** Pages of SkyPrep's it may read at once, else 2; what is missing is read on in the background. 0: it only looks. */
  readonly pages?: number;
  /** Looks at the list of people, too: who cannot sign in any more is counted apart. */
  readonly access?: boolean;
}

/** From what training_status keeps of everyone. Undefined where nothing was read yet. @throws Unread */
export async function headline(
  world: JobWorld,
  { signal, days = 30, pages = 2, access = false }: HeadlineAsked,
): Promise<Headline | undefined> {
  const { records, asOf, share, againInMs, notes } = await readerOf(world).gather([{}], { signal, pages });
  if (asOf === undefined && records.length === 0) return undefined;
  const at = { now: world.now(), days };
  const { statuses, ...numbers } = numbersOf(records, at);
  const gone = access ? await withoutAccess(records, at, world, signal) : undefined;
  const { overdue, overduePeople, due, expiring, expired, completionRate } = numbers;
  return {
    asOf,
    share,
    againInMs,
    notes,
    withoutAccess: gone && numbersIn(gone),
    statuses: Object.fromEntries(statuses),
    ...{ overdue, overduePeople, due, expiring, expired, completionRate },
  };
}
