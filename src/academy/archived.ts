import { asList } from "../reply/records.ts";
import { instantIn } from "../text/instant.ts";
import { isObject, Missing, type Read, type Row, Unread } from "./reads.ts";

/** Whether archived training records are listed with the others (archived-are-listed). */
export interface ArchivedListing {
  /** They are not, and have to be asked for. */
  isApart(): boolean;
  /** Takes records that were read without asking for a status. */
  see(records: Iterable<{ readonly status?: unknown }>): void;
  /** Two small looks at most, where nothing has shown it yet. @throws the signal's reason */
  find(read: Read, at: { readonly signal: AbortSignal; readonly now: number }): Promise<void>;
  /**
   * What a second read tells of them: `needless`: no more than the list did; `needed`: perhaps more; `useless`: SkyPrep
   * lists them neither way, or it could not be found out.
   */
  second(): "needless" | "needed" | "useless";
  /** What cannot be known of them, in words of ours. */
  note(): string | undefined;
}

/** Where there were none, there may be some an hour later. */
const noneMs = 3_600_000;
/** Rows of a look at the place where an archived record would stand among the others. */
const few = 20;
const route = "get_course_progresses";

// Each call has a world of its own; what they read through tells whose server it is.
const listings = new WeakMap<Read, ArchivedListing>();

/** One for all that read an academy in one way: what one has found out, the others need not. */
export function archivedListingOf(read: Read): ArchivedListing {
  const known = listings.get(read) ?? createArchivedListing();
  listings.set(read, known);
  return known;
}

/** `unheard`: SkyPrep does not narrow by status; `unclear`: there are some, and where they are listed was not seen. */
type Seen = "listed" | "apart" | "unheard" | "unclear" | "none";

function createArchivedListing(): ArchivedListing {
  let are: Seen | undefined;
  let seenAt = Number.NEGATIVE_INFINITY;
  const isSettled = () => are === "listed" || are === "apart" || are === "unheard";

  async function look(read: Read, signal: AbortSignal): Promise<Seen> {
    const rows = async (parameters: Record<string, string | number>) =>
      asList(await read(route, parameters, signal)).filter(isObject);
    const [first] = await rows({ status: "archived", per_page: 1, page: 1 });
    if (first === undefined) return "none";
    if (first.status !== "archived") return "unheard";
    const second = Math.floor(instantIn(first.updated_at) / 1000);
    if (Number.isNaN(second)) return "unclear";
    const course = Number(first.course_id);
    const there = await rows({
      ...(course > 0 && { course_id: course }),
      updated_at_greater_than: iso(second - 1),
      updated_at_less_than: iso(second + 2),
      per_page: few,
      page: 1,
    });
    if (there.some(({ status }) => status === "archived")) return "listed";
    return there.length < few ? "apart" : "unclear";
  }

  return {
    isApart: () => are === "apart",
    see(records) {
      if (are === "listed") return;
      for (const { status } of records) if (status === "archived") are = "listed";
    },
    async find(read, { signal, now }) {
      if (isSettled() || (are !== undefined && Math.abs(now - seenAt) < noneMs)) return;
      try {
        are = await look(read, signal);
        seenAt = now;
      } catch (error) {
        // What was read stands without it.
        if (!(error instanceof Unread || error instanceof Missing)) throw error;
      }
    },
    second() {
      if (are === "listed" || are === "none") return "needless";
      return are === "apart" || are === "unclear" ? "needed" : "useless";
    },
    note: () =>
      are === "unheard"
        ? "Archived records, if there are any, could not be counted: SkyPrep lists them neither among the others nor by themselves."
        : undefined,
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

const pageRows = 100;
const mostPages = 3;

export interface BesideWorld {
  readonly listing: ArchivedListing;
  /** As `ArchivedListing.find`, through whatever the listing is looked at. */
  readonly find: () => Promise<void>;
  readonly rows: (route: string, parameters: Record<string, string | number>) => Promise<readonly Row[]>;
}

/** Records as one list would bring them. */
export interface WithArchived {
  readonly rows: readonly Row[];
  /** Whether archived ones are all among them. */
  readonly whole: boolean;
}

/** What one person or one course has: `listed`, and what is archived, where that is listed apart from the others. */
export async function withArchived(
  filter: { readonly user_id: number } | { readonly course_id: number },
  listed: readonly Row[],
  { listing, find, rows: read }: BesideWorld,
): Promise<WithArchived> {
  listing.see(listed);
  await find();
  if (listing.second() !== "needed") return { rows: listed, whole: listing.second() === "needless" };
  const [[name, wanted]] = Object.entries(filter) as [[string, number]];
  const isAsked = (row: Row) => Number(row[name]) === wanted && row.status === "archived";
  const all = new Map(listed.map((row) => [row.id, row]));
  let isWhole = false;
  try {
    let before: unknown;
    for (let page = 1; page <= mostPages && !isWhole; page++) {
      const got = await read(route, { ...filter, status: "archived", per_page: pageRows, page });
      if (!got.every(isAsked)) break;
      for (const row of got) all.set(row.id, row);
      isWhole = got.length !== pageRows || got[0]?.id === before;
      before = got[0]?.id;
    }
  } catch (error) {
    if (!(error instanceof Unread || error instanceof Missing)) throw error;
  }
  return {
    rows: [...all.values()].sort((one, other) => Number(one.id) - Number(other.id) || 0),
    whole: isWhole,
  };
}
