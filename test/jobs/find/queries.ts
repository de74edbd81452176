import type { Name } from "./names.ts";

/** How somebody asks for a person. */
export interface Query {
  how: string;
  text: string;
  /** The ways of saying a name that this one is of, to tell who is as near to it. */
  forms: ((name: Name) => string)[];
}

type Random = () => number;

/** Without case, accents or apostrophes: written apart from what the server does. */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;

/** One slip of the fingers: a letter left out, doubled, changed, put in, or swapped with the next. */
function slipped(word: string, random: Random): string {
  const letter = () => pick([..."abcdefghijklmnopqrstuvwxyz"], random);
  const at = Math.floor(random() * word.length);
  const [before, here, after] = [word.slice(0, at), word[at] ?? "", word.slice(at + 1)];
  const made = pick(
    [
      () => before + after,
      () => before + here + here + after,
      () => before + letter() + after,
      () => before + letter() + here + after,
      () => (at + 1 < word.length ? before + (word[at + 1] ?? "") + here + word.slice(at + 2) : before),
    ],
    random,
  )();
  return made.toLowerCase() === word.toLowerCase() ? slipped(word, random) : made;
}

/** In one word that is long enough for it to be seen as one. */
function typo(words: string, random: Random): string {
  const all = words.split(" ");
  const long = all.flatMap((word, at) => (plain(word).length > 3 ? [at] : []));
  if (long.length === 0) return words;
  const at = pick(long, random);
  return all.map((word, n) => (n === at ? slipped(word, random) : word)).join(" ");
}

const initial = (name: string) => [...plain(name)][0] ?? "";
const straight = ({ first, last }: Name) => `${first} ${last}`;
const turned = ({ first, last }: Name) => `${last} ${first}`;
const initialFirst = ({ first, last }: Name) => `${initial(first)} ${last}`;
const initialLast = ({ first, last }: Name) => `${first} ${initial(last)}`;

const ways: readonly ((name: Name, random: Random) => Query | undefined)[] = [
  (name, random) => ({
    how: "a typo in the first name",
    text: `${typo(name.first, random)} ${name.last}`,
    forms: [straight],
  }),
  (name, random) => ({
    how: "a typo in the last name",
    text: `${name.first} ${typo(name.last, random)}`,
    forms: [straight],
  }),
  (name, random) => ({
    how: "a typo in each",
    text: `${typo(name.first, random)} ${typo(name.last, random)}`,
    forms: [straight],
  }),
  (name) =>
    plain(straight(name)) === straight(name).toLowerCase()
      ? undefined
      : { how: "accents dropped", text: plain(straight(name)), forms: [straight] },
  (name) => ({
    how: "initial first (J. Smith)",
    text: `${initial(name.first).toUpperCase()}. ${name.last}`,
    forms: [initialFirst],
  }),
  (name) => ({
    how: "initial last (John S)",
    text: `${name.first} ${initial(name.last).toUpperCase()}`,
    forms: [initialLast],
  }),
  (name, random) => ({
    how: "swapped (Smith John)",
    text: random() < 0.5 ? turned(name) : `${name.last}, ${name.first}`,
    forms: [straight, turned],
  }),
  (name, random) => ({
    how: "swapped, with a typo",
    text: typo(turned(name), random),
    forms: [straight, turned],
  }),
];

/** `each` of every way, about people drawn from `names`. */
export function queries(
  names: readonly Name[],
  each: number,
  random: Random,
): (Query & { target: number })[] {
  return ways.flatMap((way) => {
    const made: (Query & { target: number })[] = [];
    while (made.length < each) {
      const target = Math.floor(random() * names.length);
      const query = way(names[target] as Name, random);
      if (query && plain(query.text) !== "") made.push({ ...query, target });
    }
    return made;
  });
}

/** Letters to add, leave out, change, or swap with the next; no nearer than `most + 1` where it takes more. */
export function distance(a: string, b: string, most: number): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        swap ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    if (Math.min(...next) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
