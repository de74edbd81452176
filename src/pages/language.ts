import type { Locale } from "./board.ts";
import { en } from "./words/en.ts";
import { wordsIn } from "./words/index.ts";
import type { PageWords } from "./words/page-words.ts";

const english = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/**
 * What is said of a language (SkyPrep's users have one: skyprep-api §2), as BCP 47: `de`, `pt_BR`, `zh-cn`, `German`,
 * `Deutsch`. Undefined where it is none.
 */
export function languageTag(said: unknown): string | undefined {
  if (typeof said !== "string") return undefined;
  const text = said.trim();
  if (/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(text)) {
    try {
      const [tag] = Intl.getCanonicalLocales(text.replaceAll("_", "-"));
      if (tag !== undefined && english.of(tag) !== undefined) return tag;
    } catch {
      // Of the right form, and no language: it may be a name.
    }
  }
  return byName().get(text.toLowerCase());
}

/** What people of many academies are set to; whoever has another writes its code. */
const named =
  "ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv th tr uk ur vi zh".split(
    " ",
  );
let names: ReadonlyMap<string, string> | undefined;
function byName(): ReadonlyMap<string, string> {
  names ??= new Map(
    named.flatMap((tag) =>
      [english, new Intl.DisplayNames([tag], { type: "language", fallback: "none" })].flatMap((known) => {
        const name = known.of(tag);
        return name === undefined ? [] : [[name.toLowerCase(), tag] as const];
      }),
    ),
  );
  return names;
}

/** The one most people have; English where none is told. */
export function academyLanguage(people: readonly unknown[]): string {
  const counts = new Map<string, number>();
  for (const row of people) {
    const said = (row as { readonly language?: unknown } | null)?.language;
    if (typeof said === "string") counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const tags = new Map<string, number>();
  for (const [said, n] of counts) {
    const tag = languageTag(said);
    if (tag !== undefined) tags.set(tag, (tags.get(tag) ?? 0) + n);
  }
  const [most] = [...tags].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most?.[0] ?? "en";
}

/**
 * How to write for it, and our words in it: in English where we have none. English inside a page from right to left,
 * with Persian days and digits, would be out of order in every sentence; such a page is English throughout.
 */
export function speaking(tag: string): { readonly locale: Locale; readonly words: PageWords } {
  const base = new Intl.Locale(tag).language;
  const words = wordsIn[base];
  const direction = directionOf(tag);
  if (words === undefined && direction === "rtl") return speaking("en");
  return {
    locale: {
      language: tag,
      words: words === undefined ? "en" : base,
      direction,
    },
    words: words ?? en,
  };
}

/** Arabic and Hebrew letters, and their neighbours', run from right to left. */
function directionOf(tag: string): Locale["direction"] {
  const locale = new Intl.Locale(tag).maximize() as Intl.Locale & {
    readonly textInfo?: { readonly direction: Locale["direction"] };
    readonly getTextInfo?: () => { readonly direction: Locale["direction"] };
  };
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? "ltr";
}
