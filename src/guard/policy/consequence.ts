import type { Condition, Consequence, Kind } from "../../../tools/schema/consequence.ts";
import type { Operation, WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/call-arguments.ts";
import { type Standings, standings } from "./conditions.ts";
import { isTelling } from "./parameter-words.ts";

/** Everything that calls of this operation may deserve a question for. */
export function consequencesIn(operation: Operation): readonly Consequence[] {
  if (operation.effect === "read") return [];
  const { consequence, also = [] } = operation;
  return consequence === undefined ? also : [consequence, ...also];
}

/**
 * Those that this very call may have: empty where nothing in its arguments deserves a question. Whether it does
 * may depend on how things stand: see `isMet`.
 */
export const consequencesOf = (operation: Operation, args: Args, now: number): readonly Consequence[] =>
  consequencesIn(operation).filter(
    ({ when }) => when === undefined || when.some((condition) => isGiven(condition, args, now)),
  );

const halfADay = 12 * 3_600_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A day that has begun somewhere on earth may be today, or over, where the academy is. */
export const isOver = (day: string, now: number): boolean =>
  day.slice(0, 10) <= dayOf(now + halfADay + 7_200_000);
const isToCome = (day: string, now: number): boolean => day.slice(0, 10) > dayOf(now - halfADay);

function isGiven({ argument, except = [], value: wanted }: Condition, args: Args, now: number): boolean {
  if (argument === undefined) return true;
  const value = args[argument];
  if (value === undefined || except.includes(String(value))) return false;
  switch (wanted) {
    case "false":
      return value === false;
    case "negative":
      return typeof value !== "number" || value < 0;
    case "past":
      return isOver(String(value), now);
    case "future":
      return isToCome(String(value), now);
    case "telling":
      return Object.entries(value as Record<string, string>).some(([name, one]) => isTelling(name, one, now));
    default:
      return true;
  }
}

/** Whether a question is deserved as things stand. What was not read counts as met. */
export async function isMet(
  operation: WriteOperation,
  { when }: Consequence,
  stood: Omit<Standings, "row" | "argument">,
): Promise<boolean> {
  if (when === undefined) return true;
  const [first] = operation.about;
  const row = first && stood.seen[first]?.row;
  for (const condition of when) {
    if (!isGiven(condition, stood.args, stood.now)) continue;
    const { argument = "", standing = [] } = condition;
    let met = true;
    for (const one of [standing].flat()) met &&= await standings[one]({ ...stood, row, argument });
    if (met) return true;
  }
  return false;
}

const kinds: readonly Kind[] = ["irreversible", "credential", "power", "removing", "many"];

/** The strictest first. */
export const byStrictness = (all: readonly Consequence[]): Consequence[] =>
  [...all].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
