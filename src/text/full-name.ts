import { tidied } from "./typed.ts";

/** A name in its two parts. */
export interface FullName {
  readonly first: string;
  readonly last: string;
}

/** Words that a family name begins with. */
const particles = new Set(
  "de da do dos das del della di du van von vander den der ter ten la le el al bin ibn bint abu mac mc st st. zu zur af av".split(
    " ",
  ),
);
/** Family names that are written first where they are at home, and last elsewhere: which, a text does not say. */
const eitherWay = new Set(
  `li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang
  kim lee park choi jung jeong kang cho yoon jang lim han shin seo kwon nguyen tran le pham hoang phan vu vo dang bui do
  ho ngo duong ly sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada nagy kovacs
  toth szabo horvath varga`.split(/\s+/),
);
const eastAsian = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々\s]+$/u;

/** Undefined where it is in doubt which part is which: then it is asked, and nothing is made of it. */
export function fullName(text: string): FullName | undefined {
  const whole = tidied(text);
  const [beforeComma = "", afterComma, ...more] = whole.split(/\s*[,，、]\s*/);
  if (afterComma !== undefined)
    return more.length === 0 && beforeComma !== "" && afterComma !== ""
      ? { first: afterComma, last: beforeComma }
      : undefined;
  const words = whole.split(" ");
  const [head = "", ...rest] = words;
  if (rest.length === 0) return undefined;
  if (eastAsian.test(whole)) return rest.length === 1 ? { first: rest[0] ?? "", last: head } : undefined;
  const shouted = words.filter(
    (word) =>
      word.length > 1 && /\p{L}/u.test(word) && word === word.toUpperCase() && word !== word.toLowerCase(),
  );
  if (shouted.length > 0 && shouted.length < words.length)
    return parted(words, (word) => shouted.includes(word));
  const particle = words.findIndex((word, at) => at > 0 && particles.has(word.toLowerCase()));
  if (particle > 0 && particle < words.length - 1)
    return particle === 1 || words.length - particle > 1
      ? { first: words.slice(0, particle).join(" "), last: words.slice(particle).join(" ") }
      : undefined;
  if (words.length > 2 || words.some((word) => eitherWay.has(plainly(word)))) return undefined;
  return { first: head, last: rest.join(" ") };
}

const plainly = (word: string): string =>
  word
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();

/** LEARNER Avery, Avery LEARNER: the family name stands in capitals, all of it together. */
function parted(words: readonly string[], isFamily: (word: string) => boolean): FullName | undefined {
  const family = words.filter(isFamily);
  const given = words.filter((word) => !isFamily(word));
  const together = words.join(" ").includes(family.join(" ")) && words.join(" ").includes(given.join(" "));
  return together ? { first: given.join(" "), last: family.join(" ") } : undefined;
}
