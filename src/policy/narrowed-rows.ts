import type { Kind, Output } from "../../tools/schema/answer.ts";
import { hiddenRow, type Row } from "../academy/reads.ts";
import { isWithin, type PolicyScope } from "./scope.ts";
import type { Dimension, Named, Tie } from "./ties.ts";

/** What a record itself is, and what it cannot be without. */
const own: Readonly<Record<string, Dimension>> = {
  person: "person",
  "power user": "person",
  course: "course",
  group: "group",
  "learning path": "path",
};
/** Rows of these are somebody's, or of some course: what names neither is nobody's to see. */
const ofSomebody = new Set([
  "registration",
  "course progress",
  "item progress",
  "course status",
  "points balance",
  "points transaction",
  "skill balances",
  "payment",
  "manager permissions",
]);
const ofSomeCourse = new Set(["course progress", "item progress", "course status"]);

/** What stands inside a record, and what it is. */
const inside: Readonly<Record<string, Dimension>> = {
  user: "person",
  users: "person",
  managers: "person",
  members: "person",
  course: "course",
  courses: "course",
  user_group: "group",
  user_groups: "group",
  groups: "group",
  learning_path: "path",
  learning_paths: "path",
  course_bundle: "path",
  course_bundles: "path",
};
const tieFields: Readonly<Record<string, { readonly of: Dimension; readonly as: Tie["as"] }>> = {
  user_id: { of: "person", as: "id" },
  user_email: { of: "person", as: "login" },
  course_id: { of: "course", as: "id" },
  user_group_id: { of: "group", as: "id" },
  learning_path_id: { of: "path", as: "id" },
};
/** Of somebody or something else than the record: left out where that is outside, and the record stays. */
const pointers: Readonly<Record<string, Dimension>> = {
  last_course_id: "course",
  primary_instructor_user_id: "person",
};
/** How full a session is: without it nobody could be registered, and it tells nobody apart. */
const seats = "registration_count";
/** Count or name people that nobody can tell apart. */
const tellsOfPeople =
  /(^|_)counts?$|_count_|^(total|number|num)_|^(dataset_summary|dataset_scopes|details|contact_email|payer_email|instructor|instructors|author|owner|supervisor)$|_by$|_by_|(^|_)manager(_name|_email|s_names)?$|participants|attendees|top_users|leaderboard/;
/** Count things that are seen only in part. */
const countsThings = /_count$|^dataset_(summary|scopes)$|^details$/;

interface Whose {
  readonly scope: PolicyScope;
  /** What the request was tied to: a row that repeats nothing of it is its answer. */
  readonly asked: ReadonlySet<Dimension>;
}

/** An answer as far as a policy lets it be seen; undefined: all of it is somebody else's. */
export function narrowedValue(
  value: unknown,
  output: Output,
  scope: PolicyScope,
  named: Named,
  paged: boolean,
): unknown {
  const kind: Kind | undefined = "kind" in output ? output.kind : undefined;
  const whose = { scope, asked: new Set(named.ties.map(({ of }) => of)) };
  const keep = (row: unknown) => keptRow(row, kind?.one ?? "", whose);
  if (Array.isArray(value)) {
    // A page keeps its length: whoever counts its rows would take a short one for the last.
    return paged ? value.map((row) => keep(row) ?? hiddenRow(row)) : value.flatMap((row) => keep(row) ?? []);
  }
  if (typeof value !== "object" || value === null) return value;
  const row = value as Row;
  for (const wrapper of ["data", "reports"]) {
    if (Array.isArray(row[wrapper])) return narrowedValue(row[wrapper], output, scope, named, paged);
  }
  const under = output.as === "one" ? output.inside : undefined;
  if (under !== undefined && under in row) {
    const within = narrowedValue(row[under], output, scope, named, paged);
    return within === undefined ? undefined : { [under]: within };
  }
  return keep(row);
}

