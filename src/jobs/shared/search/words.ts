import { fold } from "../../../text/fold.ts";

/** What can be found. */
export type RecordKind = "person" | "course" | "group" | "path" | "training" | "session";
/** What people ask for: trainings and sessions together. */
export type SearchKind = Exclude<RecordKind, "training">;

const word = /[\p{L}\p{M}\p{N}]+/gu;
const plainWord = /[a-z0-9]+/g;
const apostrophes = /['’‘ʼ`´]/g;
const plain = /^[\x20-\x7e]*$/;

/** The words of a name, a login or a code, without case, accents or marks: O'Brien-Núñez is obrien, nunez. */
export function wordsOf(text: string): string[] {
  const folded = fold(text).replace(apostrophes, "");
  return folded.match(plain.test(folded) ? plainWord : word) ?? [];
}

/** A code however it is typed: SAFE-101, safe 101, safe101. */
export const squashed = (text: string): string => wordsOf(text).join("");

/** A login without its domain. */
export const beforeAt = (login: string): string => login.split("@", 1)[0] ?? "";

const split = (words: string): ReadonlySet<string> => new Set(words.split(" "));
/** Words people put around a name; they count where a record has them, and are not missed where it has not. */
const aroundPeople = split(
  "the of in at for with from who is called named everyone everybody person persons people user users learner learners employee employees colleague colleagues",
);
const aroundThings = split(
  "a an the of for in on at to and or from my our all about called named course courses group groups team teams path paths learning session sessions training trainings timeslot timeslots class classes person persons people user users learners employees everyone everybody member members",
);

/** Words that say of what kind the thing is. Learner is a name as well. */
const kindWords: Readonly<Record<SearchKind, ReadonlySet<string>>> = {
  person: split("person persons people user users employee employees colleague colleagues"),
  course: split("course courses"),
  group: split("group groups"),
  path: split("path paths"),
  session: split("session sessions timeslot timeslots"),
};

/** The kinds a text names, in its own order of ours. */
export const kindsNamed = (words: readonly string[]): SearchKind[] =>
  Object.entries(kindWords).flatMap(([kind, own]) =>
    words.some((word) => own.has(word)) ? [kind as SearchKind] : [],
  );

/** Of words that only stand around names, those that could be one themselves: the people → people. */
export function sayingMost(words: readonly string[]): readonly string[] {
  const saying = words.filter((word) => kindsNamed([word]).length > 0);
  return saying.length > 0 ? saying : words;
}

/** Nothing is named but a kind: courses, all the people. */
export const isOnlyKind = (words: readonly string[]): boolean => {
  const around = (word: string) => aroundThings.has(word) || aroundPeople.has(word);
  return words.every(around) && kindsNamed(words).length > 0;
};

/** Of people only a few: A is an initial. */
export const isAround = (word: string, kind: RecordKind): boolean =>
  (kind === "person" ? aroundPeople : aroundThings).has(word);

/** How many letters may be wrong in a word of this length. */
export const slipsIn = (word: string): number => (word.length < 3 ? 0 : word.length < 6 ? 1 : 2);

/** Letters to add, leave out, change or swap with their neighbour; `most + 1` where it takes more. */
export function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let steps = Math.min((row[j - 1] ?? 0) + (same ? 0 : 1), (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        steps = Math.min(steps, (before[j - 2] ?? 0) + 1);
      }
      next.push(steps);
      least = Math.min(least, steps);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(row[b.length] ?? 0, most + 1);
}

/** A word with two neighbours swapped, each pair in turn: to an index that counts a swap as two slips. */
export function swaps(word: string): string[] {
  const all: string[] = [];
  for (let at = 0; at + 1 < word.length; at++) {
    if (word[at] !== word[at + 1]) {
      all.push(word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2));
    }
  }
  return all;
}
