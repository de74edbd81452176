import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";
import { it } from "./it.ts";
import { nl } from "./nl.ts";
import type { PageWords } from "./page-words.ts";
import { pt } from "./pt.ts";

/** Our words in a language, by its code. Arabic and Hebrew are read from right to left. */
export const wordsIn: Readonly<Record<string, PageWords>> = { en, de, fr, es, it, pt, nl, ar, he };
