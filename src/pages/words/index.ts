import { en } from "./en.ts";
import type { PageWords } from "./words.ts";

/** Our words in a language, by its code. */
export const wordsIn: Readonly<Record<string, PageWords>> = { en };