function keptRow(row: unknown, kind: string, { scope, asked }: Whose): Row | undefined {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return undefined;
  const record = row as Row;
  const ties = tiesOf(record, own[kind]);
  if (!ties.every((tie) => isWithin(scope, tie))) return undefined;
  const isTold = (of: Dimension) => asked.has(of) || ties.some((tie) => tie.of === of);
  if (scope.person && ofSomebody.has(kind) && !isTold("person")) return undefined;
  if (scope.course && ofSomeCourse.has(kind) && !isTold("course")) return undefined;
  return shorn(record, own[kind], scope);
}

function tiesOf(row: Row, is: Dimension | undefined): Tie[] {
  const ties: Tie[] = [];
  if (is === "person") {
    const id = row.user_id ?? row.id;
    if (id !== undefined && id !== null) ties.push({ of: "person", as: "id", is: String(id) });
    else ties.push({ of: "person", as: "login", is: String(row.email ?? row.username ?? "") });
  } else if (is !== undefined) {
    ties.push({ of: is, as: "id", is: String(row.id ?? row[`${is}_id`] ?? "") });
  }
  for (const [field, { of, as }] of Object.entries(tieFields)) {
    const value = row[field];
    // A group's user_group_id is its parent.
    if (of === is || value === undefined || value === null || value === "") continue;
    if (field === "user_group_id" && is === "path") continue;
    ties.push({ of, as, is: String(value) });
  }
  for (const [field, of] of [
    ["user", "person"],
    ["course", "course"],
    ["user_group", "group"],
  ] as const) {
    const value = [row[field]].flat();
    const [one] = value;
    if (value.length !== 1 || typeof one !== "object" || one === null) continue;
    ties.push(...tiesOf(one as Row, of));
  }
  return ties;
}

/** Without what stands inside and is somebody else's, and without counts of what is not seen whole. */
function shorn(row: Row, is: Dimension | undefined, scope: PolicyScope): Row {
  const kept: Record<string, unknown> = {};
  const instructs = isWithin(scope, {
    of: "person",
    as: "id",
    is: String(row.primary_instructor_user_id ?? ""),
  });
  for (const [name, value] of Object.entries(row)) {
    if (
      name !== seats &&
      scope.person &&
      tellsOfPeople.test(name) &&
      !(instructs && name.startsWith("instructor"))
    )
      continue;
    if (name !== seats && countsThings.test(name)) continue;
    const of = pointers[name] ?? (name === "user_group_id" && is !== undefined ? "group" : undefined);
    if (of !== undefined && value !== null && !isWithin(scope, { of, as: "id", is: String(value) })) continue;
    // Of a group in another it begins with that one's name.
    if (name === "full_name" && is === "group" && hasParentOutside(row, scope)) continue;
    kept[name] = isPlain(value) ? value : within(value, inside[name], scope);
  }
  return kept;
}

/** Records of groups without the names of those they stand in, where these are outside: for what questions call them. */
export function withoutOutsideParents(value: unknown, scope: PolicyScope): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutOutsideParents(one, scope));
  if (isPlain(value)) return value;
  const { full_name: _, ...row } = value as Row;
  return hasParentOutside(value as Row, scope) ? row : value;
}

const hasParentOutside = ({ user_group_id: parent }: Row, scope: PolicyScope): boolean =>
  parent !== null && parent !== undefined
    ? !isWithin(scope, { of: "group", as: "id", is: String(parent) })
    : false;

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

function within(value: unknown, is: Dimension | undefined, scope: PolicyScope): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((one) => {
      if (isPlain(one))
        return is === undefined || isWithin(scope, { of: is, as: "id", is: String(one) }) ? [one] : [];
      return isSeen(one as Row, is, scope) ? [within(one, is, scope)] : [];
    });
  }
  if (isPlain(value)) return value;
  return isSeen(value as Row, is, scope) ? shorn(value as Row, is, scope) : undefined;
}

const isSeen = (row: Row, is: Dimension | undefined, scope: PolicyScope): boolean =>
  tiesOf(row, is).every((tie) => isWithin(scope, tie));
