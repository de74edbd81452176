import type { FilterRule } from "../../../tools/schema/operation.ts";
import type { Args } from "../check/check.ts";

/**
 * Rows that a filter should have left out: SkyPrep may not know the filter (skyprep-api §6), so every row is
 * held against what was asked, and what does not match is left out here and said (contract §6).
 * A row that lacks the field is kept: nothing shows that it does not match.
 */
export function applyFilters(
  rows: readonly unknown[],
  args: Args,
  rules: Readonly<Record<string, FilterRule>> | undefined,
  now: number,
): { rows: readonly unknown[]; ignored: string[] } {
  const ignored: string[] = [];
  let kept = rows;
  for (const [argument, rule] of Object.entries(rules ?? {})) {
    const wanted = args[argument];
    if (wanted === undefined) continue;
    const matching = kept.filter((row) => matches(row, wanted, rule, now));
    if (matching.length < kept.length) ignored.push(argument);
    kept = matching;
  }
  return { rows: kept, ignored };
}

function matches(row: unknown, wanted: unknown, { field, test }: FilterRule, now: number): boolean {
  const value = (row as Record<string, unknown> | null)?.[field];
  if (value === undefined || value === null || value === "") return true;
  if (test === "contains") return fold(value).includes(fold(wanted));
  if (test !== undefined) {
    const at = Date.parse(String(value));
    if (test === "days") {
      // `true` is the last 24 hours; a number may be meant in whole days.
      const oldest = now - (wanted === true ? wholeDay : (Number(wanted) + 1) * wholeDay);
      return wanted === false || Number.isNaN(at) || at >= oldest;
    }
    const bound = Date.parse(String(wanted));
    if (Number.isNaN(at) || Number.isNaN(bound)) return true;
    const slack = String(wanted).includes("T") ? 0 : widestOffset;
    if (test === "until") return at <= bound + slack + wholeDay;
    return test === "after" ? at >= bound - slack : at <= bound + slack;
  }
  return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => fold(one) === fold(value));
}

/** A day begins in the account's time zone, which we do not know: up to 14 hours from UTC. */
const widestOffset = 14 * 3_600_000;
const wholeDay = 24 * 3_600_000;

const fold = (value: unknown) => String(value).trim().toLowerCase();
