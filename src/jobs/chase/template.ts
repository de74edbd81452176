import { nearestTo } from "../../text/nearest.ts";

/** What stands for something in a whole letter, and in the part that is repeated for each row. */
export const letterWords = ["manager", "count", "people", "academy", "today"] as const;
export const rowWords = [
  "name",
  "login",
  "course",
  "course_id",
  "deadline",
  "days",
  "when",
  "academy",
] as const;
type LetterWord = (typeof letterWords)[number];
type RowWord = (typeof rowWords)[number];

export type LetterValues = Readonly<Record<LetterWord, string>>;
export type RowValues = Readonly<Record<RowWord, string>>;

/** A letter with gaps: its subject, and what stands before, in and after its rows. */
export interface LetterTemplate {
  readonly subject: string;
  readonly before: string;
  readonly row: string;
  readonly after: string;
}

const longest = 20_000;
const gap = /\{([^{}\n]*)\}/g;
const [begin, end] = ["{#each}", "{/each}"];

/**
 * A template as it is written: a first line `Subject: …`, then the letter, with one part between `{#each}` and
 * `{/each}`, each on a line of its own, that is repeated for each person and course. Or all that is wrong with it.
 */
export function templateIn(text: string): LetterTemplate | { readonly wrong: readonly string[] } {
  if (text.trim() === "") return { wrong: ["it is empty, or too large to be a letter."] };
  if (text.length > longest) return { wrong: [`it is longer than ${longest} characters.`] };
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  const subject = /^\s*subject:\s*(.+)$/i.exec(lines[first] ?? "")?.[1]?.trim();
  const wrong: string[] = [];
  if (subject === undefined)
    wrong.push(`line ${first + 1}: begin with Subject: and what the letter is about.`);
  const at = (marker: string) => lines.flatMap((line, n) => (line.trim() === marker ? [n] : []));
  const [begins, ends] = [at(begin), at(end)];
  const [from = -1, to = -1] = [begins[0], ends[0]];
  if (begins.length !== 1 || ends.length !== 1 || to < from)
    wrong.push(
      `one part stands between a line ${begin} and a line ${end}: it is repeated for each person and course.`,
    );
  for (const [n, line] of lines.entries()) {
    const inRow = n > from && n < to;
    if (n === from || n === to) continue;
    const known: readonly string[] = inRow ? rowWords : letterWords;
    for (const [whole, word = ""] of line.matchAll(gap)) {
      if (known.includes(word)) continue;
      wrong.push(`line ${n + 1}: ${wordWrong(whole, word, known, inRow)}`);
    }
    if (/[{}]/.test(line.replace(gap, ""))) wrong.push(`line ${n + 1}: a { or } stands alone.`);
  }
  if (wrong.length > 0 || subject === undefined) return { wrong: wrong.slice(0, mostTold) };
  const part = (some: readonly string[]) => some.join("\n");
  return {
    subject,
    before: part(lines.slice(first + 1, from)).replace(/^\n+/, ""),
    row: part(lines.slice(from + 1, to)),
    after: part(lines.slice(to + 1)).trimEnd(),
  };
}
const mostTold = 8;

function wordWrong(whole: string, word: string, known: readonly string[], inRow: boolean): string {
  const other: readonly string[] = inRow ? letterWords : rowWords;
  const called = whole.slice(0, 40);
  if (word === "#each" || word === "/each") return `${called} stands on a line of its own.`;
  if (other.includes(word))
    return inRow
      ? `${called} is of the whole letter: put it outside of ${begin} … ${end}.`
      : `${called} is of one row: put it between ${begin} and ${end}.`;
  const [near] = nearestTo(word, known);
  const all = known.map((one) => `{${one}}`).join(" ");
  return `${called} is not known${near === undefined ? "" : `; {${near}}?`} There are ${all}.`;
}

/** The letter with its gaps filled; what is filled in is never read for gaps. */
export function filled(
  { subject, before, row, after }: LetterTemplate,
  letter: LetterValues,
  rows: readonly RowValues[],
): { readonly subject: string; readonly text: string } {
  const fill = (text: string, values: Readonly<Record<string, string>>) =>
    text.replace(gap, (_, word: string) => values[word] ?? "");
  return {
    subject: fill(subject, letter),
    text: [fill(before, letter), ...rows.map((one) => fill(row, one)), fill(after, letter)]
      .filter((part, n, all) => part !== "" || (n > 0 && n < all.length - 1))
      .join("\n"),
  };
}
