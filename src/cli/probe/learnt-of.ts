import { zoneIn } from "../../academy/time-zone.ts";
import type { LearntFacts, RouteLearnt } from "../../skyprep/normalize/learnt.ts";
import { rowsOf } from "./answer.ts";
import { isKnownStatus, statusOf } from "./forms.ts";
import { type Evidence, type ProbeStep, pageStatus } from "./reads.ts";
import type { Verdicts } from "./seen.ts";
import { type FilterSeen, filtersOf } from "./verdicts/filters.ts";

/** What saves the server reads: how lists come and how statuses are spelt. Counts of rows, and words of this program's. */
export function learntOf(evidence: Evidence, verdicts: Verdicts): LearntFacts {
  const people = pagesOf(evidence, verdicts["people-come-whole"], "people");
  const courses = pagesOf(evidence, verdicts["other-lists-come-whole"], "courses");
  const progress = progressOf(evidence, verdicts);
  const found = { get_users: people, get_courses: courses, get_course_progresses: progress };
  const routes = Object.fromEntries(
    Object.entries(found).flatMap(([route, facts]) => {
      const all = { ...facts, ...heardOf(route, evidence, verdicts) };
      return Object.keys(all).length > 0 ? [[route, all]] : [];
    }),
  );
  return { routes, statuses: spellings(evidence) };
}

/** Filters that may be leant on, and those that are of no use. */
function heardOf(
  route: string,
  evidence: Evidence,
  verdicts: Verdicts,
): Pick<RouteLearnt, "trusted" | "ignored"> {
  const own = (what: FilterSeen) =>
    [...filtersOf(evidence)].flatMap(([filter, did]) => {
      const [of, name = ""] = filter.split(" ");
      return of === route && did === what ? [name] : [];
    });
  // They are sent with others, and then one is enough.
  const trusted = verdicts["filters-filter"] === "any-of" ? [] : own("filters");
  const ignored = own("ignored");
  return { ...(trusted.length > 0 && { trusted }), ...(ignored.length > 0 && { ignored }) };
}

/** The academy's zone, by what SkyPrep calls one of those that are known: sessions and people tell it. */
export function zoneSeen({ of }: Evidence): string | undefined {
  const steps: ProbeStep[] = ["trainings", "people"];
  for (const step of steps) {
    const zone = zoneIn((rowsOf(of(step))?.rows ?? []).slice(0, 300));
    if (zone !== undefined) return zone.name;
  }
  return undefined;
}

function pagesOf(
  { of }: Evidence,
  verdict: string | undefined,
  list: "people" | "courses",
): RouteLearnt | undefined {
  const count = rowsOf(of(list))?.rows.length ?? 0;
  if (verdict === "holds") return count > 0 ? { pages: { is: "whole", rows: count } } : undefined;
  const size = /^by-(\d+)/.exec(verdict ?? "")?.[1];
  if (size === undefined) return undefined;
  const larger =
    rowsOf(of(list === "people" ? "people per hundred" : "courses per hundred"))?.rows.length ?? 0;
  return larger > Number(size)
    ? { pages: { is: "paged", by: "page", size: 100, asked: true } }
    : { pages: { is: "paged", by: "page", size: Number(size) } };
}

function progressOf(evidence: Evidence, verdicts: Verdicts): RouteLearnt | undefined {
  const rows = rowsOf(evidence.of("progress"))?.rows.length ?? 0;
  const refused = [...filtersOf(evidence)].flatMap(([filter, did]) => {
    const [route, name = ""] = filter.split(" ");
    return route === "get_course_progresses" && did === "refused" ? [name] : [];
  });
  const also = refused.length > 0 ? { refused } : {};
  switch (verdicts["progress-pages"]) {
    case "holds":
      return { from: 1, ...(rows === 100 && { full: 100 }), ...also };
    case "from-zero":
      return { from: 0, ...also };
    case "capped":
      return { from: 1, most: 50, ...also };
    case "page-ignored":
      return { repeats: true, ...also };
    default:
      return refused.length > 0 ? also : undefined;
  }
}

const pageWords = new Set(["not-started", "in-progress", "passed", "failed", "not-applicable", "archived"]);

function spellings({ of }: Evidence): Record<string, string> {
  const steps: ProbeStep[] = ["progress", "progress next hundred", "archived"];
  const seen = new Set(
    steps.flatMap((step) => (rowsOf(of(step))?.rows ?? []).flatMap((row) => statusOf(row) ?? [])),
  );
  return Object.fromEntries(
    [...seen]
      .filter((as) => isKnownStatus(as) && pageWords.has(pageStatus(as)))
      .map((as) => [pageStatus(as), as]),
  );
}
