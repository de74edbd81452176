import { describe, expect, it } from "vitest";
import { asTable, readCsv, writeCsv } from "../../src/tables/csv.ts";

describe("reading CSV", () => {
  it("reads a byte order mark, CRLF, quoted commas, quotes and line breaks", () => {
    const table = readCsv('\uFEFF"Name",Note\r\n"Lee, Avery","said ""yes""\r\nand left"\r\nSam,\r\n');

    expect(table).toEqual({
      columns: ["Name", "Note"],
      rows: [
        ["Lee, Avery", 'said "yes"\r\nand left'],
        ["Sam", ""],
      ],
      problems: [],
    });
  });

  it("reads each kind of line end, also mixed", () => {
    expect(readCsv("a,b\n1,2\r\n3,4\r5,6").rows).toEqual([
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ]);
  });

  it("decodes HTML entities in headers and cells, and only what is meant as one", () => {
    const table = readCsv("First&nbsp;name,Link\nO&#39;Neil &amp; &lt;Co&gt;,https://x.test/?a=1&copy=2\n");

    expect(table.columns).toEqual(["First name", "Link"]);
    expect(table.rows).toEqual([["O'Neil & <Co>", "https://x.test/?a=1&copy=2"]]);
  });

  it("keeps rows of other lengths and says which they are", () => {
    const table = readCsv("a,b,c\n1,2\n1,2,3\n1,2,3,4\n");

    expect(table.rows).toEqual([
      ["1", "2"],
      ["1", "2", "3"],
      ["1", "2", "3", "4"],
    ]);
    expect(table.problems).toEqual(["Row 2 has 2 cells, the header 3.", "Row 4 has 4 cells, the header 3."]);
  });

  it("lists five problems and counts the others", () => {
    const { problems } = readCsv(`a,b\n${"1\n".repeat(12)}`);

    expect(problems).toHaveLength(6);
    expect(problems[5]).toBe("And 7 more like these.");
  });

  it("minds no comma at the end of lines", () => {
    expect(readCsv("a,b\n1,2,\n3,4,\n")).toEqual({
      columns: ["a", "b"],
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      problems: [],
    });
  });

  it("numbers the columns of a report without a header and keeps its first row", () => {
    const table = readCsv("101,Avery,avery@example.com\n102,Sam,sam@example.com\n");

    expect(table.columns).toEqual(["column 1", "column 2", "column 3"]);
    expect(table.rows).toHaveLength(2);
    expect(table.problems).toEqual(["It has no header row: the columns are numbered."]);
  });

  it("names a column without a name", () => {
    const table = readCsv("a,,c\n1,2,3\n");

    expect(table.columns).toEqual(["a", "column 2", "c"]);
    expect(table.problems).toEqual(["Column 2 has no name."]);
  });

  it.each([
    ["", "It is empty."],
    ["\uFEFF\r\n \n", "It is empty."],
    ["<!DOCTYPE html>\n<html><body>a,b</body></html>", "It is not CSV but a web page."],
    ['{"error":"no, thanks"}', "It is not CSV but JSON."],
    ["PK\u0003\u0004 a,b\n1,2", "It is not CSV but a binary file."],
    ["Your report is being made.", 'It is not CSV: it only says "Your report is being made.".'],
  ])("says of %j what it is instead", (text, problem) => {
    expect(readCsv(text)).toEqual({ columns: [], rows: [], problems: [problem] });
  });

  it("reads a header without rows, and a single column", () => {
    expect(readCsv("a,b\n")).toEqual({ columns: ["a", "b"], rows: [], problems: [] });
    expect(readCsv("Course\nSafety\n")).toEqual({ columns: ["Course"], rows: [["Safety"]], problems: [] });
  });

  it("reads quotes that stand in the middle of a cell as they are", () => {
    expect(readCsv('a,b\n5" pipe,x\n"x"y,z\n')).toEqual({
      columns: ["a", "b"],
      rows: [
        ['5" pipe', "x"],
        ['"x"y', "z"],
      ],
      problems: [],
    });
  });

  it("leaves out what a quote out of order has swallowed, and says where", () => {
    const table = readCsv('a,b\n1,2\n"x,111\n"y",222\n5,6\n"never,closed\n7,8\n');

    expect(table.rows).toEqual([
      ["1", "2"],
      ["5", "6"],
    ]);
    expect(table.problems).toEqual([
      "Row 3 is left out: its quotes are out of order.",
      "Row 5 opens a quote that is never closed: it and the rest are left out.",
    ]);
  });

  it("says that a header out of order leaves nothing to read", () => {
    expect(readCsv('"a"x,b\n"y",c\n1,2\n"z\n')).toMatchObject({ columns: ['"a"x', "b"] });
    expect(readCsv('"a,b\n"1,x"y",2\n3,4\n')).toEqual({
      columns: [],
      rows: [],
      problems: ["Row 1 is left out: its quotes are out of order."],
    });
  });

  it("reads columns and rows that came apart in the same way", () => {
    expect(asTable(["Social&nbsp;Security", ""], [["R&amp;D", "1"], ["x"]])).toEqual({
      columns: ["Social Security", "column 2"],
      rows: [["R&D", "1"], ["x"]],
      problems: ["Column 2 has no name.", "Row 3 has 1 cell, the header 2."],
    });
  });

  it("reads 20,000 rows", () => {
    const row =
      'Avery,"Lee, jr",avery@example.com,"said ""hi"" &amp; left",2026-01-01T00:00:00.000-04:00,passed,,9\n';
    const text = `a,b,c,d,e,f,g,h\n${row.repeat(20_000)}`;

    const table = readCsv(text);

    expect(table.rows).toHaveLength(20_000);
    expect(table.rows.at(-1)?.[3]).toBe('said "hi" & left');
  });
});

describe("writing CSV", () => {
  it("quotes what needs it and ends lines with LF", () => {
    const text = writeCsv({ columns: ["a", "b"], rows: [["x, y", 'say "yes"\nand go'], ["z"]] });

    expect(text).toBe('a,b\n"x, y","say ""yes""\nand go"\nz,\n');
  });

  it.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "\u200b=1+1"])(
    "makes %j plain text",
    (cell) => {
      const [, line = ""] = writeCsv({ columns: ["a", "b"], rows: [[cell, "x"]] }).split(/\n/);

      expect(line.replace(/^"/, "")).toMatch(/^'/);
    },
  );

  it("escapes headers too", () => {
    expect(writeCsv({ columns: ["=a"], rows: [] })).toBe("'=a\n");
  });

  it.each(["-12.5", "+3", "-1e5", "-", "-4%", "2026-01-01", "a=b", "avery@example.com", "-1,5"])(
    "leaves %j as it is",
    (cell) => {
      expect(readCsv(writeCsv({ columns: ["a", "b"], rows: [[cell, "x"]] })).rows[0]?.[0]).toBe(cell);
    },
  );

  it("drops what nobody sees and keeps line breaks", () => {
    expect(writeCsv({ columns: ["a"], rows: [["A\u202Eve\u0000ry\nLee"]] })).toBe('a\n"Avery\nLee"\n');
  });

  it("gives back what it was given", () => {
    const table = {
      columns: ["a", "b"],
      rows: [
        ['"', ","],
        ["x\r\n", "é"],
      ],
    };

    expect(readCsv(writeCsv(table))).toEqual({ ...table, problems: [] });
  });
});
