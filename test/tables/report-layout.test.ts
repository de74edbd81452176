import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lettersIn } from "../../src/skyprep/letters.ts";
import { readBack, readCsv, writeCsv } from "../../src/tables/csv.ts";

const columns = ["User ID", "Email", "Course", "Status"];
const rows = [
  ["1", "a@example.com", "Health, Safety", "passed"],
  ["2", "b@example.com", "Safety; basic", "failed"],
  ["3", "c@example.com", "R&D | \t x", "in-progress"],
];
const quoted = (cell: string) => (/[;,\t|"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const cutBy = (separator: string, table: readonly (readonly string[])[]) =>
  table.map((row) => row.map(quoted).join(separator)).join("\r\n");

describe("a report laid out by other programs", () => {
  it.each([",", ";", "\t", "|"])("is read where its cells are cut by %j", (separator) => {
    const text = `${cutBy(separator, [columns, ...rows])}\r\n`;
    for (const one of [text, `\uFEFF${text}`]) {
      expect(readCsv(one)).toEqual({ columns, rows, problems: [] });
    }
  });

  it("is read where its first line says what it is cut by", () => {
    expect(
      readCsv(
        `sep=;\r\n${cutBy(";", [
          ["a", "b"],
          ["1,5", "2"],
        ])}`,
      ),
    ).toMatchObject({
      columns: ["a", "b"],
      rows: [["1,5", "2"]],
    });
  });

  it.each([
    ["one and an empty line", [["Training report"], []]],
    ["one without an empty line", [["Training report"]]],
    ["one padded to the width of the table", [["Training report", "", "", ""]]],
    ["a title, who and when", [["Training report"], ["Made by:", "Avery"], ["Date", "2026-11-23"], [""], []]],
  ])("keeps its header where a title stands above: %s", (_, above) => {
    for (const separator of [",", ";", "\t"]) {
      const table = readCsv(cutBy(separator, [...above, columns, ...rows]));
      expect(table.columns).toEqual(columns);
      expect(table.rows).toEqual(rows);
      expect(table.problems).toEqual([expect.stringMatching(/^Above its header stands “Training report/)]);
    }
  });

  it("with decimal commas, or with marks in its text, is cut by what cuts the header", () => {
    expect(readCsv("Name;Score;State\nA;85,5;x\nB;90,1;y\n").rows).toEqual([
      ["A", "85,5", "x"],
      ["B", "90,1", "y"],
    ]);
    expect(readCsv("Name,Groups\nA,x;y;z\nB,x;y\nC,q\n").columns).toEqual(["Name", "Groups"]);
    expect(readCsv("Course\nSafety; basic\nHealth; more\n")).toMatchObject({ columns: ["Course"] });
  });

  it("keeps a header of few names over wider rows", () => {
    expect(readCsv("Name,Course\nLee,Safety,passed\nSam,Health,failed\n").columns).toEqual([
      "Name",
      "Course",
    ]);
  });
});

describe("the letters of a report", () => {
  it.each([
    ["UTF-8", Buffer.from("José,Łódź"), "José,Łódź", undefined],
    ["Latin-1", Buffer.from("José,Müller", "latin1"), "José,Müller", "windows-1252"],
    ["Windows-1252", Buffer.from([0x93, 0x41, 0x94, 0x80]), "“A”€", "windows-1252"],
    ["UTF-16", Buffer.from("\ufeffJosé", "utf16le"), "José", "utf-16"],
    [
      "UTF-8 with one letter broken",
      Buffer.concat([Buffer.from("éèü"), Buffer.from([0xe9]), Buffer.from(",x")]),
      "éèü\ufffd,x",
      "damaged",
    ],
    ["UTF-8 of letters broken before", Buffer.from("Jos\ufffd"), "Jos\ufffd", "damaged"],
  ])("are read from %s", (_, bytes, text, letters) => {
    expect(lettersIn(bytes)).toEqual({ text, ...(letters && { letters }) });
  });
});

describe("the kept file", () => {
  it.each([
    'x;=HYPERLINK("http://127.0.0.1")',
    "x\t=1+1",
    "x\n=1+1",
    "x\r\n@SUM(A1)",
    "x;+cmd|' /C calc'!A0",
    'x;"=1+1"',
    "x; =1+1",
    "a;b;＝1",
  ])("has no formula in %j, wherever a spreadsheet cuts", (cell) => {
    const text = writeCsv({ columns: ["a", "b"], rows: [["1", cell]] });
    expect(text).not.toMatch(/[;\t\r\n]["\s]*[=@+＝]/);
    expect(readBack(text).rows).toEqual([["1", cell]]);
  });

  it("leaves what only looks so", () => {
    const cells = ["a;-5", "b;+3,5", "x; y", "10:00; 11:00", "a=b;c=d"];
    expect(writeCsv({ columns: ["a"], rows: cells.map((one) => [one]) })).not.toContain("'");
  });

  it("gives every cell back as it was", () => {
    const part = fc.constantFrom("=", "'", ";", "\t", "\n", '"', " ", "-", "5", "x", "@", ",", "+", "\r");
    const cell = fc.array(part, { maxLength: 8 }).map((some) => some.join(""));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 2 }), (row) => {
        const text = writeCsv({ columns: ["a", "b"], rows: [row] });
        expect(readBack(text).rows).toEqual([row]);
      }),
      { numRuns: 2_000 },
    );
  });
});
