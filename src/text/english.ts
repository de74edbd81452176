import { withoutKeys } from "./keyed-links.ts";

/** Text that people wrote has at most so many characters in a question. */
const longest = 80;

/** As a sentence begins. */
export const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** “1 person”, “2 people”; left out, the plural is regular. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A share with so many digits behind the point: 1 only where it is all, and 0 only where it is nothing. */
export function rounded(share: number, digits = 3): number {
  const parts = 10 ** digits;
  const n = Math.round(share * parts);
  return (share > 0 && share < 1 ? Math.min(parts - 1, Math.max(1, n)) : n) / parts;
}

/** “33.3%”; with no digits, “33%”. */
export const percent = (share: number, digits = 1): string =>
  `${Number((rounded(share, digits + 2) * 100).toFixed(digits))}%`;

interface Readings {
  readonly none?: string;
  readonly one: string;
  /** Of two: “both”; left out, as many. */
  readonly two?: string;
  readonly many: (n: number) => string;
}

/** A sentence that counts, as it reads of none, of one, of two and of many. */
export function reading(n: number, { none, one, two, many }: Readings): string {
  if (n === 0 && none !== undefined) return none;
  if (n === 2 && two !== undefined) return two;
  return n === 1 ? one : many(n);
}

/** “a, b and 3 more”: what is not shown is counted, if anything is left. */
export const andMore = (shown: readonly string[], left: number): string =>
  and([...shown, ...(left > 0 ? [`${left} more`] : [])]);

/** “a, b and c”. */
export function and(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** “passed” → 3 … as “3 passed, 2 in progress”, most first. */
export function byStatus(statuses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([status, n]) => `${n} ${status}`)
    .join(", ");
}

/** The same where it follows how many there are: “passed” of one, “all passed” of several alike. */
export function howTheyStand(statuses: readonly string[]): string {
  const [first = ""] = statuses;
  if (statuses.length === 1) return first;
  return new Set(statuses).size === 1
    ? `${statuses.length === 2 ? "both" : "all"} ${first}`
    : byStatus(statuses);
}

/** A status in words of ours: what is none of SkyPrep's own words could say anything. */
export function statusWords(status: unknown): string {
  const word = String(status ?? "");
  return /^[a-z][a-z_-]{0,30}$/.test(word) ? word.replace(/[-_]/g, " ") : "of another status";
}

/** A login that can stand inside a sentence without changing it: an address or a plain word. */
export const isTame = (login: string): boolean => /^[\w.+-]{1,40}(@[\w.-]{1,60})?$/.test(login);

/**
 * Text that people wrote, in quotes, on a line of its own: cleaned of what is invisible, without what could
 * end the quotes or be drawn as a link or markup, and cut. `clean` makes it one line.
 */
export const quoted = (text: string, clean: (text: string) => string): string =>
  apart(`"${harmless(text, clean, longest)}"`);

/** The same inside a sentence: nothing in it can end these quotes. */
export const inQuotes = (text: string, clean: (text: string) => string, most = longest): string =>
  apart(`“${harmless(text, clean, most)}”`);

/** Letters that are written from right to left. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const leftToRightMark = "\u200E";

/**
 * Text in its quotes, so that letters from right to left move nothing outside of them: beside such letters a number or
 * a quotation mark would be drawn on their side. A mark holds where isolates are not known, too; there is none where
 * nothing needs one.
 */
export const apart = (inItsQuotes: string): string =>
  rightToLeft.test(inItsQuotes) ? `${leftToRightMark}${inItsQuotes}${leftToRightMark}` : inItsQuotes;

/** One line that can neither end its quotes nor be drawn as anything else than text, cut. */
export function harmless(text: string, clean: (text: string) => string, most: number): string {
  const line = clean(text)
    // Variation selectors and fillers are letters and marks by category, and can carry whole texts unseen.
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, " ")
    .replace(/["＂″‶〝〞〟❝❞\p{Pi}\p{Pf}„]/gu, "'")
    // An underscore inside a word draws nothing.
    .replace(/[`*~|\\]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, " ")
    .replace(/[[{<]/g, "(")
    .replace(/[\]}>]/g, ")")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}

// Control and format characters: terminal escapes, bidi marks, zero-width and tag characters, and what is never
// drawn (variation selectors, fillers). They can hide text from a person that a model still reads.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu;
/** Nothing to clean, in a quick look: words of printable ASCII with one space between them, and no instant. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
const instantPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const shortestInstant = "2026-11-23T12:00:00Z".length;
const letterT = 0x54;

/** Text that people wrote, as one line of data: nothing invisible, no line breaks, no tabs, no key in a link. */
export const cleanText = (text: string): string => withoutKeys(cleanCredential(text));

/** The same with its keys, for the one reply that hands them out. */
export function cleanCredential(text: string): string {
  const mayBeInstant = text.length >= shortestInstant && text.charCodeAt(10) === letterT;
  if (!mayBeInstant && plain.test(text)) return text;
  const instant = instantPattern.exec(text);
  if (instant) return `${instant[1]}${instant[2]}`;
  return text.replace(invisible, " ").replace(/ {2,}/g, " ").trim();
}

const invisibleInLines = /[^\P{Cc}\n\t]|[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;
/** Nothing to clean, in a quick look. */
const plainLines = /^[ -~\n\t]*$/;

/** Whole sentences, SkyPrep's words among ours: lines stay, what nobody sees and the keys of links go. */
export const cleanLines = (text: string): string =>
  withoutKeys(plainLines.test(text) ? text : text.replace(invisibleInLines, " "));
