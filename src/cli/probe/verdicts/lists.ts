import { isRecord } from "../../../skyprep/normalize/is-record.ts";
import { idOf, isData, marksOf, overlap, type RowsSeen, recordOf, rowsOf, textIn } from "../answer.ts";
import { type Evidence, isArchived, isFromZero, type ProbeStep } from "../reads.ts";
import type { Verdicts } from "../seen.ts";

export function verdictsOfLists(evidence: Evidence): Verdicts {
  return {
    "records-are-bare": records(evidence),
    "lists-are-bare": lists(evidence),
    "group-shows-its-members": members(evidence),
    "people-come-whole": people(evidence),
    "other-lists-come-whole": others(evidence),
    "progress-pages": pages(evidence),
    "archived-are-listed": archived(evidence),
    "deleted-are-gone": deleted(evidence),
  };
}

function records({ of }: Evidence): Verdicts["records-are-bare"] {
  for (const step of [
    "person by number",
    "person by login",
    "course",
    "group",
    "one progress",
    "path",
  ] as const) {
    const seen = recordOf(of(step));
    if (seen === undefined || !("id" in seen.record)) continue;
    return seen.as === "bare" ? "holds" : seen.as;
  }
  return undefined;
}

/** People may come in pages under a key of their own: the other lists say how lists come. */
const plainLists: readonly ProbeStep[] = [
  "courses",
  "groups",
  "paths",
  "progress",
  "materials",
  "skills",
  "roles",
  "sessions",
];
const perhapsEmpty: readonly ProbeStep[] = [
  "progress of the future",
  "progress far page",
  "sessions of long ago",
  "people by unknown login",
  "people by two filters",
  "payments",
  "person's groups",
  "archived",
];
const perhapsOne: readonly ProbeStep[] = [
  "one progress row",
  "people by login",
  "datasets",
  "power users",
  "trainings",
  "person's groups",
  "progress by two filters",
  "person's courses",
  "courses page 2",
];

function lists({ of }: Evidence): Verdicts["lists-are-bare"] {
  const seen = (steps: readonly ProbeStep[]) => steps.flatMap((step) => rowsOf(of(step)) ?? []);
  const plain = seen(plainLists).filter(({ rows }) => rows.length > 1);
  const wrapped = plain.find(({ under }) => under !== undefined);
  if (wrapped !== undefined) return wrapped.under === "data" ? "data" : "wrapped";
  const few = seen([...perhapsOne, ...perhapsEmpty]);
  if (few.some(({ as, rows }) => as === "row" && isRecord(rows[0]) && "id" in rows[0])) return "single";
  if (few.some(({ as }) => as === "keyed")) return "keyed";
  return plain.length > 0 ? "holds" : undefined;
}

function members({ of }: Evidence): Verdicts["group-shows-its-members"] {
  for (const step of ["group", "another group", "third group", "path"] as const) {
    const group = recordOf(of(step))?.record;
    for (const inside of [group?.users, group?.courses]) {
      const first: unknown = Array.isArray(inside) ? inside[0] : inside;
      if (isRecord(first)) return "holds";
      if (typeof first === "number" || typeof first === "string") return "ids";
    }
    if (group !== undefined && !("users" in group) && ("user_ids" in group || "course_ids" in group))
      return "ids";
  }
  return undefined;
}

/** How many people there are, as the account says itself. */
function peopleThereAre({ of }: Evidence): number | undefined {
  const program = recordOf(of("program"))?.record;
  const said = [program?.users_count, recordOf(of("user count"))?.record.data];
  const counts = said.flatMap((one) =>
    typeof one === "number" || (typeof one === "string" && /^\d+$/.test(one)) ? [Number(one)] : [],
  );
  return counts.length > 0 ? Math.max(...counts) : undefined;
}

function people(evidence: Evidence): Verdicts["people-come-whole"] {
  const { of } = evidence;
  const first = of("people");
  // No page of a hundred is as large as that.
  if (first.is === "too large") return "holds";
  const all = rowsOf(first);
  if (all === undefined || all.rows.length === 0) return undefined;
  const count = all.rows.length;
  const there = all.total ?? peopleThereAre(evidence);
  const second = rowsOf(of("people page 2"));
  const more = second !== undefined && isNext(all, second);
  const size = count === 25 || count === 100 ? count : undefined;
  const lacks = there !== undefined && there > count;
  if (size !== undefined && (more || lacks)) return all.total === undefined ? `by-${size}` : `by-${size}-of`;
  if (more) return "otherwise";
  // Some of them may be left out for another reason: the key, or how they are counted.
  if (there !== undefined && there > count * 1.2 && count % 5 === 0) return "otherwise";
  if (all.total !== undefined && count <= 25) return undefined;
  const again = second !== undefined && overlap(marksOf(all.rows), marksOf(second.rows)) > 0;
  return count > 100 || again ? "holds" : undefined;
}

/** Another page, and not the same again. */
const isNext = (first: RowsSeen, second: RowsSeen): boolean =>
  second.rows.length > 0 && overlap(marksOf(first.rows), marksOf(second.rows)) === 0;

function others({ of }: Evidence): Verdicts["other-lists-come-whole"] {
  const courses = rowsOf(of("courses"));
  if (courses === undefined) return undefined;
  const program = recordOf(of("program"))?.record;
  const there = Number(textIn(program, "courses_count") ?? Number.NaN);
  const count = courses.rows.length;
  const second = rowsOf(of("courses page 2"));
  const more = second !== undefined && isNext(courses, second);
  if (count === 25 && (more || there > count)) return "by-25";
  if (more || (there > count && count > 0)) return "otherwise";
  return count > 25 ? "holds" : undefined;
}

function pages({ of }: Evidence): Verdicts["progress-pages"] {
  const rows = (step: ProbeStep) => rowsOf(of(step));
  const [one, two] = [rows("progress page 1"), rows("progress page 2")];
  const [hundred, next] = [rows("progress"), rows("progress next hundred")];
  if (one === undefined || two === undefined || one.rows.length === 0) return undefined;
  const same = (a: RowsSeen, b: RowsSeen) => overlap(marksOf(a.rows), marksOf(b.rows)) > 0;
  if (two.rows.length > 0 && same(one, two)) return "page-ignored";
  if (isFromZero(of)) return "from-zero";
  if (hundred?.rows.length === 50 && next !== undefined && isNext(hundred, next)) return "capped";
  if ((hundred?.rows.length ?? 0) > 50) return one.rows.length === 2 ? "holds" : "otherwise";
  // Fewer than fifty records: whether a page of a hundred would be cut, nobody saw.
  return undefined;
}

function archived(evidence: Evidence): Verdicts["archived-are-listed"] {
  const { of } = evidence;
  const among = (step: ProbeStep) => (rowsOf(of(step))?.rows ?? []).some(isArchived);
  if (among("progress") || among("progress next hundred")) return "holds";
  const asked = rowsOf(of("archived"))?.rows.find(isArchived);
  const place = rowsOf(of("archived in its place"));
  if (asked === undefined || place === undefined) return undefined;
  if (place.rows.some((row) => idOf(row) === idOf(asked))) return "holds";
  // What is not on a full page may be on the next.
  const full = pages(evidence) === "capped" ? 50 : 100;
  return place.rows.length < full ? "left-out" : undefined;
}

/** A read shows it only where somebody was deleted already, and is listed. */
function deleted({ of }: Evidence): Verdicts["deleted-are-gone"] {
  const rows = rowsOf(of("people"))?.rows ?? [];
  return isData(of("people")) && rows.some((row) => textIn(row, "deleted_at") !== undefined)
    ? "listed"
    : undefined;
}
