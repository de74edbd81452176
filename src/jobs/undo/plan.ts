import type { Undo } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../call/check.ts";
import type { Change } from "../../journal/line.ts";
import { fieldOf, type Image, includes, type Kept, keptOf } from "./kept.ts";

export type WayBack = Exclude<Undo, { readonly no: string }>;

/** The call that undoes a change, or why there is none. */
export type Plan =
  | { readonly args: Args; readonly left: readonly string[] }
  | { readonly wrong: readonly string[] };

/** What has to be known to go back: the change, its record, and what was kept of before. */
export interface Undoing {
  readonly change: Change;
  readonly operation: WriteOperation;
  readonly way: WayBack;
  readonly image: Image | undefined;
}

const notKept =
  "What was there before was not kept, or no longer is (SKYPREP_KEEP_DAYS): it cannot be put back from here.";
const secrets = new Set(["password", "ssn"]);

/** The arguments of the opposite operation, from the change's own and what was there before. */
export function planBack({ change, operation, way, image }: Undoing): Plan {
  const given = change.intent.arguments;
  const kept = keptOf(operation, change, image);
  const args: Args = {};
  const left: string[] = [];

  if (way.unless) {
    if (image === undefined || !(way.unless.read in image)) return { wrong: [notKept] };
    if (includes(image, way.unless, given)) {
      return { wrong: ["It was so before that change already: there is nothing to undo."] };
    }
  }
  for (const name of way.same ?? []) if (given[name] !== undefined) args[name] = given[name];
  byNumber(args, change);
  for (const [list, single] of Object.entries(way.single ?? {})) {
    const items = [given[list] ?? []].flat();
    if (items.length > 1) {
      return { wrong: [`It was about ${items.length}: undo them one by one with ${way.with}.`] };
    }
    if (items.length === 1) args[single] = items[0];
  }
  if (way.made !== undefined) {
    const made = change.outcome?.is === "done" ? change.outcome.made : undefined;
    if (made === undefined) {
      return { wrong: [`SkyPrep did not say which number the new one has: find it, then use ${way.with}.`] };
    }
    args[way.made] = way.made.endsWith("_ids") ? [made] : made;
  }
  if (way.negative !== undefined) args[way.negative] = -Number(given[way.negative]);
  if (way.kept) {
    if (kept === undefined) return { wrong: [notKept] };
    for (const [name, path] of Object.entries(way.kept)) {
      const value = fieldOf(kept, path);
      if (value === undefined) continue;
      args[name] = name.endsWith("_ids") ? [value].flat() : value;
    }
  }
  if (way.before === "given") {
    if (kept === undefined) return { wrong: [notKept] };
    for (const name of Object.keys(given)) {
      if (way.same?.includes(name)) continue;
      const back = secrets.has(name) ? undefined : valueBefore(name, given, kept);
      if (back === undefined) left.push(name);
      else args[name] = back;
    }
    if (left.length > 0 && Object.keys(args).every((name) => way.same?.includes(name))) {
      return { wrong: [`${left.join(", ")} cannot be put back: it was empty before, or is not shown.`] };
    }
  }
  return { args, left };
}

/** A login may have been changed since, or by the change itself; a number stays. */
function byNumber(args: Args, { intent }: Change): void {
  if (args.user_email === undefined) return;
  const people = intent.targets.filter(({ kind, id }) => kind === "person" && id !== undefined);
  const [person] = people;
  if (people.length !== 1 || person?.id === undefined) return;
  delete args.user_email;
  args.user_id = person.id;
}

/** What an argument was, in the form the argument takes. */
function valueBefore(name: string, given: Args, kept: Kept): unknown {
  if (name === "custom_fields" || name === "extra") {
    const names = Object.keys((given[name] ?? {}) as object);
    const before = names
      .map((one) => [one, fieldOf(kept, one)] as const)
      .filter(([, one]) => one !== undefined);
    // Part of it put back would be neither the one nor the other.
    return before.length === names.length
      ? Object.fromEntries(before.map(([one, value]) => [one, String(value)]))
      : undefined;
  }
  const value = fieldOf(kept, name === "card_no" ? "user_identifier" : name);
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && /_date$/.test(name)
    ? value.slice(0, 10)
    : value;
}
