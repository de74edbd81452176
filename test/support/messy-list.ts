/** A list before it is spoilt: the truth that readings of it are held against. */
export interface Honest {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Chance = () => number;

/** The same numbers from the same seed. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(all: readonly T[], chance: Chance): T => {
  const one = all[Math.floor(chance() * all.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
};

const quoted = (cell: string, separator: string, always: boolean): string =>
  always || cell.includes(separator) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

export const written = (
  { header, rows }: Honest,
  { separator = ",", always = false, eol = "\n" } = {},
): string =>
  [header, ...rows]
    .map((row) => row.map((cell) => quoted(cell, separator, always)).join(separator))
    .join(eol);

/** Header words of seven languages, in the order login, first name, last name, job. */
export const languages: readonly (readonly string[])[] = [
  ["Email", "First Name", "Last Name", "Job Title"],
  ["Work E-mail Address", "Given name", "Surname", "Position Title"],
  ["E-Mail-Adresse", "Vorname", "Nachname", "Stellenbezeichnung"],
  ["E-Mail", "Vorname", "Name", "Position"],
  ["Adresse e-mail", "Prénom", "Nom de famille", "Poste"],
  ["Correo electrónico", "Nombre", "Apellidos", "Puesto"],
  ["Indirizzo e-mail", "Nome", "Cognome", "Mansione"],
  ["Endereço de e-mail", "Nome", "Sobrenome", "Cargo"],
  ["E-mailadres", "Voornaam", "Achternaam", "Functie"],
];

const shuffled = <T>(all: readonly T[], chance: Chance): T[] =>
  all
    .map((one) => [chance(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

const spaced = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)) + 3) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("")
        .trimEnd(),
    )
    .join("\n");
};

/** What makes no difference to whom a list means. */
export const harmless: Readonly<Record<string, (list: Honest, chance: Chance) => string>> = {
  "columns in another order": (list, chance) => {
    const places = shuffled(
      list.header.map((_, at) => at),
      chance,
    );
    const turn = (row: readonly string[]) => places.map((at) => row[at] ?? "");
    return written({ header: turn(list.header), rows: list.rows.map(turn) });
  },
  "rows in another order": (list, chance) => written({ ...list, rows: shuffled(list.rows, chance) }),
  "another separator": (list, chance) => written(list, { separator: pick([";", "\t", "|"], chance) }),
  "everything quoted": (list, chance) => written(list, { always: true, separator: pick([",", ";"], chance) }),
  "a byte order mark and CRLF": (list) => `\uFEFF${written(list, { eol: "\r\n" })}\r\n`,
  "two bytes a letter": (list) =>
    [...`\uFEFF${written(list)}`]
      .map((one) => String.fromCharCode(one.charCodeAt(0) & 0xff, one.charCodeAt(0) >> 8))
      .join(""),
  "Windows-1252 read as Latin-1": (list) =>
    written({ ...list, rows: list.rows.map((row) => row.map((cell) => cell.replaceAll("–", "\u0096"))) }),
  "logins in capitals": (list) =>
    written({ ...list, rows: list.rows.map(([login = "", ...row]) => [login.toUpperCase(), ...row]) }),
  "blanks around cells": (list) =>
    written({ ...list, rows: list.rows.map((row) => row.map((cell) => `  ${cell}\u00a0 `)) }),
  "blank rows and columns": (list) =>
    `${written({
      header: [...list.header, ""],
      rows: list.rows.flatMap((row, n) =>
        n % 40 === 0
          ? [
              [...row, ""],
              ["", "", "", "", ""],
            ]
          : [[...row, ""]],
      ),
    })}\n\n,,,,\n`,
  "a header of another language": (list, chance) =>
    written({ ...list, header: pick(languages, chance) }, { separator: pick([",", ";"], chance) }),
  "titles above the header": (list) => `Active Employees\nRun: 11/23/2026 08:00 AM\n\n${written(list)}`,
  "an agreeing footer": (list, chance) =>
    `${written(list)}\n${pick([`Total employees: ${list.rows.length},,,`, `Total,${list.rows.length},,`, `${list.rows.length} rows`, "End of report"], chance)}`,
  "the header repeated": (list) => {
    const [head = "", ...lines] = written(list).split("\n");
    return [head, ...lines.slice(0, 100), head, ...lines.slice(100)].join("\n");
  },
  "a markdown table": ({ header, rows }) =>
    [`| ${header.join(" | ")} |`, "|---|:--|--:|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join(
      "\n",
    ),
  "columns cut by blanks": ({ header, rows }) => spaced([header, ...rows]),
  "a fenced block": (list) => `Here is the list:\n\n\`\`\`csv\n${written(list)}\n\`\`\`\n`,
  JSON: ({ header, rows }) =>
    JSON.stringify(rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ""])))),
  "line breaks written out": (list) => written(list).replaceAll("\n", "\\n"),
  "names composed otherwise": (list) => written(list).normalize("NFD"),
  "mailboxes and links": (list) =>
    written({
      ...list,
      rows: list.rows.map(([login = "", ...row], n) => [
        n % 3 === 0 ? `mailto:${login}` : n % 3 === 1 ? `<${login}>` : `\u202a${login}\u202c`,
        ...row,
      ]),
    }),
  "an id of HR's own": (list) =>
    written({
      header: ["id", ...list.header],
      rows: list.rows.map((row, n) => [String(101 + ((n * 7) % 250)), ...row]),
    }),
  "everybody's status": (list) =>
    written({
      header: [...list.header, "Status", "Termination Date"],
      rows: list.rows.map((row, n) => [...row, n % 9 === 0 ? "On Leave" : "Active", ""]),
    }),
  "sep= of Excel": (list) => `sep=;\n${written(list, { separator: ";" })}`,
};

