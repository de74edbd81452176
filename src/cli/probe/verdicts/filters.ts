import { errorForm, isData, isGood, rowsOf, textIn } from "../answer.ts";
import { statusOf } from "../forms.ts";
import type { Evidence, ProbeStep } from "../reads.ts";
import type { Verdicts } from "../seen.ts";

/** What one filter did. */
export type FilterSeen = "filters" | "ignored" | "refused";

/** The filters that were tried: the route, the parameter, and whether SkyPrep's page names it. */
const tried = [
  ["people by login", "get_users", "email", false],
  ["progress by status", "get_course_progresses", "status", true],
  ["progress by course", "get_course_progresses", "course_id", true],
  ["progress by person", "get_course_progresses", "user_id", false],
  ["progress by login", "get_course_progresses", "user_email", false],
  ["progress of the future", "get_course_progresses", "updated_at_greater_than", true],
] as const satisfies readonly (readonly [ProbeStep, string, string, boolean])[];

/** Each filter that was seen at work: `route parameter` → what it did. */
export function filtersOf(evidence: Evidence): ReadonlyMap<string, FilterSeen> {
  const seen = new Map<string, FilterSeen>();
  for (const [step, route, name] of tried) {
    const did = filterSeen(evidence, step);
    if (did !== undefined) seen.set(`${route} ${name}`, did);
  }
  return seen;
}

export function verdictsOfFilters(evidence: Evidence): Verdicts {
  const verdict = filters(evidence);
  return verdict === undefined ? {} : { "filters-filter": verdict };
}

function filters(evidence: Evidence): Verdicts["filters-filter"] {
  const seen = tried.flatMap(([step, , , named]) => {
    const did = filterSeen(evidence, step);
    return did === undefined ? [] : [{ did, named }];
  });
  const all = (what: FilterSeen) => seen.filter(({ did }) => did === what);
  if (seen.length === 0) return undefined;
  if (all("refused").length > 0) return "refused";
  if (oneIsEnough(evidence)) return "any-of";
  if (all("ignored").length === 0) return "holds";
  return all("filters").length === 0 ? "ignored" : "otherwise";
}

function filterSeen({ of, about }: Evidence, step: ProbeStep): FilterSeen | undefined {
  const answer = of(step);
  if (answer.is === "none") return undefined;
  // Of those the page does not name, and of an academy that reads at all.
  if (isRefusal(answer))
    return isData(of(step.startsWith("people") ? "people" : "progress")) ? "refused" : undefined;
  const rows = rowsOf(answer)?.rows;
  if (rows === undefined) return undefined;
  const fits = fitting(step, about);
  if (fits === undefined) return undefined;
  const strangers = rows.filter((row) => !fits(row));
  if (strangers.length > 0) return "ignored";
  // Where all rows fit it anyway, nothing is seen of it.
  const before = rowsOf(of(step.startsWith("people") ? "people" : "progress"))?.rows ?? [];
  return before.some((row) => !fits(row)) ? "filters" : undefined;
}

const isRefusal = (answer: Parameters<typeof errorForm>[0]): boolean =>
  errorForm(answer) !== undefined && (answer.status === 422 || answer.status === 400 || isGood(answer));

function fitting(step: ProbeStep, about: Evidence["about"]): ((row: unknown) => boolean) | undefined {
  const same = (name: string, value: string | undefined) =>
    value === undefined
      ? undefined
      : (row: unknown) => textIn(row, name)?.toLowerCase() === value.toLowerCase();
  switch (step) {
    case "people by login":
      return same("email", about.login);
    case "progress by status":
      return about.status === undefined ? undefined : (row) => statusOf(row) === about.status;
    case "progress by course":
      return same("course_id", about.courseId);
    case "progress by person":
      return same("user_id", about.recordUserId);
    case "progress by login":
      return same("user_email", about.recordLogin);
    case "progress of the future":
      return () => false;
    default:
      return undefined;
  }
}

/** Rows that miss one of two filters, each of which filters alone. */
function oneIsEnough(evidence: Evidence): boolean {
  const { of, about } = evidence;
  const works = (step: ProbeStep) => filterSeen(evidence, step) === "filters";
  const { both } = about;
  const records = rowsOf(of("progress by two filters"))?.rows ?? [];
  if (both !== undefined && works("progress by status") && works("progress by course"))
    if (records.some((row) => textIn(row, "course_id") !== both.courseId || statusOf(row) !== both.status))
      return true;
  const people = rowsOf(of("people by two filters"))?.rows ?? [];
  return works("people by login") && people.length > 0;
}
