import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask } from "../../src/tables/ask.ts";
import { numberIn } from "../../src/tables/condition.ts";
import { compareMoments, momentIn } from "../../src/tables/moment.ts";

const tableOf = (cells: readonly string[]) => ({
  columns: ["n", "Cell"],
  rows: cells.map((cell, at) => [String(at), cell]),
  problems: [],
});
const asked = (cells: readonly string[], value: string) => {
  const { wrong, notes, answers } = ask(tableOf(cells), { where: { cell: value } });
  return { wrong, notes, cells: answers.map(([, cell]) => cell) };
};

const days = ["2026-08-30T23:59:00-04:00", "2026-08-31T00:00:00-04:00", "2026-09-01", "", "Never"];
const scores = ["9", "80", "80.5 %", "1,200", "", "n/a"];

describe("a comparison in where", () => {
  it.each<[string, string[]]>([
    ["<2026-08-31", [days[0] ?? ""]],
    ["< 2026-08-31 ", [days[0] ?? ""]],
    ["<=2026-08-31", days.slice(0, 2)],
    ["≤ Aug 31, 2026", days.slice(0, 2)],
    ["before 31 August 2026", [days[0] ?? ""]],
    ["until 2026-08-31", days.slice(0, 2)],
    [">2026-08-31", ["2026-09-01"]],
    [">=08/31/2026", days.slice(1, 3)],
    ["since 2026-08-31", days.slice(1, 3)],
    [">=2026-08-31 and <2026-09-01", [days[1] ?? ""]],
    [">2026-08-30, <=2026-09-01", days.slice(1, 3)],
    ["between 2026-08-30 and 2026-08-31", days.slice(0, 2)],
    ["2026-08-30..2026-08-31", days.slice(0, 2)],
    ["=2026-08-31", [days[1] ?? ""]],
    ["!=2026-08-31", [days[0] ?? "", "2026-09-01", "", "Never"]],
    ["<2026-08-31T00:00:00-04:00", [days[0] ?? ""]],
    ["empty", [""]],
    ["is empty", [""]],
    ["", [""]],
    ["not empty", [...days.slice(0, 3), "Never"]],
    ["!=", [...days.slice(0, 3), "Never"]],
    ["!=never", [...days.slice(0, 3), ""]],
    ["never", ["Never"]],
    ["never | 2026-09-01", ["2026-09-01", "Never"]],
    ["2026-08-31", [days[1] ?? ""]],
    ["Aug 30, 2026 | never", [days[0] ?? "", "Never"]],
    ["!=never | 2026-09-01", [...days.slice(0, 2), ""]],
  ])("%j on days takes those rows", (value, cells) => {
    expect(asked(days, value)).toMatchObject({ wrong: undefined, cells });
  });

  it.each<[string, string[]]>([
    ["<80", ["9"]],
    ["<=80", ["9", "80"]],
    [">80", ["80.5 %", "1,200"]],
    [">= 80%", ["80", "80.5 %", "1,200"]],
    ["!=80", ["9", "80.5 %", "1,200", "", "n/a"]],
    ["=80.0", ["80"]],
    ["!=80, n/a", ["9", "80.5 %", "1,200", ""]],
    ["=9 or 80", ["9", "80"]],
    [">9 <1000", ["80", "80.5 %"]],
    ["at least 80", ["80", "80.5 %", "1,200"]],
  ])("%j on numbers takes those rows", (value, cells) => {
    expect(asked(scores, value)).toMatchObject({ wrong: undefined, cells });
  });

  it.each<[string, string[]]>([
    ["!=active | inactive", ["disabled", ""]],
    ["!= active, disabled", ["inactive", ""]],
    ["<>active or inactive or empty", ["disabled", ""]],
    ["!=active | gone", ["inactive", "disabled", ""]],
    ["=active | disabled", ["active", "disabled"]],
  ])("%j on words takes those rows", (value, cells) => {
    expect(asked(["active", "inactive", "disabled", ""], value)).toMatchObject({ wrong: undefined, cells });
  });

  it("says which rows were not compared", () => {
    expect(asked(days, "<2026-08-31").notes).toEqual([
      '1 row has nothing in "cell": not among these.',
      '1 row has no day in "cell": not among these.',
    ]);
  });

  it.each<[readonly string[], string, RegExp]>([
    [days, "<last month", /“<last month” names no number and no day/],
    [days, "<5", /compares numbers, and the column holds none \(“2026-08-30/],
    [["passed", "failed"], ">2026-08-31", /compares days, and the column holds none \(“passed”, “failed”\)/],
    [["03/04/2026", "05/06/2026"], "<04/01/2026", /has the day or the month first cannot be told/],
    [["passed"], "*ass*", /cannot be asked for/],
    [["passed"], "contains ass", /cannot be asked for/],
    [["passed"], "~x", /cannot be asked for/],
  ])("that cannot be made is refused with what works: %j %j", (cells, value, why) => {
    const { wrong } = asked(cells, value);
    expect(wrong).toMatch(why);
    expect(wrong).toMatch(/What works: .*<2026-08-31.*!= with a value, empty, not empty/);
  });

  it("is a value where a cell is just that", () => {
    expect(asked(["<5", "empty", "3"], "<5").cells).toEqual(["<5"]);
    expect(asked(["<5", "empty", "", "3"], "Empty").cells).toEqual(["empty"]);
    expect(asked(["After work", "x"], "after work").cells).toEqual(["After work"]);
  });

  it("reads days as the column writes them", () => {
    expect(asked(["31/08/2026", "01/09/2026"], "<2026-09-01").cells).toEqual(["31/08/2026"]);
    expect(asked(["08/31/2026", "09/01/2026"], "<2026-09-01").cells).toEqual(["08/31/2026"]);
    expect(asked(["31.08.2026", "01.09.2026"], "<2026-09-01").cells).toEqual(["31.08.2026"]);
    // Either way it is before.
    expect(asked(["03/04/2025", "05/06/2025"], "<2026-01-01").cells).toHaveLength(2);
    expect(asked(["Aug 31, 2026 10:00 PM", "September 1, 2026"], "<2026-09-01").cells).toHaveLength(1);
  });

  it("where nothing is that value says what there is", () => {
    expect(asked(["passed", "failed", "Passed", ""], "done")).toEqual({
      wrong: undefined,
      cells: [],
      notes: ['No "cell" is “done”. There are: Passed, failed.'],
    });
  });

  it("agrees with numbers and days themselves", () => {
    const number = fc.integer({ min: -2_000, max: 2_000 }).map((n) => n / 4);
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), number, (own, than) => {
        const cells = own.map(String);
        expect(asked(cells, `<${than} `).cells).toEqual(
          cells.includes(`<${than}`) ? [] : cells.filter((one) => Number(one) < than),
        );
        for (const one of own) expect(numberIn(String(one))).toBe(one);
      }),
    );
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        const at = momentIn(date.toISOString(), "month");
        const day = momentIn(date.toISOString().slice(0, 10), "day");
        expect(at && day && compareMoments(at, day)).toBe(0);
      }),
    );
  });

  it("takes no day that is none", () => {
    for (const text of ["2026-02-30", "2026-13-01", "13/13/2026", "Foo 3, 2026", "2026-08-31T25:00", "12"])
      expect(momentIn(text, "month"), text).toBe(undefined);
  });
});
