/** Undefined: it is no number that is written as one; `00123` is somebody's code. `1,956` and `101.0` are numbers. */
export function idOf(value: unknown): number | undefined {
  const written =
    typeof value === "string"
      ? /^([1-9]\d{0,2}(?:,\d{3}){1,4}|[1-9]\d{0,14})(?:\.0{1,3})?$/.exec(value.trim())
      : null;
  return written ? Number(written[1]?.replaceAll(",", "")) : undefined;
}

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
