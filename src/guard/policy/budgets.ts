import type { Kind } from "../../../tools/schema/consequence.ts";
import type { Change } from "../../journal/line.ts";
import { count } from "../../text/english.ts";

export interface Budgets {
  readonly maxDeletions: number;
  readonly maxPeople: number;
  readonly maxGrants: number;
}

/** Person × target pairs that may be reached in an hour before somebody is asked. */
export const unaskedPairs = 25;

export const anHour = 3_600_000;

/** What a call would add to the hour. */
export interface Weight {
  readonly deletions: number;
  readonly grants: number;
  /** Person × target, of the kind many. */
  readonly pairs: number;
  /** People affected, those behind groups counted. */
  readonly people: number;
}

const happened = ({ outcome }: Change) => outcome?.is !== "failed";
const sum = (
  changes: readonly Change[],
  kind: Kind,
  counts: (change: Change) => boolean = () => true,
): number =>
  changes
    .filter((change) => change.intent.kind === kind && happened(change) && counts(change))
    .reduce((total, { intent }) => total + (kind === "irreversible" ? 1 : (intent.pairs ?? 1)), 0);

/** Grants of power, those that rode along with a password or a login too: of these the line says how many. */
const granted = (changes: readonly Change[]): number =>
  sum(changes, "power") + sum(changes, "credential", ({ intent }) => intent.pairs !== undefined);

/** Pairs of the last hour that nobody was asked about. */
export const pairsUnasked = (recent: readonly Change[]): number =>
  sum(recent, "many", ({ intent }) => intent.agreed === "nobody");

/**
 * Why this is too much for one hour or one call, whatever SKYPREP_CONFIRM says; undefined where it is not.
 * `recent`: the changes of the last hour, by every process.
 */
export function overBudget(weight: Weight, recent: readonly Change[], budgets: Budgets): string | undefined {
  const raise = (setting: string) =>
    `Whoever set this server up can raise ${setting}; or wait until the hour is over.`;
  if (weight.people > budgets.maxPeople) {
    return `This reaches ${count(weight.people, "person", "people")}; one call may reach ${budgets.maxPeople}. Do it in parts, or whoever set this server up can raise SKYPREP_MAX_PEOPLE.`;
  }
  const { deletions, grants } = weight;
  if (deletions > 0 && sum(recent, "irreversible") + deletions > budgets.maxDeletions) {
    return `${count(budgets.maxDeletions, "deletion")} an hour is the limit. ${raise("SKYPREP_MAX_DELETIONS")}`;
  }
  if (grants > 0 && granted(recent) + grants > budgets.maxGrants) {
    return `${count(budgets.maxGrants, "grant of power", "grants of power")} an hour is the limit. ${raise("SKYPREP_MAX_GRANTS")}`;
  }
  return undefined;
}
