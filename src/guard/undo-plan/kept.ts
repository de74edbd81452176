import type { Listing } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/reads.ts";
import type { Target } from "../../journal/line.ts";

/** What was there before a change: read → what it answered (image.ts). */
export type Image = Readonly<Record<string, unknown>>;
export type KeptFields = Readonly<Record<string, unknown>>;

/** Whom or what a change was about. */
export interface Subjects {
  readonly given: Args;
  readonly targets: readonly Target[];
}

const rowsOf = (value: unknown): KeptFields[] =>
  [value].flat().filter((row): row is KeptFields => typeof row === "object" && row !== null);

/** The record that was changed, as it was: the first of what the operation keeps. */
export function keptOf(
  { keeps = [] }: WriteOperation,
  about: Subjects,
  image: Image | undefined,
): KeptFields | undefined {
  const route = keeps[0];
  return image === undefined || route === undefined ? undefined : recordIn(image[route], about);
}

/** One record; of a list, the row of whom the change was about. */
export function recordIn(value: unknown, about: Subjects): KeptFields | undefined {
  const rows = rowsOf(value);
  if (!Array.isArray(value)) return rows[0];
  const ids = idsOf(about);
  return rows.find((row) => ids.has(Number(row.id)));
}

/** Numbers of people and of roles may be alike: of one kind only. */
function idsOf({ given, targets }: Subjects): ReadonlySet<number> {
  const registration = given.instructor_led_training_timeslot_registration_id;
  if (registration !== undefined) return new Set([Number(registration)]);
  const people = targets.filter(({ kind }) => kind === "person");
  return new Set((people.length > 0 ? people : targets).map(({ id }) => Number(id)));
}

/** A login may have been changed since, or by the change itself; a number stays. */
export function byNumber({ given, targets }: Subjects): Args {
  const [person, ...more] = targets.filter(({ kind, id }) => kind === "person" && id !== undefined);
  if (given.user_email === undefined || person?.id === undefined || more.length > 0) return given;
  const { user_email: _, ...rest } = given;
  return { ...rest, user_id: person.id };
}

/** A field by its path, `a.b`; undefined where it was empty. */
export function fieldOf(record: KeptFields, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split(".")) value = (value as KeptFields | null | undefined)?.[name];
  return value === null || value === "" ? undefined : value;
}

/** Whether a read lists what an argument names: rows of it, or of a list inside it. */
export function includes(image: Image, { read, list, argument }: Listing, given: Args): boolean {
  const answer = image[read];
  const rows = rowsOf(list === undefined ? answer : rowsOf(answer)[0]?.[list]);
  const wanted = new Set([given[argument]].flat().map(Number));
  return rows.some((row) => {
    // Permissions of a manager in a group are a record of their own, with the group inside.
    const group = row.user_group as KeptFields | undefined;
    return wanted.has(Number(row.id)) || wanted.has(Number(group?.id));
  });
}
