import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { count, reading } from "../../src/guard/words.ts";

const source = fileURLToPath(new URL("../../src", import.meta.url));
/** The pretend academy speaks SkyPrep's words. */
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.startsWith("sandbox"),
);

/** A value in a sentence, then a word that only fits many; or a word that only fits many, then a value. */
const many =
  "people|persons|steps|calls|records|courses|groups|sessions|enrollments|columns|lines|rows|minutes|hours|days|seconds|seats|changes|deletions|grants|questions|keys|managers|items|others|characters|cells|registrations|memberships|tries|files|are|have|were";
const after = new RegExp(
  `\\$\\{([^{}]+)\\} (?:(?:more|other|older|free|further|active) )?(?:${many})\\b`,
  "g",
);
const before = /\b(?:all|both|other|these|those) \$\{([^{}]+)\}/g;
/** It is a number of things, and not a name or a list of names. */
const isNumber =
  /\.(?:length|size)\b|^(?:n|left|rest|more|total|minutes|hours|days|seconds|missing|people|several|tries|pending|registered|overdue|due|passed|bytes)$|count|sum|Math\./i;
/** What is never one: a limit of ours, or what is said only of several. */
const never = /^(?:most|longest|dormant|cycle|soon|back)[A-Za-z]*$|^count\(|^reading\(|^budgets\./;

/** Said only where there are several, or beside a sentence for one; where the helper cannot be had. */
const ofSeveral = new Set([
  "src/call/given-names.ts meaning.found.length",
  "src/jobs/resolve.ts all.length",
  "src/jobs/plans/who.ts several",
  "src/journal/chain.ts missing",
  "src/journal/verify.ts missing",
  "src/mcp/resources.ts text.length",
]);

interface Said {
  where: string;
  expression: string;
}

function sentences(): Said[] {
  return files.flatMap((name) => {
    const lines = readFileSync(join(source, name), "utf8").split("\n");
    return lines.flatMap((line, at) => {
      // A reading for many is written for many.
      const text = line.replace(/(?:many: )?\((?:n|one)\) =>\s*`(?:[^`\\]|\\.)*`/g, "");
      return [...text.matchAll(after), ...text.matchAll(before)].flatMap(([, expression = ""]) =>
        isNumber.test(expression) && !never.test(expression) && !ofSeveral.has(`src/${name} ${expression}`)
          ? [{ where: `src/${name}:${at + 1}`, expression }]
          : [],
      );
    });
  });
}

it("every sentence that counts goes through one helper", () => {
  const bare = sentences().map(({ where, expression }) => `${where} ${expression}`);

  expect(bare).toEqual([]);
});

describe("a sentence that counts", () => {
  it("is read for none, one, two and many", () => {
    const said = (n: number) =>
      reading(n, { none: "nobody is", one: "1 person is", two: "both are", many: (m) => `${m} people are` });

    expect([0, 1, 2, 3, 40].map(said)).toEqual([
      "nobody is",
      "1 person is",
      "both are",
      "3 people are",
      "40 people are",
    ]);
    expect([0, 1, 2].map((n) => count(n, "person", "people"))).toEqual(["0 people", "1 person", "2 people"]);
    expect([0, 1, 2].map((n) => count(n, "more step"))).toEqual([
      "0 more steps",
      "1 more step",
      "2 more steps",
    ]);
  });
});
