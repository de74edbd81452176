import { describe, expect, it } from "vitest";
import { ask } from "../../src/tables/ask.ts";

const table = {
  columns: ["SkyPrep ID", "Course Name", "Course Progress Status"],
  rows: [
    ["101", "Safety", "Passed"],
    ["102", "Safety", "In-progress"],
    ["103", "Forklift", "passed "],
    ["104"],
  ],
  problems: ["Row 5 has 1 cell, the header 3."],
};

describe("a question on a table", () => {
  it("takes rows by value, case-blind and trimmed, columns named alike", () => {
    const found = ask(table, { where: { course_progress_status: " PASSED" } });

    expect(found.matched).toBe(2);
    expect(found.table.rows.map(([id]) => id)).toEqual(["101", "103"]);
    expect(found.table.problems).toEqual(table.problems);
  });

  it("wants every condition met", () => {
    expect(
      ask(table, { where: { "Course Name": "safety", "course progress status": "passed" } }).matched,
    ).toBe(1);
  });

  it("shows columns in the order asked for, short rows filled up", () => {
    const found = ask(table, { columns: ["course name", "SKYPREP_ID"] });

    expect(found.table.columns).toEqual(["Course Name", "SkyPrep ID"]);
    expect(found.table.rows.at(-1)).toEqual(["", "104"]);
  });

  it("cuts at the limit and still counts all", () => {
    const found = ask(table, { where: { "Course Name": "Safety" }, limit: 1 });

    expect(found.table.rows).toHaveLength(1);
    expect(found.matched).toBe(2);
  });

  it("finds empty cells, also those that are not there", () => {
    expect(ask(table, { where: { "Course Name": "" } }).matched).toBe(1);
  });

  it.each([{ columns: ["Deadline"] }, { where: { Deadline: "x" } }])(
    "lists the columns where %j names none",
    (question) => {
      const found = ask(table, question);

      expect(found.wrong).toBe(
        'There is no column "Deadline". There are "SkyPrep ID", "Course Name", "Course Progress Status".',
      );
      expect(found.table.rows).toEqual([]);
      expect(found.matched).toBe(0);
    },
  );

  it("prefers the column that is exactly so named", () => {
    const twins = { columns: ["name", "Name"], rows: [["a", "b"]], problems: [] };

    expect(ask(twins, { columns: ["Name"] }).table.rows).toEqual([["b"]]);
    expect(ask(twins, { columns: ["NAME"] }).table.rows).toEqual([["a", "b"]]);
  });

  it("says nothing endless of a table with very many columns", () => {
    const wide = { columns: Array.from({ length: 5_000 }, (_, n) => `c${n}`), rows: [], problems: [] };

    const { wrong = "" } = ask(wide, { columns: ["x"] });

    expect(wrong).toMatch(/and 4940 more\.$/);
    expect(wrong.length).toBeLessThan(1_000);
  });
});
