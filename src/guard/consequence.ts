import type { Condition, Consequence } from "../../tools/schema/consequence.ts";
import type { Operation } from "../../tools/schema/operation.ts";
import { isAboveLearner } from "./persons.ts";
import type { Args, Seen } from "./subjects/seen.ts";

/**
 * The consequence this very call may have; undefined where nothing in its arguments deserves a question.
 * Whether it does may depend on how things stand: see `isMet`.
 */
export function consequenceOf(operation: Operation, args: Args): Consequence | undefined {
  if (operation.effect === "read") return undefined;
  const { consequence } = operation;
  if (consequence?.when === undefined) return consequence;
  return consequence.when.some((condition) => isGiven(condition, args)) ? consequence : undefined;
}

function isGiven({ argument, except = [] }: Condition, args: Args): boolean {
  if (argument === undefined) return true;
  const value = args[argument];
  return value !== undefined && !except.includes(String(value));
}

type Stood = { readonly person?: Seen; readonly progress?: Seen; readonly item?: Seen };

/** Whether a question is deserved as things stand. What was not read counts as met. */
export function isMet({ when }: Consequence, args: Args, seen: Stood): boolean {
  if (when === undefined) return true;
  return when.some((condition) => isGiven(condition, args) && stands(condition, args, seen));
}

function stands({ argument = "", standing }: Condition, args: Args, seen: Stood): boolean {
  const person = seen.person?.row;
  const result = (seen.progress ?? seen.item)?.row;
  switch (standing) {
    case undefined:
      return true;
    case "above-learner":
      return person === undefined || isAboveLearner(person);
    case "different":
      return person === undefined || person[argument] !== args[argument];
    default:
      return result === undefined || !unfinished.has(String(result.status));
  }
}

/** Overwriting one of these loses nothing that was achieved; any other word counts as a result. */
const unfinished = new Set(["not-started", "in-progress", "not-applicable"]);
