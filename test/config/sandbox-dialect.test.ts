import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { readDialect, writtenDialect } from "../../src/config/sandbox-dialect.ts";

describe("the setting of a dialect", () => {
  it("names variants, or a seed", () => {
    expect(readDialect("ids-are-numbers=text, people-come-whole=by-25")).toEqual({
      named: { "ids-are-numbers": "text", "people-come-whole": "by-25" },
    });
    expect(readDialect("seed=7")).toEqual({ seed: 7 });
  });

  it("is written as it is read", () => {
    const dialect = { "limit-is-429": "503", "writes-answer": "204" } as const;

    expect(readDialect(writtenDialect(dialect))).toEqual({ named: dialect });
  });

  it.each([
    ["ids-are-number=text", "“ids-are-number” is no assumption; ids-are-numbers is."],
    [
      "people-come-whole",
      /^say how people-come-whole is otherwise: people-come-whole=by-25, people-come-whole=by-100/,
    ],
    ["dates-are-iso=epoc", /^dates-are-iso cannot be “epoc”; epoch was meant\? Choices: dates-are-iso=days/],
    ["zzz=1", /^“zzz” is no assumption; these are: ids-are-numbers, /],
    ["seed=x", "seed takes a whole number, e.g. seed=7."],
    ["seed=7,ids-are-numbers=text", "seed takes a whole number, e.g. seed=7."],
    ["ids-are-numbers=text,seed=7", "seed stands alone: seed=7."],
    ["writes-answer=204,writes-answer=empty", "writes-answer is named twice; name it once."],
    [",", /^name what is otherwise, e\.g\. ids-are-numbers=text/],
  ])("says of %s what was meant", (text, fix) => {
    expect(readDialect(text)).toEqual({ fix: typeof fix === "string" ? fix : expect.stringMatching(fix) });
  });

  it("stands among the settings, and is a problem where it is wrong", () => {
    const read = (value: string) =>
      readConfig([`--sandbox-dialect=${value}`], { SKYPREP_SANDBOX: "true" }, []);

    expect(read("seed=3").sandbox.dialect).toEqual({ seed: 3 });
    expect(read("seed=3").problems).toEqual([]);
    expect(read("ids=text").problems).toMatchObject([{ setting: "SKYPREP_SANDBOX_DIALECT" }]);
    expect(readConfig([], { SKYPREP_SANDBOX: "true" }, []).sandbox.dialect).toBeUndefined();
  });
});
