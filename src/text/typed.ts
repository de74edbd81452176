/**
 * The one cleaning for whatever a person typed or pasted. The exact text comes first everywhere: what these
 * give is tried only where it finds nothing, taken only where it finds exactly one, and said.
 */

const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const blanks = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]+/g;
/** Never drawn: control and format characters, direction marks, zero-width, tags, fillers, half a character. */
export const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
/** A joiner between letters of Persian or Hindi is spelling; between Latin ones it is dirt. */
const spelling =
  /(?<=[\p{L}\p{M}])(?<![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u200c\u200d](?=[\p{L}\p{M}])(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])/gu;
const dirt = new RegExp(unseen, "gu");
const hyphens = /[\u2010-\u2015\u2043\u2212\u02d7\ufe58\ufe63\uff0d]/g;
const apostrophes = /[\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\u00b4`\uff07]/g;
const quotes = /[\u201c-\u201f\u00ab\u00bb\u2033\uff02]/g;
/** Letters and marks of a Japanese or Chinese keyboard left in its wide setting. */
const wide = /[\uff01-\uff5e]/g;
const printable = /^[\x20-\x7e]*$/;

/** Drawn as before, and nothing besides: composed letters, no invisible marks, single blanks, none at the edges. */
export function tidied(text: string): string {
  if (printable.test(text) && !text.includes("  ")) return text.trim();
  const kept: string[] = [];
  const marked = text
    .normalize("NFC")
    .replace(lineBreaks, " ")
    .replace(spelling, (joiner) => `\ue000${kept.push(joiner) - 1}\ue001`);
  const whole = kept.length === 0 ? marked.replace(dirt, "") : withJoiners(marked, kept);
  return whole.replace(blanks, " ").trim();
}

const withJoiners = (marked: string, kept: readonly string[]): string =>
  marked
    .split(/\ue000(\d+)\ue001/)
    .map((part, at) => (at % 2 === 1 ? (kept[Number(part)] ?? "") : part.replace(dirt, "")))
    .join("");

/** As a plain keyboard types it, with one hyphen and one apostrophe. For names of things, codes, logins. */
export function keyboarded(text: string): string {
  const tidy = tidied(text);
  if (printable.test(tidy) && !tidy.includes("`")) return tidy;
  return tidied(
    tidy
      .replace(hyphens, "-")
      .replace(apostrophes, "'")
      .replace(quotes, '"')
      .replace(wide, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)),
  );
}

/** Two texts that are alike are the same to whoever reads them: for comparing, never for sending. */
export const likeness = (text: string): string => keyboarded(text).toLowerCase();

const pairs: readonly (readonly [string, string])[] = [
  ["**", "**"],
  ['"', '"'],
  ["'", "'"],
  ["*", "*"],
  ["<", ">"],
  ["(", ")"],
  ["[", "]"],
];
const bullet = /^(?:[•·*▪◦‣]\s*|-\s+|[,;:|]+\s*)(?=\S)/u;
const trailing = /(?<=\S)\s*[,;:|]+$/;

/** Without what a copy leaves at its edges: quotes, brackets, a bullet, the comma to the next one. */
export function unwrapped(text: string): string {
  let now = keyboarded(text);
  for (let before = ""; before !== now; ) {
    before = now;
    now = unpaired(now).replace(trailing, "").replace(bullet, "").trim();
  }
  return now;
}

/** A bracket that closes inside is the name's own: (First) Aid (Practical). */
function unpaired(text: string): string {
  for (const [open, close] of pairs) {
    const inner = text.slice(open.length, -close.length);
    const is = text.length > open.length + close.length && text.startsWith(open) && text.endsWith(close);
    if (is && !inner.includes(open) && !inner.includes(close) && inner.trim() !== "") return inner.trim();
  }
  // Half a pair of quotes is what was cut off with its neighbour.
  if (/^"[^"]+$/.test(text)) return text.slice(1).trim();
  return /^[^"]+"$/.test(text) ? text.slice(0, -1).trim() : text;
}

/** The marks that no address holds; behind its @ there are fewer still. An address is of one word at least. */
const anywhere = /[^\s@<>()[\]{}",;:|\\“”„«»]+@[^\s@<>()[\]{}",;:|\\“”„«»/&+=?]*[\p{L}\p{N}]/gu;

