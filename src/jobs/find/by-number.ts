import { isObject, Missing, personIn, type Row, Unread } from "../../academy/reads.ts";
import type { JobWorld } from "../job.ts";
import { type Listed, searchedLists } from "../shared/search/entries.ts";
import type { Hit } from "../shared/search/search-index.ts";
import type { SearchKind } from "../shared/search/words.ts";

interface Single {
  readonly route: string;
  readonly parameter: string;
  readonly read: (row: Row) => readonly Listed[];
}

/** Kinds of which SkyPrep shows one, small, by its number. A group or a path comes with all its people: its list is smaller. */
const singles: Partial<Record<SearchKind, Single>> = {
  person: { route: "get_user", parameter: "user_id", read: searchedLists.person.get_users },
  course: { route: "get_course", parameter: "course_id", read: searchedLists.course.get_courses },
};

/** What of these kinds a number or a login names outright: one small read each, where one record can be read. */
export async function named(
  kinds: readonly SearchKind[],
  text: string,
  { read }: Pick<JobWorld, "read">,
  signal: AbortSignal,
): Promise<Hit[]> {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (id === undefined && !/^\S+@\S+$/.test(text)) return [];
  const found = kinds.map(async (kind): Promise<Hit[]> => {
    const single = singles[kind];
    if (single === undefined || (id === undefined && kind !== "person")) return [];
    const parameters = id === undefined ? { user_email: text } : { [single.parameter]: id };
    try {
      const answer = await read(single.route, parameters, signal);
      const row = id === undefined ? personIn(answer, { user_email: text })?.row : [answer].flat()[0];
      const entry = isObject(row) ? single.read(row)[0]?.entry : undefined;
      if (entry && (id === undefined || entry.id === id)) {
        return [{ entry, cost: -1, why: id === undefined ? "login" : "number", is: "sure" }];
      }
    } catch (error) {
      // What one read does not show, the list may.
      if (!(error instanceof Missing || error instanceof Unread)) throw error;
    }
    return [];
  });
  return (await Promise.all(found)).flat();
}
