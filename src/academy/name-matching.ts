import { fold } from "../text/fold.ts";
import { keyboarded, loginIn, printed, readings, unwrapped } from "../text/typed.ts";

/** A record that a text may name. */
export interface Nameable {
  readonly id: number;
  readonly label: string;
  /** Names, logins and codes as they stand in it, and its number. */
  readonly own: readonly string[];
  /** Its name in another order than it is written. */
  readonly other?: readonly string[];
}

/** What a text names: nobody, one, or several of whom it is not plain which. */
export interface Meaning<T> {
  readonly found: readonly T[];
  /** It does not stand so in the record: how it was read, in words. */
  readonly read?: string;
  /** The number in it is this one's, whom the words beside it do not name: nobody is meant by that. */
  readonly disagrees?: { readonly id: number; readonly label: string; readonly words: string };
}

const exactly = (text: string): string => text.normalize("NFC").toLowerCase().trim();
const alike = (text: string): string => fold(text).trim().replace(/\s+/g, " ");

/** The one reader of what people call things by. The exact text first; a cleaned one where that finds nothing. */
export function createMeanings<T extends Nameable>(all: readonly T[]): (text: string) => Meaning<T> {
  const byKey = indexOf(all, ({ own }) => own.map(exactly));
  const byLikeness = indexOf(all, ({ own }) => own.map(alike));
  const byWords = indexOf(all, ({ own }) => own.map(withoutMarks));
  const byOtherOrder = indexOf(all, ({ other = [] }) => other.map(alike));
  const byId = indexOf(all, ({ id }) => [String(id)]);

  return (text) => {
    const exact = byKey(exactly(text));
    if (exact.length > 0) return { found: exact };
    const login = loginIn(text);
    const isMailbox = login !== unwrapped(text);
    for (const reading of readings(text)) {
      const found = isMailbox && reading === login ? [] : byLikeness(alike(reading));
      if (found.length > 0) return { found, ...(isOnlyCase(text, found) ? {} : { read: reading }) };
    }
    const ours = printed(text);
    // A number beside an address has its say first: the two may be of two people.
    const addressed = isMailbox && ours === undefined ? byLikeness(alike(login)) : [];
    const [theirs] = addressed;
    if (theirs !== undefined) {
      const words = besideLogin(text, login);
      const others = words === "" ? [] : [...byLikeness(alike(words)), ...byOtherOrder(alike(words))];
      // Jordan Manager <avery@example.com>: two people, and neither is meant for certain.
      return others.length > 0 && !others.some((one) => addressed.includes(one))
        ? { found: [], disagrees: { id: theirs.id, label: theirs.label, words } }
        : { found: addressed, read: login };
    }
    const [numbered] = ours ? byId(String(ours.number)) : [];
    if (ours && numbered) {
      if (agrees(ours.words, numbered)) return { found: [numbered], read: String(ours.number) };
      return { found: [], disagrees: { id: numbered.id, label: numbered.label, words: ours.words } };
    }
    if (isMailbox) return { found: [] };
    for (const reading of readings(text)) {
      const found = byWords(withoutMarks(reading));
      if (found.length > 0) return { found, read: reading };
    }
    for (const reading of readings(text)) {
      const found = byOtherOrder(alike(reading));
      if (found.length > 0) return { found, read: reading };
    }
    const known = ours === undefined ? outsideBrackets(text) : undefined;
    const [named, ...more] = known ? byLikeness(alike(known.name)) : [];
    if (known && named && more.length === 0 && agrees(known.inside, named))
      return { found: [named], read: known.name };
    const [coded, ...others] = known ? byLikeness(alike(known.inside)) : [];
    if (known && coded && others.length === 0 && agrees(known.name, coded))
      return { found: [coded], read: known.inside };
    return { found: [] };
  };
}

const besideLogin = (text: string, login: string): string =>
  unwrapped(
    keyboarded(text)
      .replaceAll(login, " ")
      .replace(/[<>()[\]"]|mailto:/g, " "),
  );

/** First Aid (Practical) is First Aid - Practical; C++ is not C#, nor 3.1 3-1. */
const withoutMarks = (text: string): string =>
  alike(text)
    .replace(/[()[\]{}:,;|"_]|(?<!\d)[-./]|[-./](?!\d)/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** Case, accents and blanks make no difference that anybody has to be told of. */
const isOnlyCase = (text: string, found: readonly Nameable[]): boolean => {
  const plainly = (one: string) =>
    exactly(one)
      .normalize("NFD")
      .replace(/\p{Mn}/gu, "")
      .replace(/\s+/g, " ");
  const wanted = plainly(text);
  return found.some(({ own }) => own.some((key) => plainly(key) === wanted));
};

/** Made when it is first asked for. */
function indexOf<T>(all: readonly T[], keysOf: (one: T) => readonly string[]): (key: string) => readonly T[] {
  let index: Map<string, T[]> | undefined;
  const make = () => {
    const made = new Map<string, T[]>();
    for (const one of all)
      for (const key of new Set(keysOf(one))) {
        const own = made.get(key);
        if (own) own.push(one);
        else made.set(key, [one]);
      }
    return made;
  };
  return (key) => {
    if (key === "") return [];
    index ??= make();
    return index.get(key) ?? [];
  };
}

/** Avery Learner (avery@example.com), Phishing (SEC-102). */
function outsideBrackets(text: string): { readonly name: string; readonly inside: string } | undefined {
  const [, name, inside] = /^(.*\S)\s*[([<]\s*([^()[\]<>]+?)\s*[)\]>]$/.exec(text.trim()) ?? [];
  return name === undefined || inside === undefined ? undefined : { name, inside };
}

const breaks = /[^\p{L}\p{M}\p{N}]+/u;
const wordsIn = (text: string): string[] => fold(text).split(breaks).filter(Boolean);
/** What our replies say besides a name. */
const beside = new Set(
  "at of to on the person people user users learner member members course courses group groups path paths training trainings session sessions active inactive disabled".split(
    " ",
  ),
);

/** Whether words beside a number name the thing that has it: each is a word of it, or the beginning of one. */
export function agrees(words: string, { id, own, other = [] }: Nameable): boolean {
  const said = wordsIn(words.replace(/[([]\s*\d+ (?:people|person|courses?|members?)\s*[)\]]/giu, " "));
  const has = [...own, ...other].flatMap(wordsIn);
  const counts = said.filter((word) => !beside.has(word) && word !== String(id));
  return counts.every((word) => has.some((one) => one.startsWith(word)));
}

/** Family name first, with a blank or, as in Chinese and Japanese, without; and the other way round. */
export function otherOrders({
  first_name,
  last_name,
  display_name,
}: Readonly<Record<string, unknown>>): string[] {
  const [first, last, shown] = [first_name, last_name, display_name].map((one) =>
    typeof one === "string" ? one.trim() : "",
  );
  if (first && last) return [`${last} ${first}`, `${last}${first}`, `${first}${last}`, `${first}, ${last}`];
  const parts = (shown ?? "").split(/\s+/).filter(Boolean);
  if (parts.length < 2) return [];
  const [head = "", ...rest] = parts;
  const tail = parts.at(-1) ?? "";
  return [[...rest, head].join(" "), [tail, ...parts.slice(0, -1)].join(" "), parts.join("")];
}
