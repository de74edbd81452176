import type { SearchEntry } from "./entries.ts";
import { isAround, slips, slipsIn } from "./words.ts";

/** How well a record answers what was typed: 0 is its whole name, more is worse; and why, in a few words. */
export interface MatchScore {
  readonly cost: number;
  readonly why: string;
  /**
   * `sure`: nothing was typed wrong, as far as one can tell; `weak`: one short word with a typo is all that
   * speaks for it; `partly`: not all that was typed is in it.
   */
  readonly is: "sure" | "likely" | "weak" | "partly";
}

export const isWeak = ({ is }: Pick<MatchScore, "is">): boolean => is === "weak" || is === "partly";

/** Two that differ by less are as good as each other to whoever typed. */
export const hardlyWorse = 0.1;

/** Each in whole words of a name: an initial or a slip costs about as much as a word that is not there. */
const costs = { initial: 1, slip: 0.5, perSlip: 0.5, begins: 0.4, perMissing: 0.1, mostMissing: 6 } as const;
const elsewhere = 0.2;
const unsaid = 0.15;
const otherOrder = 0.05;
const notThere = 4;
/** A lone word shorter than this, with a typo, could be anybody's. */
const tellingAlone = 6;
/** So many letters of a name, typed right, are worth a look whatever stands around them. */
const wholeName = 6;

type How = "whole" | "initial" | "begins" | "slip";
interface Pair {
  readonly how: How;
  readonly cost: number;
  readonly slipped?: number;
}

function pairOf(typed: string, word: string, more = 0): Pair | undefined {
  if (typed === word) return { how: "whole", cost: 0 };
  if (word.startsWith(typed)) {
    if (typed.length === 1) return { how: "initial", cost: costs.initial };
    const missing = Math.min(word.length - typed.length, costs.mostMissing);
    return { how: "begins", cost: costs.begins + costs.perMissing * missing };
  }
  if (word.length === 1 && typed.startsWith(word)) return { how: "initial", cost: costs.initial };
  const own = slipsIn(typed);
  const most = own === 0 || typed.length < 5 ? own : own + more;
  const n = most === 0 ? 1 : slips(typed, word, most);
  return n <= most ? { how: "slip", cost: costs.slip + costs.perSlip * n, slipped: n } : undefined;
}

/** Beside a word that is right, one may be further off: kieji costa is Kenji Costa sooner than any other. */
const farther = (typed: string, word: string) => pairOf(typed, word, 1);
const closely = (typed: string, word: string) => pairOf(typed, word);

const wholly = (typed: string, word: string): Pair | undefined =>
  typed === word ? { how: "whole", cost: 0 } : undefined;

interface Match extends Pair {
  readonly typed: string;
  readonly word: string;
  /** In the name; -1 where it stands elsewhere. */
  readonly at: number;
}

/** Each typed word with the word it meant, every word of the record once. */
function matched(
  typed: string,
  { name, also }: SearchEntry,
  {
    used,
    pairOf,
  }: { readonly used: Set<string>; readonly pairOf: (typed: string, word: string) => Pair | undefined },
): Match | undefined {
  let best: Match | undefined;
  const take = (word: string, at: number, more: number) => {
    if (used.has(`${at} ${word}`)) return;
    const pair = pairOf(typed, word);
    if (pair === undefined || pair.cost + more >= (best?.cost ?? Number.POSITIVE_INFINITY)) return;
    best = { ...pair, cost: pair.cost + more, typed, word, at };
  };
  name.forEach((word, at) => {
    take(word, at, 0);
  });
  for (const word of also) take(word, -1, elsewhere);
  const found = best as Match | undefined;
  if (found) used.add(`${found.at} ${found.word}`);
  return found;
}

/** Undefined where a word that counts is not in it, unless some are enough. */
export function matchScore(
  words: readonly string[],
  entry: SearchEntry,
  enough: "all" | "some" = "all",
): MatchScore | undefined {
  const used = new Set<string>();
  const matches: Match[] = [];
  const without: string[] = [];
  const near = enough === "all" ? closely : farther;
  for (const typed of words) {
    const optional = isAround(typed, entry.kind);
    const one = matched(typed, entry, { used, pairOf: optional ? wholly : near });
    if (one) matches.push(one);
    else if (!optional) without.push(typed);
  }
  if (matches.length === 0) return undefined;
  const isOff = matches.some(({ how, slipped = 0, typed }) => how === "slip" && slipped > slipsIn(typed));
  if ((without.length > 0 || isOff) && (enough === "all" || !isEnough(words, matches, entry)))
    return undefined;
  const inName = matches.filter(({ at }) => at >= 0);
  const seen = new Set(inName.map(({ at }) => at));
  const counts = (word: string) => entry.kind === "person" || !isAround(word, entry.kind);
  const left = entry.name.filter((word, at) => !seen.has(at) && counts(word)).length;
  const ordered = inName.every(({ at }, n) => n === 0 || at > (inName[n - 1]?.at ?? 0));
  const cost =
    matches.reduce((sum, one) => sum + one.cost, 0) +
    without.length * notThere +
    left * unsaid +
    (ordered ? 0 : otherOrder);
  const sure = matches.every(
    ({ how, typed, word }) =>
      how === "whole" || (how !== "slip" && (typed.length === 1 || word.length - typed.length === 1)),
  );
  const [alone, ...others] = matches;
  const lone = others.length === 0 && alone?.how === "slip" && alone.typed.length < tellingAlone;
  const is = without.length > 0 || isOff ? "partly" : sure ? "sure" : lone ? "weak" : "likely";
  return { cost, why: whyOf(matches, without, left), is };
}

/** Half of what counts is there as it was typed, or a whole name is: less could be anything. */
function isEnough(words: readonly string[], matches: readonly Match[], { kind, name }: SearchEntry): boolean {
  const counting = words.filter((word) => !isAround(word, kind)).length;
  const right = matches.filter(
    ({ how, typed, slipped = 0 }) =>
      !isAround(typed, kind) &&
      (how === "whole" || (typed.length > 2 && how === "begins") || (typed.length > 4 && slipped === 1)),
  );
  if (right.length > 0 && right.length * 2 >= counting) return true;
  const whole = matches.filter(({ how, at }) => how === "whole" && at >= 0);
  const letters = whole.reduce((sum, { word }) => sum + word.length, 0);
  return whole.length === name.length && letters >= wholeName;
}

function whyOf(matches: readonly Match[], without: readonly string[], left: number): string {
  const inWords = (how: How, words: string) =>
    matches.filter((one) => one.how === how).map(({ typed, word }) => `${words} ${typed} → ${word}`);
  const said = [
    ...inWords("initial", "initial"),
    ...inWords("begins", "begins"),
    ...inWords("slip", "typo"),
    ...(without.length > 0 ? [`without ${without.join(" ")}`] : []),
  ];
  if (said.length > 0) return said.join(", ");
  if (matches.some(({ at }) => at < 0)) {
    return `has ${matches.map(({ word }) => word).join(" ")}`;
  }
  return left === 0 ? "whole name" : "in the name";
}
