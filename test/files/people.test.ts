import { describe, expect, it } from "vitest";
import { readPeople, rowList } from "../../src/files/people.ts";

const labels = new Map([["ca_1", "Cost centre"]]);
const valuesOf = (text: string) =>
  readPeople(text, labels).rows.map(({ row, values }) => ({ row, ...values }));

describe("pasted people", () => {
  it.each([
    ["commas", "Email,First name\na@x.io,Ann\nb@x.io,Bo"],
    ["semicolons", "E-Mail;First Name\na@x.io;Ann\nb@x.io;Bo"],
    ["tabs", "login\tfirst_name\na@x.io\tAnn\nb@x.io\tBo"],
    ["bars", "User name|Given name\na@x.io|Ann\nb@x.io|Bo"],
    ["an Excel BOM and CRLF", "\uFEFFEmail,First name\r\na@x.io,Ann\r\nb@x.io,Bo\r\n"],
    ["lone CRs", "Email,First name\ra@x.io,Ann\rb@x.io,Bo"],
    ["quotes around all", '"Email","First name"\n"a@x.io","Ann"\n"b@x.io","Bo"'],
    ["commas inside cells cut by semicolons", "Email;First name;Note\na@x.io;Ann;a, b, c\nb@x.io;Bo;d, e"],
    ["columns nobody knows", "Shoe,Email,Hat,First name\n9,a@x.io,red,Ann\n8,b@x.io,blue,Bo"],
    ["spaces around cells", " Email , First name \n a@x.io , Ann \n b@x.io , Bo "],
  ])("are read with %s", (_, text) => {
    expect(valuesOf(text)).toEqual([
      { row: 2, login: "a@x.io", first_name: "Ann" },
      { row: 3, login: "b@x.io", first_name: "Bo" },
    ]);
  });

  it("count rows as a spreadsheet does: blank ones, cells over several lines and Excel's sep=", () => {
    expect(valuesOf('Email,Note\n\na@x.io,"one\ntwo"\n,,\nb@x.io,\n')).toEqual([
      { row: 3, login: "a@x.io" },
      { row: 5, login: "b@x.io" },
    ]);
    expect(valuesOf("sep=;\nEmail;Note\na@x.io;x")).toEqual([{ row: 3, login: "a@x.io" }]);
  });

  it("know the tenant's own labels, and custom fields by number", () => {
    expect(valuesOf("Login,Cost Centre,ca_0\na,4711,EMEA")).toEqual([
      { row: 2, login: "a", ca_1: "4711", ca_0: "EMEA" },
    ]);
  });

  it("are read without a header: logins, numbers and names alone, or the column with addresses", () => {
    const alone = readPeople("a@x.io\n102\nAnn Lee\njdoe");
    const beside = readPeople("Ann,a@x.io\nBo,b@x.io");

    expect(alone.rows.map(({ values }) => values)).toEqual([
      { login: "a@x.io" },
      { number: "102" },
      { name: "Ann Lee" },
      { login: "jdoe" },
    ]);
    expect(beside.rows.map(({ row, values }) => [row, values])).toEqual([
      [1, { login: "a@x.io" }],
      [2, { login: "b@x.io" }],
    ]);
    expect(beside.problems).toEqual(["It has no header row: column 2 was taken for the login."]);
  });

  it.each([
    ["nothing", "", /It is empty/],
    ["blank lines", "\n \n\n", /It is empty/],
    ["a workbook", "PK\u0003\u0004\0\0", /binary file/],
    ["a header that says nothing", "Shoe,Hat\n9,red\n8,blue", /No column says who is meant.*Shoe, Hat/],
  ])("are refused as %s, and why", (_, text, why) => {
    const { rows, problems } = readPeople(text);

    expect(rows).toEqual([]);
    expect(problems.join(" ")).toMatch(why);
  });

  it("say what is wrong and read the rest", () => {
    const twice = readPeople("Email,Login,Name\na@x.io,a,Ann,more");
    const torn = readPeople('Email,Name\na@x.io,Ann\nb@x.io,"Bo\nc@x.io,Cy\n');

    expect(twice.problems.join(" ")).toMatch(/Column 2 says the same as column 1.*left out: row 2/);
    expect(torn.rows.map(({ values }) => values.login)).toEqual(["a@x.io"]);
    expect(torn.problems).toEqual([
      "Row 3 opens a quote that is never closed: it and the rest are left out.",
    ]);
  });

  it("may be 20,000, read in a moment", () => {
    const text = `Email;Name\n${Array.from({ length: 20_000 }, (_, n) => `p${n}@x.io;P ${n}`).join("\n")}`;
    const began = performance.now();

    expect(readPeople(text).rows).toHaveLength(20_000);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

it("a list of rows is short", () => {
  expect(rowList([4])).toBe("row 4");
  expect(rowList([9, 7, 8, 4])).toBe("rows 4, 7–9");
  expect(rowList(Array.from({ length: 100 }, (_, n) => n * 2))).toMatch(/^rows 0, 2, .*38 and 80 more$/);
});
