import type { LimitForm } from "./ask.ts";
import type { Evidence } from "./reads.ts";
import type { Verdicts } from "./seen.ts";
import { verdictsOfErrors } from "./verdicts/errors.ts";
import { verdictsOfFilters } from "./verdicts/filters.ts";
import { verdictsOfLists } from "./verdicts/lists.ts";
import { verdictsOfValues } from "./verdicts/values.ts";

/** What the reads show of each assumption; left out: nothing. */
export function verdictsOf(evidence: Evidence, limit: LimitForm | undefined): Verdicts {
  const errors = verdictsOfErrors(evidence);
  return {
    ...verdictsOfValues(evidence),
    ...verdictsOfLists(evidence),
    ...verdictsOfFilters(evidence),
    ...errors,
    ...(limit !== undefined && { "limit-is-429": limit === "429" ? "holds" : limit }),
  };
}