/** One row spoilt, or the whole torn: nobody of the list may pay for it. */
export const harmful: Readonly<Record<string, (list: Honest, chance: Chance) => string>> = {
  "a stray quote": (list, chance) => atLine(written(list), chance, (line) => line.replace(",", ',"')),
  "a quote in the middle": (list, chance) =>
    atLine(written(list), chance, (line) => line.replace(/,(..)/, ',$1"')),
  "two stray quotes": (list, chance) =>
    atLine(
      atLine(written(list), chance, (line) => line.replace(",", ',"')),
      chance,
      (line) => line.replace(/,(?=[^,]*$)/, '",'),
    ),
  "a swallowed line break": (list, chance) => {
    const lines = written(list).split("\n");
    const at = 1 + Math.floor(chance() * (lines.length - 2));
    lines.splice(at, 2, `${lines[at]}${pick(["", " ", ","], chance)}${lines[at + 1]}`);
    return lines.join("\n");
  },
  "a line broken in two": (list, chance) =>
    atLine(
      written(list),
      chance,
      (line) => `${line.slice(0, line.length / 2)}\n${line.slice(line.length / 2)}`,
    ),
  "cut in the middle": (list, chance) => {
    const text = written(list);
    const lines = text.split("\n");
    const keep = lines.length - 1 - Math.floor(chance() * 8);
    const last = lines[keep] ?? "";
    return [...lines.slice(0, keep), last.slice(0, 3 + Math.floor(chance() * (last.indexOf(",") - 3)))].join(
      "\n",
    );
  },
  "an ellipsis": (list, chance) =>
    `${written({ ...list, rows: list.rows.slice(0, -9) })}\n${pick(["...", "…", "... (9 more rows)", "[9 more rows]", "and 9 others", "(truncated)", "…,…,…,…"], chance)}`,
  "a total that disagrees": (list, chance) =>
    `${written({ ...list, rows: list.rows.slice(0, -9) })}\n${pick([`Total: ${list.rows.length}`, `Total employees,${list.rows.length},,`, `(${list.rows.length} rows)`, "Page 1 of 7", `Showing 1-${list.rows.length - 9} of ${list.rows.length + 9}`], chance)}`,
  "no login": (list, chance) =>
    atRow(list, chance, ([, ...row]) => [
      pick(["", "N/A", "#N/A", "NULL", "TBD", "-", "none", "n/a", "k.A.", "########"], chance),
      ...row,
    ]),
  "a login cut": (list, chance) =>
    atRow(list, chance, ([login = "", ...row]) => [
      login.slice(0, 4 + Math.floor(chance() * (login.length - 5))),
      ...row,
    ]),
  "a login misspelt": (list, chance) =>
    atRow(list, chance, ([login = "", ...row]) => [login.replace("example", "exmaple"), ...row]),
  "two logins in a cell": (list, chance) =>
    atRow(list, chance, ([login = "", ...row]) => [`${login}; ${list.rows[7]?.[0] ?? ""}`, ...row]),
  "another's login": (list, chance) =>
    atRow(list, chance, ([, ...row]) => [list.rows[11]?.[0] ?? "", ...row]),
  "logins sorted, names not": (list) => {
    const logins = list.rows.map(([login = ""]) => login).sort();
    return written({ ...list, rows: list.rows.map(([, ...row], n) => [logins[n] ?? "", ...row]) });
  },
  "a cell too many": (list, chance) => atRow(list, chance, ([login = "", ...row]) => [login, "", ...row]),
  "a cell too few": (list, chance) =>
    atRow(list, chance, ([login = "", first = "", , job = ""]) => [login, first, job]),
  "letters broken": (list) =>
    written({
      ...list,
      rows: list.rows.map((row) => row.map((cell) => Buffer.from(cell, "utf8").toString("latin1"))),
    }),
  "letters lost": (list, chance) =>
    written({
      ...list,
      rows: list.rows.map((row) =>
        row.map((cell) => cell.replace(/[^\x20-\x7e]/g, pick(["?", "\ufffd", ""], chance))),
      ),
    }),
  "accents lost": (list) =>
    written({
      ...list,
      rows: list.rows.map((row) => row.map((cell) => cell.normalize("NFD").replace(/\p{M}/gu, ""))),
    }),
  "a spreadsheet's errors": (list, chance) =>
    atRow(list, chance, ([login = ""]) => [
      login,
      pick(["#N/A", "#REF!", "########", "#NAME?", "#WERT!", "NULL"], chance),
      "#VALUE!",
      pick(["#N/A", "N/A", "#DIV/0!", "=A1&B1", "12-Mar", "1.5551E+10"], chance),
    ]),
  "a row of nobody": (list, chance) =>
    `${written(list)}\n${pick(["N/A,N/A,N/A,N/A", "-,-,-,-", "---,---,---,---", "#N/A,,,", "TBD,,,", "Email,First Name,Last Name,Job Title", "none,none,none,none"], chance)}`,
  "somebody terminated": (list, chance) => {
    const at = Math.floor(chance() * list.rows.length);
    return written({
      header: [...list.header, "Status"],
      rows: [
        ...list.rows.map((row) => [...row, "Active"]),
        [
          "gone.long@example.com",
          "Gone",
          "Long",
          "Clerk",
          pick(["Terminated", "Inactive", "ausgeschieden"], chance),
        ],
      ].toSorted(() => (at % 2 ? 0 : 0)),
    });
  },
};

function atLine(text: string, chance: Chance, change: (line: string) => string): string {
  const lines = text.split("\n");
  const at = 1 + Math.floor(chance() * (lines.length - 1));
  return lines.map((line, n) => (n === at ? change(line) : line)).join("\n");
}

function atRow(list: Honest, chance: Chance, change: (row: readonly string[]) => readonly string[]): string {
  const at = 20 + Math.floor(chance() * (list.rows.length - 20));
  return written({ ...list, rows: list.rows.map((row, n) => (n === at ? change(row) : row)) });
}
