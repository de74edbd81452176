import { Missing, NotAList, Unread } from "../../academy/reads.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";

/** What one look adds to an overview. */
export interface OverviewPart {
  readonly lines: readonly string[];
  readonly attention: readonly string[];
  /** What could not be found out, and what finds it out. */
  readonly unknown: readonly string[];
  readonly structured: Readonly<Record<string, unknown>>;
}

export const nothing: OverviewPart = { lines: [], attention: [], unknown: [], structured: {} };

/** One thing that cannot be read leaves the others standing; a bug of ours keeps flying. */
export async function orUnknown<T>(what: string, work: () => Promise<T>): Promise<T | OverviewPart> {
  try {
    return await work();
  } catch (error) {
    if (!isUnread(error)) throw error;
    const why =
      error instanceof Missing || error instanceof NotAList
        ? "SkyPrep does not show it"
        : cleanText(error.message);
    return { ...nothing, unknown: [`${what}: ${why}`] };
  }
}

const isUnread = (error: unknown): error is Error =>
  error instanceof Missing ||
  error instanceof Unread ||
  error instanceof NotAList ||
  error instanceof Failure;
