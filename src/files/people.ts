import { foldHeader } from "./header.ts";
import { type PastedRow, readPasted } from "./pasted.ts";

/** What a column says of a person; `ca_N` by number, or by the tenant's label for it. */
export type PersonField = (typeof known)[number] | `ca_${number}`;

export interface PersonRow {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly values: Readonly<Partial<Record<PersonField, string>>>;
}

export interface PeopleTable {
  readonly rows: readonly PersonRow[];
  readonly fields: readonly PersonField[];
  /** Headers that say nothing known; cut, and as they came. */
  readonly ignored: readonly string[];
  /** What was wrong, or had to be assumed, in words. */
  readonly problems: readonly string[];
}

const known = [
  "login",
  "number",
  "name",
  "first_name",
  "last_name",
  "title",
  "company",
  "cell",
  "phone",
  "work_phone",
  "address",
  "address_2",
  "state",
  "zip",
  "gender",
  "date_of_birth",
  "card_no",
  "groups",
] as const;

/** What headers are called; each without case, spaces and marks. */
const aliases: Readonly<Record<(typeof known)[number], string>> = {
  login:
    "login loginname logon username user email emailaddress mail mailaddress useremail workemail emailid benutzername emailadresse correo courriel",
  number: "id userid skyprepid skyprepuserid usernumber",
  name: "name fullname displayname person learner employee employeename learnername participant participants",
  first_name: "firstname givenname forename first vorname prenom nombre",
  last_name: "lastname surname familyname last nachname nom apellido apellidos",
  title: "title jobtitle position job",
  company: "company organisation organization",
  cell: "cell mobile mobilephone cellphone",
  phone: "phone telephone phonenumber",
  work_phone: "workphone businessphone officephone",
  address: "address street streetaddress address1",
  address_2: "address2",
  state: "state province",
  zip: "zip zipcode postcode postalcode",
  gender: "gender sex",
  date_of_birth: "dateofbirth birthdate birthday dob",
  card_no: "cardno badge badgenumber useridentifier employeeid employeenumber employeeno personnelnumber",
  groups: "group groups usergroup usergroups team teams",
};
const named = new Map(
  Object.entries(aliases).flatMap(([field, words]) =>
    words.split(" ").map((word) => [word, field as PersonField] as const),
  ),
);

export const understood = "Login (or Email), ID, Name, First name, Last name";

/** Reads pasted people by their header, or without one. `labels`: `ca_N` → the tenant's name for it. */
export function readPeople(text: string, labels: ReadonlyMap<string, string> = new Map()): PeopleTable {
  const { rows, problems } = readPasted(text);
  const [first, ...rest] = rows;
  if (first === undefined) return { rows: [], fields: [], ignored: [], problems };
  const fieldOf = (header: string) => customField(header, labels) ?? named.get(foldHeader(header));
  const found = first.cells.map(fieldOf);
  // A person may well be called Job or Last: a header names a column, and holds no address.
  if (found.some((one) => one !== undefined) && !first.cells.some(isAddress)) {
    return withHeader(first, rest, found, problems);
  }
  return withoutHeader(rows, problems);
}

function withHeader(
  header: PastedRow,
  rows: readonly PastedRow[],
  found: readonly (PersonField | undefined)[],
  problems: readonly string[],
): PeopleTable {
  const said: string[] = [...problems];
  const used = new Map<PersonField, number>();
  found.forEach((field, at) => {
    if (field === undefined) return;
    if (used.has(field)) said.push(`Column ${at + 1} says the same as column ${(used.get(field) ?? 0) + 1}.`);
    else used.set(field, at);
  });
  const uneven = rows.filter(({ cells }) => cells.slice(header.cells.length).some((cell) => cell !== ""));
  if (uneven.length > 0) {
    said.push(`More cells than the header has, left out: ${rowList(uneven.map(({ row }) => row))}.`);
  }
  return {
    rows: rows.map(({ row, cells }) => ({
      row,
      values: Object.fromEntries(
        [...used].flatMap(([field, at]) => {
          const cell = cells[at] ?? "";
          return cell === "" ? [] : [[field, cell]];
        }),
      ),
    })),
    fields: [...used.keys()],
    ignored: header.cells.filter((cell, at) => found[at] === undefined && cell !== ""),
    problems: said,
  };
}

/** One column is names, logins or numbers; of several, the one with addresses in it is logins. */
function withoutHeader(rows: readonly PastedRow[], problems: readonly string[]): PeopleTable {
  const widest = Math.max(...rows.map(({ cells }) => cells.length));
  const single = widest === 1 || rows.every(({ cells }) => cells.slice(1).every((cell) => cell === ""));
  const counts = Array.from({ length: widest }, (_, at) =>
    rows.reduce((sum, { cells }) => sum + (isAddress(cells[at] ?? "") ? 1 : 0), 0),
  );
  const most = Math.max(...counts);
  if (!single && most === 0) {
    const headers = rows[0]?.cells.slice(0, 8).join(", ").slice(0, 200);
    return {
      rows: [],
      fields: [],
      ignored: [],
      problems: [
        ...problems,
        `No column says who is meant. The first row is: ${headers}. Understood are ${understood}.`,
      ],
    };
  }
  const at = single ? 0 : counts.indexOf(most);
  const told = single
    ? "It has no header row: each row was taken for a login, number or name."
    : `It has no header row: column ${at + 1} was taken for the login.`;
  const field = single ? "who" : "login";
  return {
    rows: rows.map(({ row, cells }) => ({ row, values: whoIs(field, cells[at] ?? "") })),
    fields: single ? ["login", "number", "name"] : ["login"],
    ignored: [],
    problems: [...problems, told],
  };
}

function whoIs(field: "who" | "login", cell: string): PersonRow["values"] {
  if (cell === "") return {};
  if (field === "login") return { login: cell };
  if (/^\d{1,15}$/.test(cell)) return { number: cell };
  return isAddress(cell) || !/\s/.test(cell) ? { login: cell } : { name: cell };
}

const isAddress = (cell: string): boolean => /^[^\s@]+@[^\s@]+$/.test(cell);

function customField(header: string, labels: ReadonlyMap<string, string>): PersonField | undefined {
  const folded = foldHeader(header);
  const label = [...labels].find(([, name]) => foldHeader(name) === folded)?.[0];
  const number = /^(?:ca|custom|customfield)(\d|10)$/.exec(folded)?.[1];
  return (label ?? (number === undefined ? undefined : `ca_${number}`)) as PersonField | undefined;
}

/** “row 4”, “rows 4, 7–9 and 12 more”. */
export function rowList(rows: readonly number[], most = 20): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const row of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && row === last[1] + 1) last[1] = row;
    else runs.push([row, row]);
  }
  const shown = runs.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const left = runs.slice(most).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return `${sorted.length === 1 ? "row" : "rows"} ${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}
