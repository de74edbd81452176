import { describe, expect, it } from "vitest";
import { academyLanguage, languageTag, speaking } from "../../src/pages/language.ts";
import { en } from "../../src/pages/words/en.ts";
import { wordsIn } from "../../src/pages/words/index.ts";
import { writerFor } from "../../src/pages/written.ts";

/** Every sentence, by where it stands. */
const sentences = (words: object, under = ""): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${under}${key}`, value]] : sentences(value as object, `${under}${key}.`),
  );
const holes = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();

describe("the academy's language", () => {
  it.each([
    ["de", "de"],
    ["DE", "de"],
    ["de_AT", "de-AT"],
    ["pt-br", "pt-BR"],
    ["German", "de"],
    ["deutsch", "de"],
    ["Français", "fr"],
    ["עברית", "he"],
    [" arabic ", "ar"],
    ["zh-cn", "zh-CN"],
  ])("is read of %j as %s", (said, tag) => {
    expect(languageTag(said)).toBe(tag);
  });

  it.each(["", "x", "Klingon", "qq", "de de", "../..", "constructor", null, 4, {}])(
    "is not read of %j",
    (said) => {
      expect(languageTag(said)).toBeUndefined();
    },
  );

  it("is what most people have; English where nobody says", () => {
    const rows = ["de", "German", "fr", "fr_CA", "de", null, "Klingon"].map((language) => ({ language }));

    expect(academyLanguage(rows)).toBe("de");
    expect(academyLanguage([{ language: "Klingon" }, {}, null])).toBe("en");
    expect(academyLanguage([])).toBe("en");
  });

  it.each([
    ["ar", "ar", "rtl"],
    ["he", "he", "rtl"],
    // Ours are not in Polish: English words, its own numbers and days.
    ["pl", "en", "ltr"],
    ["de-CH", "de", "ltr"],
  ])("of %s has words in %s, from %s", (tag, words, direction) => {
    expect(speaking(tag).locale).toEqual({ language: tag, words, direction });
  });

  it.each(["fa", "ur", "fa-AF"])(
    "of %s, which runs from right to left and has no words of ours, is English throughout: mixed, both are out of order",
    (tag) => {
      expect(speaking(tag).locale).toEqual({ language: "en", words: "en", direction: "ltr" });
    },
  );

  it.each(["ar-u-ca-islamic-umalqura", "ar-u-ca-persian", "he-u-ca-hebrew"])(
    "names SkyPrep's months and days as what they are, whatever calendar %s has",
    (language) => {
      const [own, plain] = [writerFor({ language }), writerFor({ language: language.slice(0, 2) })];

      expect(own.month("2026-01")).toBe(plain.month("2026-01"));
      expect(own.monthAndYear("2026-01")).toEqual(plain.monthAndYear("2026-01"));
      expect(own.day("2026-01-17")).toBe(plain.day("2026-01-17"));
    },
  );

  it.each(["ar", "ar-EG", "ar-SA", "he"])(
    "writes a day of %s without marks that a name may not carry",
    (language) => {
      expect(writerFor({ language }).day("2026-11-30")).not.toMatch(/[\u200e\u200f]/);
    },
  );

  it("counts years as it is done there, where months are the same", () => {
    expect(writerFor({ language: "th" }).day("2026-01-17")).toContain("2569");
  });

  it("writes numbers, shares and days as it is done there; what is none stays as it is", () => {
    const german = writerFor({ language: "de" });

    expect(german.number(1234)).toBe("1.234");
    expect(german.percent(71.3)).toBe("71,3\u00a0%");
    expect(german.day("2026-11-30")).toBe("30.11.2026");
    expect(german.day("2026-13-77")).toBe("2026-13-77");
    expect(german.day("soon")).toBe("soon");
    expect(german.monthAndYear("2026-03")).toEqual(["Mär", "2026"]);
    expect(german.monthAndYear("<b>-99")).toEqual(["<b>-99"]);
    expect(writerFor({ language: "en" }).cell(1234, "id")).toBe("1234");
  });
});

describe("our words", () => {
  it.each(Object.keys(wordsIn))("in %s are all there, with the same things put in", (language) => {
    const own = sentences(wordsIn[language] ?? {});

    expect(own.map(([key]) => key).sort()).toEqual(
      sentences(en)
        .map(([key]) => key)
        .sort(),
    );
    for (const [key, sentence] of sentences(en)) {
      const there = own.find(([name]) => name === key)?.[1] ?? "";
      expect([key, holes(there)]).toEqual([key, holes(sentence)]);
      expect(there.trim()).not.toBe("");
    }
  });

  it("are translated: of any language, few are the English ones", () => {
    for (const [language, words] of Object.entries(wordsIn)) {
      if (language === "en") continue;
      const english = new Map(sentences(en));
      const same = sentences(words).filter(([key, sentence]) => english.get(key) === sentence);
      expect([language, same.length < 12 ? [] : same]).toEqual([language, []]);
    }
  });
});
