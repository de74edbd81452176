import { fold } from "../../text/fold.ts";

/** Where people look for words: names, logins and codes, of every kind of record. */
const named = [
  "display_name",
  "first_name",
  "last_name",
  "name",
  "full_name",
  "email",
  "username",
  "user_identifier",
  "course_code",
  "course_name",
  "user_email",
  "code",
  "transaction_number",
];

/** The rows in which every word stands in some name, login or code. */
export function searched(rows: readonly unknown[], words: string | undefined): readonly unknown[] {
  if (words === undefined) return rows;
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = textOf(row);
    return wanted.every((word) => text.includes(word));
  });
}

function textOf(row: unknown): string {
  if (typeof row !== "object" || row === null) return "";
  const record = row as Record<string, unknown>;
  const texts = named.map((name) => record[name]).filter((one) => typeof one === "string");
  return fold(texts.join("\n"));
}
