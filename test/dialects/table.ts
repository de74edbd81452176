import { assumptions } from "../../src/skyprep/assumptions.ts";
import { journeys } from "../journeys/all.ts";
import { covering, inWords, type Named, singles } from "./dialects.ts";
import { open } from "./open.ts";
import type { Verdict } from "./outcome.ts";

export interface Result extends Verdict {
  /** Of the dialect. */
  readonly name: string;
  readonly job: number;
}

export const begin = "<!-- BEGIN dialects -->";
export const end = "<!-- END dialects -->";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const of = (results: readonly Result[], is: Verdict["is"]) => results.filter((one) => one.is === is);
const counted = (results: readonly Result[]): string =>
  `${of(results, "right").length} | ${of(results, "refused").length} | ${of(results, "false").length}`;

/** What an assumption is like where it is otherwise. */
function meaning({ dialect }: Named): string {
  const [[id = "", variant = ""] = []] = Object.entries(dialect);
  const { otherwise } = assumptions[id as keyof typeof assumptions];
  return (otherwise as Record<string, string>)[variant] ?? "";
}

/** The first sentence of a refusal that says why, without the tool's name again and again. */
const reason = (why: string): string =>
  cell(why.length > 150 ? `${why.slice(0, 149).replace(/\s\S*$/, "")} …` : why);

/** The generated part of docs/dialects.md. */
export function tableOf(results: readonly Result[]): string {
  const by = new Map<string, Result[]>();
  for (const one of results) by.set(one.name, [...(by.get(one.name) ?? []), one]);
  const single = singles.flatMap(({ name }) => by.get(name) ?? []);
  const several = covering.flatMap(({ name }) => by.get(name) ?? []);
  const lines = [
    `${journeys.length} journeys under each of ${singles.length} single switches: right | refused | false = ${counted(single)}.`,
    `The same under ${covering.length} academies with up to ten switches at once, which hold every pair of them: right | refused | false = ${counted(several)}.`,
    "",
    "### One assumption otherwise",
    "",
    "| switch | that academy | right | refused | false |",
    "|---|---|--:|--:|--:|",
    ...singles.map(
      (one) => `| \`${one.name}\` | ${cell(meaning(one))} | ${counted(by.get(one.name) ?? [])} |`,
    ),
    "",
    "### What is refused, and why",
    "",
    ...refusals(single),
    "",
    "### Several at once",
    "",
    "| row | switched | right | refused | false |",
    "|---|---|--:|--:|--:|",
    ...covering.map((one) => `| ${one.name} | ${cell(inWords(one))} | ${counted(by.get(one.name) ?? [])} |`),
    "",
    "### What stands open",
    "",
    ...open.map(([row, job, why]) => `- ${row}, journey ${job}: ${why}.`),
  ];
  return lines.join("\n");
}

function refusals(results: readonly Result[]): string[] {
  const refused = of(results, "refused");
  if (refused.length === 0) return ["Nothing."];
  return [
    "| switch | journey | what is said |",
    "|---|---|---|",
    ...refused.map(({ name, job, why }) => `| \`${name}\` | ${job}. ${cell(asks(job))} | ${reason(why)} |`),
  ];
}

const asks = (job: number): string => journeys.find((one) => one.job === job)?.asks ?? "";
