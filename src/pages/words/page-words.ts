import type { en } from "./en.ts";

type Sentences<T> = { readonly [K in keyof T]: T[K] extends string ? string : Sentences<T[K]> };

/** The same in every language; the compiler counts them. */
export type PageWords = Sentences<typeof en>;
