import { NotAList, Unread } from "../../academy/reads.ts";
import { academyLanguage, languageTag } from "../../pages/language.ts";
import { Failure } from "../../skyprep/response.ts";
import type { JobWorld } from "../job.ts";

const route = "get_users";
const unknown = "en";

/**
 * What most of the academy's people have, as BCP 47. SkyPrep is asked nothing for it: it is seen where the list of
 * people was just read for something else, and kept for when it was not. English until then.
 */
export async function languageSeen(
  { kept, list, state, owner }: Pick<JobWorld, "kept" | "list" | "state" | "owner">,
  signal: AbortSignal,
): Promise<string> {
  const file = state.text("jobs", owner, "language.txt");
  const before = await file.read().catch(unlessBug);
  const known = languageTag(before) ?? unknown;
  if (!kept.since().has(route)) return known;
  try {
    const now = academyLanguage(await list(route, signal));
    if (now !== before) await file.alone(() => file.write(now)).catch(unlessBug);
    return now;
  } catch (error) {
    if (error instanceof Failure || error instanceof NotAList || error instanceof Unread) return known;
    throw error;
  }
}

/** A folder that cannot be read or written costs the language, not the page. */
function unlessBug(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  return undefined;
}
