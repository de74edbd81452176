import { describe, expect, it } from "vitest";
import { limits } from "../../src/reply/reply.ts";
import { placeOf, showReport } from "../../src/reply/report.ts";

const table = {
  columns: ["Email", "Status"],
  rows: Array.from({ length: 302 }, (_, n) => [`p${n}@example.com`, "Passed"]),
  problems: [] as string[],
};
const exported = {
  id: "all-users-report-abcdef12",
  name: "All Users Report",
  extension: "csv" as const,
  file: "/home/pat/.local/state/skyprep-mcp/exports/all-users-report-abcdef12.csv",
  bytes: 48_200,
  rows: 302,
  columns: table.columns,
  createdAt: "2026-11-23T00:00:00.000Z",
};
const none = { hidden: [], dropped: [] };
const sizes = ({ text, structured }: ReturnType<typeof showReport>) => [
  Buffer.byteLength(text),
  Buffer.byteLength(JSON.stringify(structured)),
];

describe("a report's reply", () => {
  it("says what it is, where the whole is, and shows the first 20 rows", () => {
    const { text, structured } = showReport({ title: "All Users Report", table, exported, ...none });

    const lines = text.split("\n");
    expect(lines[0]).toBe(
      "All Users Report: 302 rows, 2 columns; 20 shown. For others ask with where (column = value), group_by, columns and limit.",
    );
    expect(lines[1]).toBe(
      `Whole file on this computer: ${exported.file} (48 kB); as a resource: skyprep://exports/${exported.id}`,
    );
    expect(lines.slice(2, 4)).toEqual(["Email\tStatus", "p0@example.com\tPassed"]);
    expect(lines).toHaveLength(3 + 20);
    expect(structured).toEqual({
      columns: ["Email", "Status"],
      rows: table.rows.slice(0, 20),
      total: 302,
      export: {
        id: exported.id,
        uri: `skyprep://exports/${exported.id}`,
        bytes: 48_200,
        file: exported.file,
      },
    });
  });

  it("names no file where it is on no computer of whoever calls", () => {
    const remote = { ...exported, file: undefined };
    const { text, structured } = showReport({ title: "All Users Report", table, exported: remote, ...none });

    expect(text.split("\n")[1]).toBe(`Whole file (48 kB) as a resource: skyprep://exports/${exported.id}`);
    expect(JSON.parse(JSON.stringify(structured)).export).toEqual({
      id: exported.id,
      uri: `skyprep://exports/${exported.id}`,
      bytes: 48_200,
    });
    expect(placeOf(remote)).toBe(`as a resource: skyprep://exports/${exported.id}`);
    expect(placeOf(exported)).toBe(
      `on this computer: ${exported.file}; as a resource: skyprep://exports/${exported.id}`,
    );
  });

  it("shows as many rows as are asked for", () => {
    expect(showReport({ title: "R", table, limit: 100, ...none }).structured?.rows).toHaveLength(100);
  });

  it("says how many rows answer a question", () => {
    const few = { ...table, rows: table.rows.slice(0, 3) };

    const { text, structured } = showReport({ title: "R", table: few, matched: 3, exported, ...none });

    expect(text).toMatch(/^R: 3 of 302 rows, 2 columns; 3 shown\.\n/);
    expect(structured).toMatchObject({ total: 302, matched: 3 });
  });

  it("names what is not shown and what is wrong, in both", () => {
    const { text, structured } = showReport({
      title: "R",
      table: { ...table, problems: ["Row 4 has 1 cell, the header 2."] },
      hidden: ["Work phone"],
      dropped: ["SSN"],
    });

    expect(text).toContain("Hidden as personal: Work phone. SKYPREP_REVEAL=personal shows them.");
    expect(text).toContain("Never shown: SSN.");
    expect(text).toContain("Wrong in it: Row 4 has 1 cell, the header 2.");
    expect(structured).toMatchObject({
      hidden: ["Work phone"],
      dropped: ["SSN"],
      problems: ["Row 4 has 1 cell, the header 2."],
    });
  });

  it("cleans what people wrote", () => {
    const { text, structured } = showReport({
      title: "R\n<b>x</b>",
      table: { columns: ["No\u202Ete"], rows: [["<p>one</p><p>two\tthree\u0007</p>"]], problems: [] },
      ...none,
    });

    expect(structured).toMatchObject({ columns: ["No te"], rows: [["one two three"]] });
    expect(text.split("\n")).toEqual(["R x: 1 row, 1 column; 1 shown.", "No te", "one two three"]);
  });

  it("links a workbook without reading it", () => {
    const { text, structured } = showReport({ title: "R", exported, ...none });

    expect(text).toMatch(/^R: an Excel file, not read here\.\nWhole file on this computer: \/home/);
    expect(structured).toMatchObject({ export: { id: exported.id } });
  });

  it("says why there is no file", () => {
    expect(showReport({ title: "R", table, notes: ["It could not be kept."], ...none }).text).toContain(
      "\nIt could not be kept.\n",
    );
  });

  it.each([
    ["many rows", { columns: ["a"], rows: Array.from({ length: 500 }, () => ["é".repeat(400)]) }],
    [
      "many columns",
      { columns: Array.from({ length: 2_000 }, (_, n) => `column ${n}`), rows: [Array(2_000).fill("x")] },
    ],
    [
      "long names",
      {
        columns: Array.from({ length: 200 }, () => "日".repeat(900)),
        rows: [Array(200).fill("日".repeat(900))],
      },
    ],
    [
      "quotes",
      { columns: ["a", "b"], rows: Array.from({ length: 500 }, () => ['"'.repeat(500), "\\".repeat(500)]) },
    ],
  ])("stays within the contract's sizes with %s, and cuts both alike", (_, wild) => {
    const reply = showReport({
      title: "t".repeat(5_000),
      table: { ...wild, problems: Array(6).fill("p".repeat(9_000)) },
      exported,
      limit: 500,
      hidden: wild.columns,
      dropped: wild.columns,
    });

    const [text = 0, structured = 0] = sizes(reply);
    expect(text).toBeLessThanOrEqual(limits.textBytes);
    expect(structured).toBeLessThanOrEqual(limits.structuredBytes);
    const rows = reply.structured?.rows as string[][];
    expect(reply.text.endsWith(rows.map((row) => `\n${row.join("\t")}`).join(""))).toBe(true);
    expect(reply.text.split("\n")[0]).toMatch(/would not fit|more columns/);
  });
});
