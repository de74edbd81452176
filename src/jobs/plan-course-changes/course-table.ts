import { readCsv } from "../../tables/csv.ts";
import { foldHeader } from "../../tables/header.ts";
import { cleanText } from "../../text/english.ts";

/** What a row says of a course; an empty cell says nothing. */
export interface CourseRow {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  /** Which course: a number, a code, a name; all of them mean the same one. */
  readonly course: readonly string[];
  readonly name?: string;
  readonly active?: boolean;
  readonly category?: string;
  /** A cell that is not understood. */
  readonly wrong?: string;
}

export interface CourseTable {
  readonly rows: readonly CourseRow[];
  readonly notes: readonly string[];
  /** Why nothing can be made of it. */
  readonly refused?: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
/** Folded, without blanks; a course's own columns as get_courses shows them are among them. */
const headers = {
  which: words(
    "course courses coursename coursetitle currentname oldname currenttitle oldtitle training kurs cours curso corso cursus",
  ),
  number: words("id number no courseid coursenumber skyprepid nr"),
  code: words("code coursecode"),
  newName: words(
    "newname newtitle newcoursename renameto renamedto rename neuername nouveaunom nuevonombre nuovonome novonome nieuwenaam",
  ),
  name: words("name title names titel nom nombre nome naam"),
  active: words("active isactive status enabled onoff on aktiv actif activo attivo ativo actief"),
  off: words("inactive off switchoff switchedoff retired retire archived deactivate disabled"),
  category: words("category newcategory kategorie categorie categoria"),
};
type Meaning = keyof typeof headers;

const yes = words(
  "yes y true t 1 x on active enabled reopen open ja j oui si sim aktiv actif activo attivo ativo actief",
);
const no = words(
  "no n false f 0 off inactive disabled deactivate deactivated retire retired archive archived closed nein non nao inaktiv inactif inactivo inattivo inativo inactief",
);

const understoodColumns = "Course (name, number or code), New name, Active (yes or no) and Category";

/** A table of courses and what each is to be. */
export function readCourseTable(text: string): CourseTable {
  const { columns, rows, problems } = readCsv(text);
  const meanings = columns.map(meaningOf);
  const has = (meaning: Meaning) => meanings.includes(meaning);
  const identifies = has("which") || has("number") || has("code");
  // Beside what says which course it is, its name is the one it is to have; alone, the one it has.
  const which: readonly (Meaning | undefined)[] = identifies ? ["which", "number", "code"] : ["name"];
  const renames: Meaning | undefined = has("newName")
    ? "newName"
    : identifies && has("name")
      ? "name"
      : undefined;
  const changes = renames !== undefined || has("active") || has("off") || has("category");
  if (!(identifies || has("name")) || !changes) {
    return {
      rows: [],
      notes: problems,
      refused: `The table needs a column for the course and one for what changes. Understood are ${understoodColumns}.`,
    };
  }
  const ignored = columns.filter((_, at) => {
    const meaning = meanings[at];
    return meaning === undefined || (meaning === "name" && renames !== "name" && identifies);
  });
  return {
    rows: rows.map((cells, at) => {
      const cell = (...some: (Meaning | undefined)[]) =>
        meanings.flatMap((meaning, n) => {
          const text = cells[n]?.trim() ?? "";
          return meaning !== undefined && some.includes(meaning) && text !== "" ? [text] : [];
        });
      const [name] = cell(renames);
      const [category] = cell("category");
      const [isOn] = cell("active");
      const [isOff] = cell("off");
      const on = isOn === undefined ? undefined : answerIn(isOn);
      const off = isOff === undefined ? undefined : answerIn(isOff);
      const unclear = [
        ...(isOn !== undefined && on === undefined ? [isOn] : []),
        ...(isOff !== undefined && off === undefined ? [isOff] : []),
      ];
      const both = on !== undefined && off !== undefined && on === off;
      const active = on ?? (off === undefined ? undefined : !off);
      const wrong =
        unclear.length > 0
          ? `“${cleanText(unclear[0] ?? "").slice(0, 40)}” is neither yes nor no`
          : both
            ? "one column switches it on, another off"
            : undefined;
      return {
        row: at + 2,
        course: cell(...which),
        ...(name !== undefined && { name }),
        ...(category !== undefined && { category }),
        ...(active !== undefined && { active }),
        ...(wrong !== undefined && { wrong }),
      };
    }),
    notes: [
      ...problems,
      ...(ignored.length > 0
        ? [
            `Not used: ${ignored
              .slice(0, 10)
              .map((one) => cleanText(one).slice(0, 40))
              .join(", ")}.`,
          ]
        : []),
    ],
  };
}

function meaningOf(header: string): Meaning | undefined {
  const folded = foldHeader(header);
  return (Object.keys(headers) as Meaning[]).find((meaning) => headers[meaning].has(folded));
}

function answerIn(text: string): boolean | undefined {
  const folded = foldHeader(text);
  return yes.has(folded) ? true : no.has(folded) ? false : undefined;
}
