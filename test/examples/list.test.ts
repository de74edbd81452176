import { expect, it } from "vitest";

type Row = Readonly<Record<string, string | boolean>>;
interface ListModule {
  rowsOf(csv: string): readonly Row[];
  isClear(row: Row): boolean;
}
const { rowsOf, isClear }: ListModule = await import(
  new URL("../../examples/nightly-enrollment/list.mjs", import.meta.url).href
);
const avery = { email: "avery@example.com", course: "Code, of Conduct" };

it.each([
  ["commas", 'Email,Course\navery@example.com,"Code, of Conduct"\n'],
  ["semicolons", "email;COURSE\r\navery@example.com;Code, of Conduct"],
  ["a mark of Excel's at its beginning", '\uFEFFEmail,Course\n\n"avery@example.com","Code, of Conduct"\n'],
])("HR's list is read with %s", (_, csv) => {
  const [row, ...more] = rowsOf(csv);

  expect(row).toMatchObject(avery);
  expect(isClear(row as Row)).toBe(true);
  expect(more).toEqual([]);
});

it.each([
  'Email,Course\na"b@example.com,Code\n',
  'Email,Course\n"avery@example.com,Code\n',
  'Email,Course\n"avery@example.com" x,Code\n',
])("a list that may mean somebody else is not read: %j", (csv) => {
  expect(() => rowsOf(csv)).toThrow("is not CSV");
});

it("a row with more cells than the header, without a login or without a target is for a person", () => {
  const rows = rowsOf(
    "Email,Course,Group\na@example.com,Code, of Conduct,\n,Code,\nb@example.com,,\nc@example.com,,Sales\n",
  );

  expect(rows.map(isClear).map(Boolean)).toEqual([false, false, false, true]);
});
