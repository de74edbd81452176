import { describe, expect, it } from "vitest";
import { samePhrase } from "../../src/guard/question/question-text.ts";

describe("a typed phrase", () => {
  it.each([
    ["delete 202", "delete 202"],
    ["  Delete 202\t", "delete 202"],
    ["AVERY@EXAMPLE.COM", "avery@example.com"],
    ["jose\u0301@example.com", "josé@example.com"],
    ["JOSE\u0301", "josé"],
    ["ΣΟΦΟΣ", "σοφος"],
    ["İ", "i\u0307"],
  ])("%j is %j", (typed, phrase) => {
    expect(samePhrase(typed, phrase)).toBe(true);
  });

  it.each([
    ["delete 203", "delete 202"],
    ["delete  202", "delete 202"],
    ["delete202", "delete 202"],
    ["jose@example.com", "josé@example.com"],
    ["strasse", "straße"],
    ["", "delete 202"],
    ["", ""],
    [" ", ""],
  ])("%j is not %j", (typed, phrase) => {
    expect(samePhrase(typed, phrase)).toBe(false);
  });
});
