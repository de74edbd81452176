import { describe, expect, it } from "vitest";
import { drawnDialect } from "../../../src/sandbox/dialect/drawn.ts";
import { switches } from "../../../src/sandbox/dialect/switches.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { type AssumptionId, assumptions } from "../../../src/skyprep/assumptions.ts";
import { often, patience } from "../../support/long.ts";
import { academyOf, domain, key, newProbe } from "./bench.ts";

const onGoodStatus = ["error-message", "on-200", "page-on-200"];

/** What reads can show of this academy: not what another switch of it hides. */
function visible(dialect: Dialect): [AssumptionId, string][] {
  return (Object.entries(dialect) as [AssumptionId, string][]).filter(([id, variant]) => {
    const one = assumptions[id];
    if (!("probe" in one) || one.probe !== "reads") return false;
    // Only a web server sends anybody elsewhere.
    if (id === "address-is-final") return false;
    // A 422 that comes as every error does, on 200.
    if (variant === "unprocessable" && onGoodStatus.includes(dialect["errors-are-text"] ?? "")) return false;
    // They are listed where that status is asked for, and nobody hears of it.
    if (variant === "left-out" && dialect["filters-filter"] === "ignored") return false;
    // Nothing, as a list of none, is an empty list.
    return !(variant === "nothing" && dialect["records-are-bare"] === "listed");
  });
}

async function probed(dialect: Dialect) {
  const probe = newProbe(academyOf({ dialect }).send);
  expect(await probe.run()).toBe(0);
  const { seen, calls } = probe.json();
  const text = probe.text();
  probe.close();
  return { seen, calls, text };
}

/** Logins, names and titles of the pretend academy. */
const said = (text: string): string[] =>
  [
    /@example\.com/,
    /Avery|Jordan|Example Training|Fire Safety|Sales Team/,
    new RegExp(`${key}|${domain}`),
  ].flatMap((pattern) => pattern.exec(text)?.[0] ?? []);

describe("a probe of an academy that is otherwise", () => {
  const single = (Object.entries(switches) as [AssumptionId, object][]).flatMap(([id, variants]) =>
    Object.keys(variants).map((variant) => ({ [id]: variant }) as Dialect),
  );
  const alone = single.filter((dialect) => visible(dialect).length > 0);

  it("finds each single switch that reads can show, and takes nothing else for otherwise", {
    timeout: patience,
  }, async () => {
    const tried = alone.filter((_, at) => at % often({ long: 1, short: 9 }) === 0);
    const wrong: unknown[] = [];
    for (const dialect of tried) {
      const { seen } = await probed(dialect);
      const [[id, variant]] = Object.entries(dialect) as [[string, string]];
      const strange = Object.entries(seen).filter(
        ([one, how]) => one !== id && how !== "holds" && how !== "not seen",
      );
      if (seen[id] !== variant || strange.length > 0) wrong.push([dialect, seen[id], strange]);
    }

    expect(wrong).toEqual([]);
    expect(tried.length).toBeGreaterThan(5);
  });

  it("finds 95 of 100 switches of academies that are otherwise in half of all ways", {
    timeout: patience,
  }, async () => {
    let there = 0;
    let found = 0;
    let most = 0;
    const missed: string[] = [];
    const mistaken: string[] = [];
    for (let seed = 1; seed <= often({ long: 50, short: 8 }); seed += 1) {
      const dialect = drawnDialect(seed);
      const { seen, calls, text } = await probed(dialect);
      most = Math.max(most, calls);
      for (const [id, variant] of visible(dialect)) {
        there += 1;
        if (seen[id] === variant) found += 1;
        else missed.push(`seed ${seed}: ${id} is ${variant}, seen: ${seen[id]}`);
      }
      for (const [id, how] of Object.entries(seen))
        if (!(id in dialect) && how !== "holds" && how !== "not seen")
          mistaken.push(`seed ${seed}: ${id} is as assumed, seen: ${how}`);
      expect(said(text)).toEqual([]);
    }
    process.stderr.write(
      `probe: ${found} of ${there} found, at most ${most} calls\n${[...missed, ...mistaken].join("\n")}\n`,
    );

    expect(most).toBeLessThanOrEqual(60);
    expect(mistaken).toEqual([]);
    expect(found / there).toBeGreaterThanOrEqual(0.95);
  });
});
