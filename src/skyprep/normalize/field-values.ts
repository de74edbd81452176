/** How an academy writes its numbers, besides their digits. */
export interface IdSpelling {
  /** Digits, with zeros before them where the number has fewer; 1: none. */
  readonly width: number;
  /** `.0`, or nothing. */
  readonly after: string;
}

/** Undefined: it is no number that is written as one. `1,956`, `101.0`, `00000101` and `1.01e2` are numbers. */
export function idOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const written = /^([1-9]\d{0,2}(?:,\d{3}){1,4}|\d{1,15})(?:\.0{1,3})?$/.exec(text);
  const number = written ? Number(written[1]?.replaceAll(",", "")) : ofPower(text);
  return number === undefined || number === 0 ? undefined : number;
}

/** `1.01e2`. Where its last digits are not told, `1.96e+03` may be rounded, and somebody else's. */
function ofPower(text: string): number | undefined {
  const [, whole = "", part = "", plus, power] = /^(\d*)(?:\.(\d*))?e(\+?)(\d{1,2})$/i.exec(text) ?? [];
  const digits = `${whole}${part}`;
  const untold = Number(power) - part.length;
  if (power === undefined || digits === "" || untold < 0 || (untold > 0 && plus === "+")) return undefined;
  return digits.length + untold > 15 ? undefined : Number(digits) * 10 ** untold;
}

/** Undefined: by digits alone, or in a way that nothing is sent in. */
export function idSpellingOf(text: string): IdSpelling | undefined {
  const [, digits = "", after = ""] = /^(\d{1,15})(\.0{1,3})?$/.exec(text.trim()) ?? [];
  const isOwn = digits.startsWith("0") || after !== "";
  return digits !== "" && isOwn ? { width: digits.startsWith("0") ? digits.length : 1, after } : undefined;
}

export const idSpelledAs = (digits: string, { width, after }: IdSpelling): string =>
  `${digits.padStart(width, "0")}${after}`;

const on = new Set(["true", "1", "yes", "y", "t", "on"]);
const off = new Set(["false", "0", "no", "n", "f", "off"]);

export function flagOf(value: unknown): boolean | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const word = String(value).trim().toLowerCase();
  if (on.has(word)) return true;
  return off.has(word) ? false : undefined;
}

/** The words that a field may hold, and what else means one of them. */
export interface Vocabulary {
  readonly words: ReadonlySet<string>;
  /** What stands between the parts of a word. */
  readonly joint: "-" | "_";
  /** Without blanks and marks → the word. */
  readonly means?: Readonly<Record<string, string>>;
}

/** SCORM's words and reports' own for the page's statuses (skyprep-api §3.4); what may mean two of them is not here. */
export const training: Vocabulary = {
  words: new Set(["not-started", "in-progress", "passed", "failed", "not-applicable", "archived"]),
  joint: "-",
  means: {
    notstarted: "not-started",
    notattempted: "not-started",
    inprogress: "in-progress",
    incomplete: "in-progress",
    started: "in-progress",
    complete: "passed",
    completed: "passed",
    pass: "passed",
    fail: "failed",
    na: "not-applicable",
    notapplicable: "not-applicable",
    archive: "archived",
  },
};
export const attendance: Vocabulary = { words: new Set(["pending", "attended"]), joint: "-" };
export const login: Vocabulary = { words: new Set(["active", "inactive", "disabled"]), joint: "-" };
export const role: Vocabulary = {
  words: new Set(["admin", "content_manager", "manager", "learner", "power_user"]),
  joint: "_",
};

/** Undefined: it means none of these words for sure. */
export function wordOf(value: string, { words, joint, means = {} }: Vocabulary): string | undefined {
  const parts = value.trim().toLowerCase();
  const folded = parts.replace(/[\s_-]+/g, joint);
  if (words.has(folded)) return folded;
  const bare = parts.replace(/[^a-z]/g, "");
  return Object.hasOwn(means, bare) ? means[bare] : undefined;
}

export type Spelling = "capitalised" | "words" | "underscores" | "synonyms";

export function spellingOf(value: string, word: string): Spelling {
  const lower = value.toLowerCase();
  if (lower === word) return "capitalised";
  if (lower.replace(/\s+/g, "-") === word) return "words";
  return lower.replace(/_/g, "-") === word ? "underscores" : "synonyms";
}
