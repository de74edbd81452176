import type { UndoneBy } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/reads.ts";
import { byNumber, fieldOf, type Image, includes, type KeptFields, keptOf, type Subjects } from "./kept.ts";

/** What has to be known to go back: the change, and what was kept of before. */
export interface Undoing extends Subjects {
  readonly operation: WriteOperation;
  readonly way: UndoneBy;
  readonly image: Image | undefined;
  /** The number SkyPrep gave to what was made. */
  readonly made: number | undefined;
}

/** A part of a change that does not come back, and why. */
export interface Left {
  readonly name: string;
  readonly why: keyof typeof whyLeft;
}
export const whyLeft = {
  hidden: "SkyPrep does not show what it was",
  empty: "nothing was set before, and nothing can be cleared from here",
  unsettable: "what was there before cannot be set",
} as const;

/** What stood before and no call sets. */
export interface Followed {
  readonly field: string;
  readonly was: unknown;
}

export interface UndoPlan {
  readonly with: string;
  readonly args: Args;
  /** Arguments of the change that are put back, and the field that shows each. */
  readonly put: readonly { readonly name: string; readonly field: string }[];
  readonly left: readonly Left[];
  readonly follows: readonly Followed[];
  readonly loses?: string;
  readonly stays: readonly string[];
}

/** Why there is no way back. */
export interface NoWay {
  readonly why:
    | "not-kept"
    | "so-before"
    | "there-already"
    | "not-there"
    | "several"
    | "no-number"
    | "nothing";
  readonly left?: readonly Left[];
  readonly many?: number;
  readonly with: string;
}

const hidden = new Set(["password", "ssn", "password_expiration_date"]);

/** The call that undoes a change, out of its own arguments and what was there before; or why there is none. */
export function planBack(undoing: Undoing): UndoPlan | NoWay {
  const { operation, way, image, given, made } = undoing;
  const noWay = (why: NoWay["why"], more: Partial<NoWay> = {}): NoWay => ({ why, with: way.with, ...more });
  const kept = keptOf(operation, undoing, image);
  const args: Record<string, unknown> = {};
  const put: { name: string; field: string }[] = [];
  const left: Left[] = [];

  for (const [list, single] of Object.entries(way.single ?? {})) {
    const items = [given[list] ?? []].flat();
    if (items.length > 1) return noWay("several", { many: items.length });
    if (items.length === 1) args[single] = items[0];
  }
  if (way.unless) {
    if (image === undefined || !(way.unless.read in image)) return noWay("not-kept");
    if (includes(image, way.unless, given)) {
      return way.unless.otherwise
        ? planBack({ ...undoing, way: way.unless.otherwise })
        : noWay("there-already");
    }
  }
  if (way.only && image && way.only.read in image && !includes(image, way.only, given)) {
    return noWay("not-there");
  }
  const numbered = byNumber(undoing);
  for (const name of [...(way.same ?? []), "user_id"])
    if ((way.same?.includes(name) || way.same?.includes("user_email")) && numbered[name] !== undefined)
      args[name] = numbered[name];
  if (way.made !== undefined) {
    if (made === undefined) return noWay("no-number");
    args[way.made] = way.made.endsWith("_ids") ? [made] : made;
  }
  if (way.negative !== undefined) args[way.negative] = 0 - Number(given[way.negative]);
  if (way.kept) {
    const route = operation.keeps?.[0] ?? "";
    if (kept === undefined) return noWay(image && route in image ? "so-before" : "not-kept");
    for (const [name, field] of Object.entries(way.kept)) {
      const value = fieldOf(kept, field);
      const back = name.endsWith("_ids") && value !== undefined ? [value].flat() : value;
      if (back !== undefined && isTaken(operation, name, back)) {
        args[name] = back;
        put.push({ name, field });
      } else if (given[name] !== undefined)
        left.push({ name, why: back === undefined ? "empty" : "unsettable" });
    }
  }
  if (way.before === "given") {
    if (kept === undefined) return noWay("not-kept");
    for (const part of partsOf(given, way)) {
      const value = hidden.has(part.field) ? undefined : valueBefore(part, kept);
      if (value === undefined)
        left.push({ name: part.name, why: hidden.has(part.field) ? "hidden" : "empty" });
      else if (!isTaken(operation, part.argument, part.inside ? { [part.inside]: String(value) } : value)) {
        left.push({ name: part.name, why: "unsettable" });
      } else {
        put.push({ name: part.name, field: part.field });
        args[part.argument] = part.inside
          ? { ...(args[part.argument] as object | undefined), [part.inside]: String(value) }
          : value;
      }
    }
  }
  if (left.length > 0 && put.length === 0) return noWay("nothing", { left });
  return {
    with: way.with,
    args,
    put,
    left,
    follows: (way.follows ?? []).flatMap((field) => {
      const was = kept && fieldOf(kept, field);
      return was === undefined || was === 0 ? [] : [{ field, was }];
    }),
    ...(way.loses !== undefined && { loses: way.loses }),
    stays: Object.entries(way.stays ?? {}).flatMap(([name, words]) =>
      given[name] === undefined || given[name] === false ? [] : [words],
    ),
  };
}

interface Part {
  /** As people are told of it. */
  readonly name: string;
  readonly argument: string;
  /** Its key, where the argument is a map. */
  readonly inside?: string;
  /** The field that shows it. */
  readonly field: string;
}

/** What was set, one by one: each key of a map is a thing of its own. */
function partsOf(given: Args, { same = [] }: UndoneBy): Part[] {
  return Object.entries(given).flatMap(([argument, value]): Part[] => {
    if (same.includes(argument) || value === undefined) return [];
    if (argument !== "custom_fields" && argument !== "extra") {
      return [{ name: argument, argument, field: argument === "card_no" ? "user_identifier" : argument }];
    }
    return Object.keys((value ?? {}) as object).map((inside) => ({
      name: inside,
      argument,
      inside,
      field: inside,
    }));
  });
}

/** Whether our own schema lets it be sent: a status that can only be read is none that can be set. */
function isTaken({ input }: WriteOperation, name: string, value: unknown): boolean {
  const field = input.shape[name] as { safeParse(one: unknown): { success: boolean } } | undefined;
  if (field === undefined) return true;
  // SkyPrep writes numbers and flags as text in places; a call takes them so, too.
  const plain =
    value === "true" || value === "1" ? [true, 1] : value === "false" || value === "0" ? [false, 0] : [];
  return [value, ...plain, ...(typeof value === "string" && value !== "" ? [Number(value)] : [])].some(
    (one) => field.safeParse(one).success,
  );
}

/** What an argument was, in the form the argument takes. */
function valueBefore({ argument, field }: Part, kept: KeptFields): unknown {
  const value = fieldOf(kept, field);
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && /_date$/.test(argument)
    ? value.slice(0, 10)
    : value;
}
