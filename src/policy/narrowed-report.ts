import { type Row, rowsIn } from "../academy/reads.ts";
import type { Table } from "../tables/csv.ts";
import { fold } from "../text/fold.ts";
import { isWithin, type PolicyScope } from "./scope.ts";

const headers = {
  personId: /^(skyprep|user|learner|person|employee|trainee) ?(id|number|no)$/,
  login:
    /^((user|learner|person|student|employee|trainee|login|work)s? ?)?(e ?mail|login|user ?name)( address)?$/,
  courseId: /^course ?(id|number|no)$/,
  courseName: /^course( ?(name|title))?$/,
} as const;
/** Names somebody else than the person the row is of. */
const othersNamed =
  /manager|supervisor|instructor|trainer|approver|owner|author|(created|assigned|updated|enrolled) by/;
const ofCourses = /course|exam|certificate|lesson|module|training/;

/** Why a report cannot be cut to what a policy lets be seen. */
export class Uncuttable extends Error {}

/**
 * The rows of a report that are of these people and courses, by its columns; what the request asked for is not
 * believed, because a parameter may go unheard. @throws Uncuttable where no column tells whose a row is
 */
export function narrowedTable(
  { columns, rows }: Pick<Table, "columns" | "rows">,
  { scope, courses }: { readonly scope: PolicyScope; readonly courses: readonly Row[] },
): Pick<Table, "columns" | "rows"> {
  const names = columns.map((name) =>
    fold(name)
      .replace(/[_\s-]+/g, " ")
      .trim(),
  );
  const at = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const [personId, login] = [at(headers.personId), at(headers.login)];
  const [courseId, courseName] = [at(headers.courseId), at(headers.courseName)];
  if (scope.person && personId < 0 && login < 0) throw new Uncuttable("no column says whose each row is");
  const tellsOfCourses = names.some((name) => ofCourses.test(name));
  if (scope.course && tellsOfCourses && courseId < 0 && courseName < 0)
    throw new Uncuttable("no column says which course each row is of");
  const named = scope.course && namesIn(courses, scope.course);
  const isSeen = (row: readonly string[]): boolean => {
    const cell = (n: number) => (row[n] ?? "").trim();
    if (scope.person && personId >= 0 && !isWithin(scope, { of: "person", as: "id", is: cell(personId) }))
      return false;
    if (scope.person && login >= 0 && !isWithin(scope, { of: "person", as: "login", is: cell(login) }))
      if (!(personId >= 0 && cell(login) === ""))
        // Some have no address in it, and a number is enough.
        return false;
    if (scope.course && courseId >= 0 && !isWithin(scope, { of: "course", as: "id", is: cell(courseId) }))
      return false;
    return !(named && courseId < 0 && courseName >= 0) || named.has(fold(cell(courseName)).trim());
  };
  const shown = names.flatMap((name, n) => {
    if (scope.person && othersNamed.test(name)) return [];
    if (scope.group && /group|team|department/.test(name)) return [];
    return scope.path && /path|bundle|curricul/.test(name) ? [] : [n];
  });
  const pick = (row: readonly string[]) => shown.map((n) => row[n] ?? "");
  return { columns: pick(columns), rows: rows.filter(isSeen).map(pick) };
}

/** Names that only these courses have: another of the same name cannot be told from them. */
function namesIn(courses: readonly Row[], seen: ReadonlySet<number>): ReadonlySet<string> {
  const names = new Map<string, boolean>();
  for (const row of rowsIn(courses)) {
    const name = fold(String(row.name ?? "")).trim();
    names.set(name, seen.has(Number(row.id)) && names.get(name) !== false);
  }
  return new Set([...names].flatMap(([name, isIn]) => (isIn ? [name] : [])));
}
