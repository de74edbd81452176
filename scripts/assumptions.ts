import { type Assumption, assumptions } from "../src/skyprep/assumptions.ts";
import { openQuestions } from "../src/skyprep/assumptions-open.ts";

const sure = {
  page: "on the page",
  client: "a public client does so",
  inferred: "reasoned",
  open: "unknown",
} as const;

/** One question as a line: what is assumed, how sure, what it may be instead, and what leans on it. */
function line([id, { says, source, sure: how, needs, shows, otherwise, probe }]: [
  string,
  Assumption,
]): string {
  const others = Object.entries(otherwise);
  const found = { reads: "`skyprep-mcp probe` sees it", writes: "`skyprep-mcp probe --writes` sees it" };
  return [
    `- **\`${id}\`** (${sure[how]}; ${source}): ${says}`,
    ...(others.length > 0
      ? [`It may be otherwise: ${others.map(([name, what]) => `\`${name}\`, ${what}`).join("; ")}.`]
      : []),
    `It would show as: ${shows}.`,
    ...(needs.length > 0 ? [`On it lean: ${needs.join(", ")}.`] : ["Nothing leans on it."]),
    ...(probe ? [`${found[probe]}.`] : []),
  ].join(" ");
}

/** Every open question, from the two tables of the code. */
export const openList = (): string =>
  [
    "Of these the pretend academy can be each of the other ways (`src/skyprep/assumptions.ts`, docs/sandbox.md):",
    "",
    ...Object.entries<Assumption>(assumptions).map(line),
    "",
    "Of these nobody knows, and nothing of ours hangs on them (`src/skyprep/assumptions-open.ts`):",
    "",
    ...Object.entries<Assumption>(openQuestions).map(line),
  ].join("\n");
