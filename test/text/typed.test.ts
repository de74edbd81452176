import { describe, expect, it } from "vitest";
import { wrongInLogin } from "../../src/tables/people/login.ts";
import { isNoLogin } from "../../src/tables/people/nobody.ts";
import {
  addressesIn,
  keyboarded,
  likeness,
  loginIn,
  printed,
  readings,
  tidied,
  unwrapped,
} from "../../src/text/typed.ts";

describe("what a person typed or pasted", () => {
  it("is composed, without anything that is not drawn, and with single blanks", () => {
    expect(tidied("  Jose\u0301\u00a0 Nu\u0301n\u0303ez\u202c\u200b ")).toBe("José Núñez");
    expect(tidied("Ju\u200clie\r\nLearner\0")).toBe("Julie Learner");
  });

  it("keeps the joiners that spell a word", () => {
    expect(tidied("می\u200cنا")).toBe("می\u200cنا");
  });

  it("has any hyphen for a hyphen, any apostrophe for an apostrophe, wide letters for letters", () => {
    for (const hyphen of "‐‑‒–—−－﹣") expect(keyboarded(`oak${hyphen}17`)).toBe("oak-17");
    for (const apostrophe of "’‘ʼ′´`＇") expect(keyboarded(`O${apostrophe}Brien`)).toBe("O'Brien");
    expect(likeness("ＡＶＥＲＹ　Learner")).toBe("avery learner");
  });

  it("loses what a copy leaves at its edges, and not what is its own", () => {
    for (const text of [
      "“Sales Team”,",
      "• Sales Team",
      "- Sales Team",
      "(Sales Team)",
      "**Sales Team**",
      "Sales Team;",
    ])
      expect(unwrapped(text)).toBe("Sales Team");
    for (const text of ["First Aid (Practical)", "Jr.", "C++", "()", "[Draft] Safety"])
      expect(unwrapped(text)).toBe(text);
  });

  it.each([
    "Casey Newhire <casey@example.com>",
    "Newhire, Casey (casey@example.com)",
    "mailto:casey@example.com?subject=Hello",
    "SMTP:casey@example.com",
    "[casey@example.com](mailto:casey@example.com)",
    "<casey@example.com>;",
    "'casey@example.com',",
    "\u202acasey@example.com\u202c",
    "casey@\u200bexample.com.",
    "casey@example.com\u00a0",
  ])("names the one address in %j", (text) => {
    expect(loginIn(text)).toBe("casey@example.com");
  });

  it("names no address where there are two, or none", () => {
    expect(addressesIn("a@example.com; b@example.com")).toHaveLength(2);
    expect(loginIn("casey @example.com")).toBe("casey @example.com");
    expect(loginIn("o'brien@example.com")).toBe("o'brien@example.com");
    expect(loginIn("CORP\\casey")).toBe("CORP\\casey");
  });

  it("is read exactly first, and no way twice", () => {
    expect(readings("Avery Learner")).toEqual(["Avery Learner"]);
    expect(readings("“SEC‑102”")[0]).toBe("“SEC‑102”");
    expect(readings("“SEC‑102”").at(-1)).toBe("SEC-102");
  });

  it("may not be a new login where it holds what no login holds", () => {
    for (const text of [
      "",
      " ",
      "casey @example.com",
      "a\0b",
      "a\u200bb@example.com",
      "N/A",
      "#N/A",
      "TBD",
      "-",
      "a@b@c",
      "Casey <a@b.c>",
    ])
      expect(wrongInLogin(text), text).toBeDefined();
    for (const text of ["casey@example.com", "casey", "CORP\\casey", "josé@example.com", "12345"])
      expect(wrongInLogin(text), text).toBeUndefined();
    expect(isNoLogin("none")).toBe(true);
    expect(isNoLogin("Noni")).toBe(false);
  });

  it.each([
    ["207", 207, ""],
    ["#511", 511, ""],
    ["course 207", 207, ""],
    ["session #511", 511, ""],
    ["user_id: 101", 101, ""],
    ["learning path 402 New starters", 402, "New starters"],
    ["101 Avery Learner (avery@example.com)", 101, "Avery Learner (avery@example.com)"],
    ["101\tAvery Learner\tavery@example.com", 101, "Avery Learner avery@example.com"],
    ["Avery Learner (101)", 101, "Avery Learner"],
    ["101: Avery", 101, "Avery"],
  ])("reads the number that our replies print in %j", (text, number, words) => {
    expect(printed(text)).toMatchObject({ number, words });
  });

  it.each([
    "3M Training",
    "2026-12-01",
    "207.5",
    "EMP-101",
    "101-A",
    "100% safe",
    "1st aid",
    "Avery",
    "#0",
    "12/31",
    "",
  ])("takes no number from %j", (text) => {
    expect(printed(text)).toBeUndefined();
  });
});
