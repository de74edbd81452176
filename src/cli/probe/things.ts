import { isRecord } from "../../skyprep/normalize/is-record.ts";
import type { MadeKind, ProbeMade } from "../../state/probe-left.ts";
import type { RawAnswer, RawRow } from "./answer.ts";
import { idOf, recordOf, rowsOf, textIn } from "./answer.ts";
import type { ProbeQuestion } from "./ask.ts";

interface Thing {
  readonly one: string;
  readonly many: string;
  readonly number: string;
  readonly named: "email" | "name";
  readonly destroy: string;
}

/** How each kind is read and removed. */
export const things: Readonly<Record<MadeKind, Thing>> = {
  learner: { one: "get_user", many: "get_users", number: "user_id", named: "email", destroy: "destroy_user" },
  course: {
    one: "get_course",
    many: "get_courses",
    number: "course_id",
    named: "name",
    destroy: "destroy_course",
  },
  group: {
    one: "get_user_group",
    many: "get_user_groups",
    number: "user_group_id",
    named: "name",
    destroy: "destroy_user_group",
  },
  path: {
    one: "get_learning_path",
    many: "get_learning_paths",
    number: "learning_path_id",
    named: "name",
    destroy: "destroy_learning_path",
  },
};

/** Whether a record is what was made: under its own mark and, where that is known, its own number. */
export const isIt = (row: unknown, { kind, mark, id }: ProbeMade): row is RawRow =>
  isRecord(row) &&
  idOf(row) !== undefined &&
  (id === undefined || idOf(row) === id) &&
  textIn(row, things[kind].named)?.toLowerCase() === mark.toLowerCase();

export type ProbeAsking = (question: ProbeQuestion) => Promise<RawAnswer>;

/** The record itself, as it is now; undefined: it was not seen, which does not say that it is not there. */
export async function lookFor(made: ProbeMade, ask: ProbeAsking): Promise<RawRow | undefined> {
  const { one, many, number } = things[made.kind];
  const form: Record<string, string> | undefined =
    made.id !== undefined
      ? { [number]: made.id }
      : made.kind === "learner"
        ? { user_email: made.mark }
        : undefined;
  if (form !== undefined) {
    const record = recordOf(await ask({ route: one, form }))?.record;
    if (isIt(record, made)) return record;
    if (made.id !== undefined) return undefined;
  }
  // Newest last or first: where lists come in pages it may be on none of those that are read here.
  return rowsOf(await ask({ route: many, form: {} }))?.rows.find((row): row is RawRow => isIt(row, made));
}
