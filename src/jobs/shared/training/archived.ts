import { Missing, type Read, Unread } from "../../../academy/reads.ts";
import { asList } from "../../../reply/records.ts";
import { type Filter, parametersOf } from "./change-pagination.ts";
import { secondsOf } from "./instants.ts";
import { recordIn, type TrainingRecord } from "./record.ts";

/** Whether archived records are listed with the others (archived-are-listed). */
export interface ArchivedListing {
  /** They are not, and have to be asked for. */
  isApart(): boolean;
  /** Takes records that were read without asking for a status. */
  see(records: Iterable<TrainingRecord>): void;
  /** Two small looks at most, where nothing has shown it yet. @throws the signal's reason */
  find(read: Read, signal: AbortSignal): Promise<void>;
  /** What cannot be known of them, in words of ours. */
  note(): string | undefined;
}

/** Where there were none, there may be some an hour later. */
const noneMs = 3_600_000;
/** Rows of a look at the place where an archived record would stand among the others. */
const few = 20;

export function createArchivedListing(now: () => number): ArchivedListing {
  /** `unheard`: SkyPrep does not narrow by status, so only its list shows any. */
  let are: "listed" | "apart" | "unheard" | undefined;
  let noneAt = Number.NEGATIVE_INFINITY;

  async function look(read: Read, signal: AbortSignal): Promise<typeof are> {
    const rows = async (parameters: Record<string, string | number>) =>
      asList(await read("get_course_progresses", parameters, signal)).flatMap((row) => recordIn(row) ?? []);
    const [first] = await rows({ status: "archived", per_page: 1, page: 1 });
    if (first === undefined) return undefined;
    const { status, course, updated } = first.record;
    if (status !== "archived") return "unheard";
    if (updated === undefined) return undefined;
    const second = secondsOf(updated);
    const filter = { ...(course > 0 && { course }) };
    const place = { before: second + 2, page: 1, size: few };
    const there = await rows(parametersOf(filter, { after: second - 1, upTo: place.before }, place));
    if (there.some(({ record }) => record.status === "archived")) return "listed";
    return there.length < few ? "apart" : undefined;
  }

  return {
    isApart: () => are === "apart",
    see(records) {
      if (are === "listed") return;
      for (const { status } of records) if (status === "archived") are = "listed";
    },
    async find(read, signal) {
      if (are !== undefined || Math.abs(now() - noneAt) < noneMs) return;
      try {
        are = await look(read, signal);
        if (are === undefined) noneAt = now();
      } catch (error) {
        // What was read stands without it.
        if (!(error instanceof Unread || error instanceof Missing)) throw error;
      }
    },
    note: () =>
      are === "unheard"
        ? "Archived records are counted only as far as SkyPrep lists them with the others: it does not list them by themselves."
        : undefined,
  };
}

/**
 * What has to be read besides, where archived records are apart: all of them, or of a part of the statuses those that
 * left it since it was read.
 */
export const archivedOf = (need: Filter, begun: number | undefined): Filter => ({
  ...need,
  statuses: "archived",
  ...(need.statuses !== undefined && {
    since: need.since ?? (begun === undefined ? undefined : Math.floor(begun / 1000)),
  }),
});

/** Whether what is kept of `filter` holds what is needed, also where archived records are apart. */
export const holdsArchived = (filter: Filter, need: Filter): boolean =>
  need.statuses !== "archived" || filter.statuses === "archived";
