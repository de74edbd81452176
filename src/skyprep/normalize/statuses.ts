import type { Api } from "../api.ts";
import { spellingOf, training, wordOf } from "./field-values.ts";
import type { Learnt } from "./learnt.ts";

/** What its page spells one way and the academy may spell another (statuses-as-on-the-page). */
export const withStatuses = "get_course_progresses";

/** How the academy spells the statuses of training records, as far as rows have shown it. */
export interface StatusSpelling {
  /** Takes rows as they came. */
  see(rows: readonly unknown[]): void;
  /** As a filter is to carry it. */
  outgoing(asOnThePage: string): string;
  /** Whether rows have shown how this one is spelt. */
  isKnown(asOnThePage: string): boolean;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const styles: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.replaceAll("-", "_"),
  capital,
  (word) => word.split("-").map(capital).join(" "),
  (word) => word.replaceAll("-", " "),
  (word) => word.toUpperCase().replaceAll("-", "_"),
];

export function createStatusSpelling(learnt: Learnt): StatusSpelling {
  /** The one way that all seen so far agree with; a word without a joint agrees with several. */
  function style(): ((word: string) => string) | undefined {
    const seen = [...training.words].flatMap((word) => {
      const as = learnt.status(word);
      return as === undefined || spellingOf(as, word) === "synonyms" ? [] : [[word, as] as const];
    });
    const agreeing = styles.filter((one) => seen.every(([word, as]) => one(word) === as));
    return seen.some(([word]) => word.includes("-")) ? agreeing[0] : undefined;
  }

  return {
    see(rows) {
      for (const row of rows) {
        const { status } = (row ?? {}) as { status?: unknown };
        if (typeof status !== "string") continue;
        const word = wordOf(status, training);
        if (word !== undefined) learnt.spelt(word, status.trim());
      }
    },
    outgoing: (word) => learnt.status(word) ?? style()?.(word) ?? word,
    isKnown: (word) => learnt.status(word) !== undefined || style() !== undefined,
  };
}

/** Beneath everything that changes a spelling. */
export const seeingStatuses =
  (api: Api, spelling: Pick<StatusSpelling, "see">): Api =>
  async (route, form, signal, context) => {
    const reading = await api(route, form, signal, context);
    const value = route === withStatuses && reading.is === "json" ? reading.value : undefined;
    if (Array.isArray(value)) spelling.see(value);
    // Under a key.
    else if (typeof value === "object" && value !== null) spelling.see(Object.values(value).flat());
    return reading;
  };
