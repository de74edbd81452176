import { addressesIn } from "./address.ts";
import {
  besideMail,
  type ColumnMeaning,
  headerNames,
  mailWords,
  otherPersonWords,
  otherStatusWords,
  privateWords,
} from "./header-names.ts";
import { areOfCourses, isPlainlyGone, isStandingWord } from "./standing.ts";

export interface Column {
  readonly at: number;
  /** As it came. */
  readonly header: string;
  /** Undefined where it says nothing known. */
  readonly meaning?: ColumnMeaning;
}

/** A header without case, accents, blanks and marks. */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replace(/(?<=\S\s*)#/g, "number")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

const wordsIn = (header: string): string[] =>
  header
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/\be[\s_-]+(mail|mails|mailadresse|mailadres|postadresse)\b/g, "e$1")
    .replace(/(\p{L})(\p{N})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

const owners =
  /^(?:employees?|users?|workers?|learners?|students?|persons?|participants?|staff|members?|associates?|contact|legal|preferred|current|primary|main|official|home|hr|mitarbeiter|benutzer|teilnehmer)(?:'s)?[\s_:.-]+/i;

/** What a header says, however it is written; `labels`: `ca_N` → the tenant's name for it. */
export function meaningOf(header: string, labels: ReadonlyMap<string, string>): ColumnMeaning | undefined {
  const folded = plain(header);
  if (folded === "" || header.length > 80) return undefined;
  const label = [...labels].find(([, name]) => plain(name) === folded)?.[0];
  if (label !== undefined && /^ca_\d+$/.test(label)) return label as ColumnMeaning;
  const custom = /^(?:ca|custom|customfield)(\d|10)$/.exec(folded)?.[1];
  if (custom !== undefined) return `ca_${Number(custom)}`;
  const words = wordsIn(header);
  if (/^(?:team|group)/.test(folded) && headerNames.get(folded) === "groups") return "groups";
  if (words.some((word) => otherPersonWords.has(word))) return headerNames.get(folded) ?? "another";
  const mail = mailMeaning(words);
  if (mail !== undefined) return mail;
  for (const form of formsOf(header)) {
    const known = headerNames.get(plain(form)) ?? numbered(plain(form));
    if (known !== undefined && (form === header || !isOfElse(known, words))) return known;
  }
  return words.some((word) => /^status|^statut$/.test(word)) && !isOfElse("status", words)
    ? statusBeside(words)
    : undefined;
}

const ofStanding: ReadonlySet<ColumnMeaning> = new Set([
  "status",
  "is_active",
  "is_gone",
  "last_day",
] satisfies ColumnMeaning[]);
/** "Leave - End Date", "Course: Status": the end or status of something else; "Status: Date" is no status. */
const isOfElse = (meaning: ColumnMeaning, words: readonly string[]): boolean =>
  ofStanding.has(meaning) &&
  (words.some((word) => otherStatusWords.has(word)) ||
    (meaning === "status" &&
      words.some((word) => /^(?:date|datum|data|fecha|since|effective|reason)$/.test(word))));

/** A column of a licence, a course, a badge: whatever it says is said of that. */
export const saysOfElse = (header: string): boolean =>
  wordsIn(header).some((word) => otherStatusWords.has(word));

const workWords =
  /^(?:employ|emp|hr|work|worker|user|account|person|staff|login|contract|job|current|active|lifecycle|member|team)/;
const statusBeside = (words: readonly string[]): ColumnMeaning | undefined =>
  words.some((word) => workWords.test(word)) ? "status" : undefined;

/** An address column by its words; none where a word makes it something else, such as "Email opt out". */
function mailMeaning(words: readonly string[]): ColumnMeaning | undefined {
  const isMail = (word: string) => mailWords.has(word);
  const mails = words.some(isMail) || (words.includes("adresse") && words.includes("electronique"));
  if (!mails) return undefined;
  if (words.some((word) => privateWords.has(word))) return "second_login";
  return words.every((word) => isMail(word) || besideMail.has(word) || /^\d$/.test(word))
    ? "login"
    : undefined;
}

/** The header itself, and without what programs put around it. */
function* formsOf(header: string): Generator<string> {
  yield header;
  const bare = header.replace(/[([{][^)\]}]*[)\]}]/g, " ").trim();
  if (bare !== header && bare !== "") yield bare;
  for (const form of [header, bare]) {
    const without = form.replace(owners, "");
    if (without !== form) yield without;
    yield* [/^.*[:>.]\s*/, /\s[-–/|].*$/, /^.*\s[-–/|]\s*/, /\s*[/|].*$/, /^.*[/|]/].flatMap((part) => {
      const rest = form.replace(part, "").trim();
      return rest !== form && rest !== "" ? [rest, rest.replace(owners, "")] : [];
    });
  }
}

