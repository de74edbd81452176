import MiniSearch from "minisearch";
import { isObject, type Row } from "../../../academy/reads.ts";
import { loginIndexKey } from "../people-index.ts";
import type { Listed, SearchEntry } from "./entries.ts";
import { type MatchScore, matchScore } from "./match-score.ts";
import { beforeAt, isAround, sayingMost, slips, slipsIn, squashed, swaps } from "./words.ts";

export interface Hit extends MatchScore {
  readonly entry: SearchEntry;
}

/** One list, ready to be searched. */
export interface SearchIndex {
  /** Records of the list. */
  readonly size: number;
  readonly entries: readonly SearchEntry[];
  /** Those that may be meant, in no order. */
  search(text: string, words: readonly string[]): Hit[];
}

type Reading = (row: Row) => readonly Listed[];

/** Between so many records, whoever else waits has a turn. */
const atOnce = 1_000;
const made = new WeakMap<readonly unknown[], Promise<SearchIndex>>();

/** Made when it is first asked for, once for each list as it was kept, and gone with it. */
export function searchIndexOf(rows: readonly unknown[], read: Reading): Promise<SearchIndex> {
  const before = made.get(rows);
  if (before) return before;
  const index = build(rows, read);
  made.set(rows, index);
  index.catch(() => made.delete(rows));
  return index;
}

async function build(rows: readonly unknown[], read: Reading): Promise<SearchIndex> {
  const entries: SearchEntry[] = [];
  const known = { codes: new Map() as Keys, logins: new Map() as Keys, locals: new Map() as Keys };
  const index = createIndex();
  const once = createPool();
  for (const [n, row] of rows.entries()) {
    if (n > 0 && n % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const { entry, ...own } of isObject(row) ? read(row) : []) {
      const at = entries.push({ ...entry, name: entry.name.map(once), also: entry.also.map(once) }) - 1;
      index.add({ at, text: [...new Set([...entry.name, ...entry.also])].join(" ") });
      for (const code of new Set(own.codes)) put(known.codes, code, at);
      for (const login of new Set(own.logins)) {
        put(known.logins, login, at);
        if (login.includes("@")) put(known.locals, beforeAt(login), at);
      }
    }
  }
  return { size: rows.length, entries, search: searchOf(entries, known, index) };
}

type Keys = Map<string, number | readonly number[]>;
interface ExactKeys {
  readonly codes: Keys;
  readonly logins: Keys;
  /** Logins up to the @, which several may share. */
  readonly locals: Keys;
}

function put(keys: Keys, key: string, at: number): void {
  const others = keys.get(key);
  keys.set(key, others === undefined ? at : [others, at].flat());
}

/** Names repeat: each word is kept once. */
function createPool(): (word: string) => string {
  const pool = new Map<string, string>();
  return (word) => {
    const found = pool.get(word);
    if (found === undefined) pool.set(word, word);
    return found ?? word;
  };
}

const createIndex = () =>
  new MiniSearch<{ readonly at: number; readonly text: string }>({
    idField: "at",
    fields: ["text"],
    tokenize: (text) => text.split(" "),
    processTerm: (term) => term || null,
    autoVacuum: false,
  });

/** From what is surely meant to what may be; the next is tried only where the last found nothing. */
function searchOf(
  entries: readonly SearchEntry[],
  { codes, logins, locals }: ExactKeys,
  index: ReturnType<typeof createIndex>,
): SearchIndex["search"] {
  const hits = (found: Iterable<number>, fit: (entry: SearchEntry) => MatchScore | undefined): Hit[] => {
    const all: Hit[] = [];
    for (const at of new Set(found)) {
      const entry = entries[at];
      const fits = entry && fit(entry);
      if (fits) all.push({ ...fits, entry });
    }
    return all;
  };
  const indexed = (words: readonly string[], combineWith: "AND" | "OR", slipped: boolean) =>
    index
      .search({ combineWith, queries: words.map((word) => queryOf(word, slipped)) })
      .map(({ id }) => id as number);
  const keyed = (test: (key: string) => boolean) =>
    [...logins, ...codes].filter(([key]) => test(key)).flatMap(([, at]) => at);
  const holding = (words: readonly string[]) =>
    [...entries.entries()].filter(([, one]) => words.every((word) => holds(one, word))).map(([at]) => at);

  const kind = entries[0]?.kind ?? "person";

  return (text, words) => {
    const key = loginIndexKey(text);
    const exactly = [...[logins.get(key) ?? []].flat(), ...[codes.get(squashed(text)) ?? []].flat()];
    if (exactly.length > 0) return hits(exactly, () => ({ cost: -1, why: "login or code", is: "sure" }));
    const counting = words.filter((word) => !isAround(word, kind));
    const wanted = counting.length > 0 ? counting : sayingMost(words);
    if (wanted.length === 0) return [];
    // An initial would bring in thousands whom the other words leave out again.
    const telling = wanted.filter(({ length }) => length > 1);
    const looked = telling.length > 0 ? telling : wanted;
    const plain = [
      ...hits(indexed(looked, "AND", false), (entry) => matchScore(words, entry)),
      ...hits([locals.get(key) ?? []].flat(), () => loginToAt),
    ];
    // Words that are put around names are themselves meant only where a record has them.
    if (counting.length === 0 || plain.some(({ is }) => is === "sure")) return plain;
    const slipped = hits(indexed(looked, "AND", true), (entry) => matchScore(words, entry));
    if (slipped.length > 0) return slipped;
    const within = [
      ...hits(holding(wanted), () => ({ cost: 1.8, why: "within a word", is: "likely" })),
      ...(key.length > 2
        ? hits(
            keyed((one) => one.includes(key)),
            () => partOfKey,
          )
        : []),
    ];
    if (within.length > 0) return within;
    if (wanted.length > 1 && !text.includes("@")) {
      return hits(indexed(looked, "OR", true), (entry) => matchScore(words, entry, "some"));
    }
    return hits(
      keyed((one) => slips(key, one, slipsIn(key)) <= slipsIn(key)),
      () => slipInKey,
    );
  };
}

const loginToAt: MatchScore = { cost: 0.2, why: "login, up to the @", is: "sure" };
const partOfKey: MatchScore = { cost: 1.8, why: "part of the login or code", is: "likely" };
const slipInKey: MatchScore = { cost: 1.9, why: "login or code with a typo", is: "likely" };

const holds = ({ name, also }: SearchEntry, word: string): boolean =>
  name.some((one) => one.includes(word)) || also.some((one) => one.includes(word));

const queryOf = (word: string, slipped: boolean) => ({
  combineWith: "OR" as const,
  queries: [
    { queries: [word], prefix: true, fuzzy: slipped && slipsIn(word) },
    ...(slipped && slipsIn(word) === 1 ? [{ queries: swaps(word), prefix: false, fuzzy: false }] : []),
  ],
});