/** A text as addresses are looked for in it. */
export const shown = (text: string): string =>
  printable.test(text) ? text : keyboarded(text.normalize("NFKC"));

/** The addresses that stand in a text, each once: Avery Learner <avery@example.com>, mailto:…, a markdown link, several on a line. */
export function addressesIn(text: string): readonly string[] {
  if (!/[@＠]/.test(text)) return [];
  const whole = shown(text);
  const own = (whole.match(anywhere) ?? [])
    .map((one) => one.replace(/^[.'*`/&+=]+/, ""))
    .map((one) => (one.startsWith("_") && whole.includes(`${one}_`) ? one.slice(1) : one))
    .filter((one) => /^[^@]+@[^@]+$/.test(one));
  return [...new Map(own.map((one) => [one.toLowerCase(), one] as const)).values()];
}

/** What stands in a text besides its addresses. */
export const withoutAddresses = (text: string): string => shown(text).replace(anywhere, " ");

/** A login as it was most likely meant: the one address in it, else the text without its wrapping. */
export function loginIn(text: string): string {
  const [one, ...more] = addressesIn(text);
  return one !== undefined && more.length === 0 ? one : unwrapped(text);
}

/**
 * The same for somebody new, of whom nothing else tells: words beside an address are a name only where marks part
 * them from it. "zed newhire@example.com" is not newhire@example.com, nor "zed@example,com" zed@example.
 */
export function newLoginIn(text: string): string {
  const login = loginIn(text);
  const whole = unwrapped(text);
  if (login === whole) return login;
  const rest = keyboarded(text)
    .replace(/<[^<>]*>|\([^()]*@[^()]*\)|\[[^[\]]*@[^[\]]*\]/g, (one) => (one.includes(login) ? " " : one))
    .replace(/\?.*$/, "");
  const beside = rest.replace(/\b(?:mailto|smtp|e-?mail)\s*:/gi, " ").replaceAll(login, " ");
  const boxed = !rest.includes(login);
  return boxed || !/[\p{L}\p{N}@]/u.test(beside) ? login : whole;
}

/** The exact text, then what it may mean, the surest first; nothing twice. */
export function readings(text: string): readonly string[] {
  const all = [text.trim(), tidied(text), keyboarded(text), unwrapped(text), loginIn(text)];
  return [...new Set(all)].filter((one) => one !== "");
}

/** A control character inside a text is no slip of a copy. */
export const holdsControl = (text: string): boolean => /\p{Cc}/u.test(text.trim());

/** A number as our replies print it, with what stands around it. */
export interface Printed {
  readonly number: number;
  /** `course` of “course 207 Phishing”. */
  readonly kind?: string;
  /** What else was said of it: its name, login, code; empty for the bare number. */
  readonly words: string;
}

const kinds =
  "person|people|user|learner|employee|course|group|user group|learning path|path|session|timeslot|training|instructor-led training|saved report|report|export|skill|material|registration|enrollment|exam|category|change|plan|id|number|no\\.?|nr\\.?|num";
const sign = "(?:#|№|no\\.?|nr\\.?|number|id)";
const numberFirst = new RegExp(
  `^(?:(${kinds})(?:[ _](?:id|number|no\\.?))?\\s*[:=]?\\s*)?${sign}?\\s*[:=]?\\s*(\\d{1,15})(?:(?:\\s*[:;|]|,|\\.(?=\\s)|\\s+[-–])?\\s+(.+)|\\s*[:,;.|]?)$`,
  "iu",
);
const numberLast = new RegExp(
  `^(.*\\S)\\s*[([]\\s*(?:(${kinds})\\s*)?${sign}?\\s*[:=]?\\s*(\\d{1,15})\\s*[)\\]]$`,
  "iu",
);

/** Undefined where no number of ours stands first, nor last in brackets: 207, #207, course 207, 101 Avery Learner (avery@…). */
export function printed(text: string): Printed | undefined {
  const whole = unwrapped(text);
  const first = numberFirst.exec(whole);
  if (first) return printedOf(first[2], first[1], first[3]);
  const last = numberLast.exec(whole);
  return last ? printedOf(last[3], last[2], last[1]) : undefined;
}

function printedOf(digits = "", kind: string | undefined, words = ""): Printed | undefined {
  const number = Number(digits);
  if (number === 0) return undefined;
  return { number, ...(kind !== undefined && { kind: kind.toLowerCase() }), words: words.trim() };
}