/** "Group 1", "Phone 1 - Value". */
function numbered(folded: string): ColumnMeaning | undefined {
  const base = /^(.+?)\d{0,2}(?:value)?$/.exec(folded)?.[1];
  if (base === undefined || base === folded) return undefined;
  const known = headerNames.get(base);
  return known === "groups" || known === "phone" || known === "title" ? known : undefined;
}

/** Of so many words of a row, at least half tell that it is a header. */
const sampled = 200;

/** What each column says, also by what stands in it. */
export function columnsOf(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  labels: ReadonlyMap<string, string>,
): Column[] {
  const sample = rows.slice(0, sampled);
  const cellsAt = (at: number) => sample.map((cells) => cells[at] ?? "").filter((cell) => cell !== "");
  const share = (at: number, is: (cell: string) => boolean) => {
    const cells = cellsAt(at);
    return cells.length === 0 ? 0 : cells.filter(is).length / cells.length;
  };
  const holdsAddresses = (at: number) => share(at, (cell) => addressesIn(cell).length > 0) > 0.5;
  const columns = headers.map((header, at) => ({ at, header, meaning: meaningOf(header, labels) }));
  const has = (meaning: ColumnMeaning) => columns.some((column) => column.meaning === meaning);

  for (const column of columns) {
    const { at, meaning } = column;
    if (
      (meaning === "name" || meaning === "address" || meaning === "card_no" || meaning === "bare_number") &&
      holdsAddresses(at)
    ) {
      column.meaning = has("login") ? "second_login" : "login";
    }
    if (
      meaning === "login" &&
      share(at, (cell) => /\S\s+\S/.test(cell) && addressesIn(cell).length === 0) > 0.5
    ) {
      column.meaning = "name";
    }
    if (
      meaning === "login" &&
      /^user$/i.test(column.header) &&
      share(at, (cell) => /^\d{1,15}$/.test(cell)) > 0.5
    ) {
      column.meaning = "bare_number";
    }
    // Whatever it is called: a column of such words says who is gone.
    if (meaning === undefined && column.header !== "" && share(at, isStandingWord) > 0.8) {
      if (!saysOfElse(column.header))
        column.meaning = cellsAt(at).some(isPlainlyGone) ? "status" : "perhaps_status";
    }
    if (meaning === "status" && areOfCourses(cellsAt(at))) column.meaning = undefined;
    // "Estado" and "Stato" are a province, or whether somebody still works there.
    if (meaning === "state" && share(at, isStandingWord) > 0.8) column.meaning = "status";
    if (
      meaning === "bare_number" &&
      /user/i.test(column.header) &&
      share(at, (cell) => /^\d{1,15}$/.test(cell)) < 0.5
    ) {
      column.meaning = cellsAt(at).length > 0 ? "login" : meaning;
    }
  }
  partsOfNames(columns);
  const [first, ...more] = columns
    .filter(({ meaning }) => meaning === undefined)
    .filter(({ at }) => holdsAddresses(at));
  if (!has("login") && !has("second_login") && first !== undefined && more.length === 0)
    first.meaning = "login";
  if (!has("login")) {
    const [second] = columns.filter(({ meaning }) => meaning === "second_login");
    if (second !== undefined) second.meaning = "login";
  }
  return columns.map(({ at, header, meaning }) => ({
    at,
    header,
    ...(meaning !== undefined && { meaning }),
  }));
}

/** "Name" beside "Vorname" is the last name, "Nombre" beside "Apellidos" the first. */
function partsOfNames(columns: { header: string; meaning: ColumnMeaning | undefined }[]): void {
  const has = (meaning: ColumnMeaning) => columns.some((column) => column.meaning === meaning);
  const whole = columns.find(
    ({ header, meaning }) => meaning === "name" && /^(?:name|nom|naam|nome|nombre)$/.test(plain(header)),
  );
  if (whole === undefined) return;
  if (has("first_name") && !has("last_name")) whole.meaning = "last_name";
  else if (has("last_name") && !has("first_name")) whole.meaning = "first_name";
}

/** How many cells of a row name a column, and whether one of them says who is meant. */
export function headerScore(
  cells: readonly string[],
  labels: ReadonlyMap<string, string>,
): { readonly known: number; readonly names: boolean } {
  const meanings = cells.map((cell) => meaningOf(cell, labels)).filter((one) => one !== undefined);
  // "Learner, Avery": a person may well be called so.
  const [only] = meanings;
  if (
    meanings.length === 1 &&
    only === "name" &&
    cells.length === 2 &&
    !cells.some((cell) => /na(?:me|am)|nom/i.test(cell))
  ) {
    return { known: 0, names: false };
  }
  return { known: meanings.length, names: meanings.some((one) => identities.has(one)) };
}

const identities: ReadonlySet<ColumnMeaning> = new Set([
  "login",
  "second_login",
  "number",
  "bare_number",
  "card_no",
  "name",
  "first_name",
  "last_name",
] satisfies ColumnMeaning[]);
