import type { BoardCell, BoardColumn, BoardTable, ColumnKind } from "./board.ts";
import type { Speaking } from "./pieces.ts";
import type { PageWords } from "./words/page-words.ts";

/** What is in the columns that replies have; any other holds text. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  user_id: "id",
  id: "id",
  course_id: "id",
  registration: "id",
  person: "id",
  row: "id",
  days_late: "number",
  days_left: "number",
  overdue: "number",
  due: "number",
  people: "number",
  deadline: "day",
  enrolled: "day",
  started: "day",
  completed: "day",
  expires: "day",
  updated: "day",
  last_sign_in: "day",
  month: "month",
  last_day: "day",
  session: "id",
  record: "id",
  unmarked: "number",
  registered: "number",
};

/** Those that say how something stands, or stood in the end, in words of ours. */
const ofOutcomes: ReadonlySet<string> = new Set(["so_far", "what", "outcome"]);

const own = (known: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(known, key) ? known[key] : undefined;

/** A column of a reply, by the name it has there; a field of the tenant's own is called as it calls it. */
export const columnNamed = (name: string, { columns }: PageWords): BoardColumn => ({
  label: own(columns, name) ?? name,
  is: kinds[name] ?? "text",
});

/** The same where it is not the first word: a noun is small but in German; what a tenant calls its field stays. */
export function insideASentence(name: string, { words, locale }: Pick<Speaking, "words" | "locale">): string {
  const label = own(words.columns, name);
  if (label === undefined) return name;
  return locale.words === "de"
    ? label
    : `${label.charAt(0).toLocaleLowerCase(locale.words)}${label.slice(1)}`;
}

/** A word of ours in the academy's language; what others wrote stays. */
export const keySaid = (key: string, { keys }: PageWords): string => own(keys, key) ?? key;
export const statusSaid = (status: string, { statuses }: PageWords): string =>
  own(
    statuses,
    status
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, "-"),
  ) ?? status;

/** Rows of a reply as a table, with the columns that at least one of them fills. */
export function tableOf(
  title: string,
  names: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  { words, total = rows.length }: { readonly words: PageWords; readonly total?: number },
): BoardTable {
  const there = names.filter((name) => rows.some((row) => row[name] !== undefined && row[name] !== ""));
  return {
    title,
    columns: there.map((name) => columnNamed(name, words)),
    rows: rows.map((row) => there.map((name) => cellSaid(name, row[name], words))),
    total,
  };
}

function cellSaid(name: string, value: unknown, words: PageWords): BoardCell {
  if (typeof value === "number") return value;
  if (value === undefined || value === null) return "";
  const text = String(value);
  if (name === "status") return statusSaid(text, words);
  return ofOutcomes.has(name) ? (own(words.outcomes, text) ?? text) : keySaid(text, words);
}
