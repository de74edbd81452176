import { type AssumptionId, assumptions } from "../../skyprep/assumptions.ts";
import { count } from "../../text/english.ts";
import type { Verdicts } from "./seen.ts";
import type { AnswerShape } from "./shape.ts";
import type { FilterSeen } from "./verdicts/filters.ts";

/** What a probe found, as its file has it. */
export interface ProbeResult {
  readonly version: string;
  /** The day alone: 2026-11-23. */
  readonly when: string;
  readonly calls: number;
  readonly verdicts: Verdicts;
  readonly filters: ReadonlyMap<string, FilterSeen>;
  /** Routes the key may not call. */
  readonly shut: readonly string[];
  readonly shapes: readonly AnswerShape[];
  /** Whether the second part was done. */
  readonly wrote: boolean;
}

export const format = 1;
const ids = Object.keys(assumptions) as AssumptionId[];

export const seenOf = (verdicts: Verdicts): Record<AssumptionId, string> =>
  Object.fromEntries(ids.map((id) => [id, verdicts[id] ?? "not seen"])) as Record<AssumptionId, string>;

/** In words: what it is instead of what is assumed. */
export function inWords(id: AssumptionId, seen: string): string {
  const { otherwise }: { readonly otherwise: Readonly<Record<string, string>> } = assumptions[id];
  if (seen === "holds" || seen === "not seen") return seen;
  return seen === "otherwise" ? "otherwise, in a way that has no name yet" : `otherwise: ${otherwise[seen]}`;
}

export const totals = (verdicts: Verdicts): string => {
  const seen = Object.values(seenOf(verdicts));
  const holds = seen.filter((one) => one === "holds").length;
  const open = seen.filter((one) => one === "not seen").length;
  return `${holds} as assumed, ${seen.length - holds - open} otherwise, ${open} not seen`;
};

/** For people, with a block for programs in it. */
export function resultText(result: ProbeResult): string {
  const { version, when, calls, verdicts, filters, shut, shapes, wrote } = result;
  const seen = seenOf(verdicts);
  const block = {
    "skyprep-mcp-probe": format,
    version,
    when,
    calls,
    wrote,
    seen,
    filters: Object.fromEntries(filters),
    shut,
    shapes,
  };
  return [
    "# What a SkyPrep account answers like",
    "",
    `Found by \`skyprep-mcp probe\` ${version} on ${when}, with ${count(calls, "call")}${wrote ? ", some of which made and removed things" : ", all of them reads"}.`,
    "It tells how answers are built: kinds of values, names of fields that SkyPrep's own page shows, and how many in",
    "rough. It has no name, login, title, number or text of an answer, and neither the key nor the academy's domain.",
    "Read it through, then attach it to an issue, so that the next version knows.",
    "",
    `## Assumptions: ${totals(verdicts)}`,
    "",
    "| Assumption | ProbeFinding |",
    "| --- | --- |",
    ...ids.map((id) => `| \`${id}\`: ${assumptions[id].says} | ${inWords(id, seen[id])} |`),
    "",
    "## Routes that this key may not call",
    "",
    shut.length === 0 ? "None of those that were asked." : shut.map((route) => `\`${route}\``).join(", "),
    "",
    "## For programs",
    "",
    "```json",
    JSON.stringify(block, null, 1),
    "```",
    "",
  ].join("\n");
}
