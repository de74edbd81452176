import { describe, expect, it } from "vitest";
import { mostRows, readPeopleList, rowList } from "../../src/tables/people.ts";

const labels = new Map([["ca_1", "Cost centre"]]);
const today = "2026-11-23";
const read = (text: string) => readPeopleList(text, { labels, today });
const valuesOf = async (text: string) =>
  (await read(text)).rows.map(({ row, values }) => ({ row, ...values }));

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
    ["columns cut by blanks", "Email        First name\na@x.io       Ann\nb@x.io       Bo"],
    ["written-out line breaks", "Email,First name\\na@x.io,Ann\\nb@x.io,Bo"],
    ["two bytes a letter", [..."Email,First name\na@x.io,Ann\nb@x.io,Bo"].map((one) => `${one}\0`).join("")],
  ])("are read with %s", async (_, text) => {
    expect(await valuesOf(text)).toEqual([
      { row: 2, login: "a@x.io", first_name: "Ann" },
      { row: 3, login: "b@x.io", first_name: "Bo" },
    ]);
  });

  it("count rows as a spreadsheet does: blank ones, cells over several lines and Excel's sep=", async () => {
    expect(await valuesOf('Email,Note\n\na@x.io,"one\ntwo"\n,,\nb@x.io,\n')).toEqual([
      { row: 3, login: "a@x.io" },
      { row: 5, login: "b@x.io" },
    ]);
    expect(await valuesOf("sep=;\nEmail;Note\na@x.io;x")).toEqual([{ row: 3, login: "a@x.io" }]);
  });

  it("know the tenant's own labels, and custom fields by number", async () => {
    expect(await valuesOf("Login,Cost Centre,ca_0\na,4711,EMEA")).toEqual([
      { row: 2, login: "a", ca_1: "4711", ca_0: "EMEA" },
    ]);
  });

  it("are read without a header: logins, numbers and names alone, or the column with addresses", async () => {
    const alone = await read("a@x.io\n102\nAnn Lee\njdoe");
    const beside = await read("Ann,a@x.io\nBo,b@x.io");

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
    expect(beside.notes).toEqual(["It has no header row: column 2 was taken for the login."]);
  });

  it.each([
    ["nothing", "", /It is empty/],
    ["blank lines", "\n \n\n", /It is empty/],
    ["a workbook", "PK\u0003\u0004\0\0", /binary file/],
    ["a header that says nothing", "Shoe,Hat\n9,red\n8,blue", /No column says who is meant.*Shoe, Hat/],
    ["a file's place", "C:\\Users\\pat\\roster.csv", /place of a file/],
    ["JSON that was cut", '[{"Email":"a@x.io"},{"Em', /looks like JSON/],
    ["a web page", "<!doctype html><html></html>", /web page/],
  ])("are refused as %s, and why", async (_, text, why) => {
    const { rows, refused } = await read(text);

    expect(rows).toEqual([]);
    expect(refused).toMatch(why);
  });

  it("say what is not understood and read the rest", async () => {
    const more = await read("Email,Login,Name\na@x.io,a,Ann,more");
    const torn = await read('Email,Name\na@x.io,Ann\nb@x.io,"Bo\nc@x.io,Cy\n');

    expect(more.notWhole).toEqual([{ row: 2, why: "it has 4 cells, the header 3" }]);
    expect(torn.rows.map(({ values }) => values.login)).toEqual(["a@x.io", "b@x.io", "c@x.io"]);
    expect(torn.notWhole).toEqual([{ row: 3, why: "its quotes are out of order" }]);
  });

  it("may be 20,000, read in a moment", async () => {
    const text = `Email;Name\n${Array.from({ length: 20_000 }, (_, n) => `p${n}@x.io;P ${n}`).join("\n")}`;
    // Of this process alone: other work of the machine is not ours.
    const before = process.cpuUsage();

    expect((await read(text)).rows).toHaveLength(20_000);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
  });

  it("are refused beyond a number of rows, and let other work go on while they are read", async () => {
    let turns = 0;
    let done = false;
    const turn = () => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);

    const { refused } = await read(`Email\n${"a\n".repeat(1_900_000)}`);
    done = true;

    expect(refused).toMatch(/more than 100,000 rows/);
    expect(turns).toBeGreaterThan(mostRows / 4_000);
  });
});

it("a list of rows is short", () => {
  expect(rowList([4])).toBe("row 4");
  expect(rowList([9, 7, 8, 4])).toBe("rows 4, 7–9");
  expect(rowList(Array.from({ length: 100 }, (_, n) => n * 2))).toMatch(/^rows 0, 2, .*38 and 80 more$/);
});
