import { LeftOutByPolicy, NotAList, OutsidePolicy, type Row, Unread } from "../../../academy/reads.ts";
import { Failure } from "../../../skyprep/response.ts";
import type { JobWorld } from "../../job.ts";
import { shown } from "./columns.ts";
import { type Listed, searchedLists } from "./entries.ts";
import { hardlyWorse, isWeak } from "./match-score.ts";
import { type Hit, searchIndexOf } from "./search-index.ts";
import { type RecordKind, type SearchKind, wordsOf } from "./words.ts";

/** What came of looking through some lists. */
export interface SearchResult {
  /** Best first; what fits much worse than the best is left out. */
  readonly hits: readonly Hit[];
  /** How many of the first are as good as each other. */
  readonly equally: number;
  /** Records looked through, by kind. */
  readonly among: ReadonlyMap<SearchKind, number>;
  readonly unread: readonly SearchKind[];
  /** A policy leaves their lists out. */
  readonly leftOut: readonly SearchKind[];
  /** Why none of them could be had. */
  readonly failure?: unknown;
}

/** Whoever fits so much worse than the best is not who was meant. */
const muchWorse = 0.9;

/** Looks for a text in the lists of these kinds. Rejects where none of them can be had. */
export async function search(...asked: Parameters<typeof searchAny>): Promise<SearchResult> {
  const looked = await searchAny(...asked);
  if (looked.failure !== undefined) throw looked.failure;
  return looked;
}

/** The same, but where none of them can be had it says why: other kinds may be. */
export async function searchAny(
  kinds: readonly SearchKind[],
  text: string,
  { list }: Pick<JobWorld, "list">,
  signal: AbortSignal,
): Promise<SearchResult> {
  const words = wordsOf(text);
  const id = /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
  const among = new Map<SearchKind, number>();
  const failures: { readonly kind: SearchKind; readonly error: unknown }[] = [];
  const found = new Map<string, Hit>();
  const one = async (kind: SearchKind, route: string, read: (row: Row) => readonly Listed[]) => {
    try {
      const index = await searchIndexOf(await list(route, signal), read);
      const numbered = id === undefined ? [] : index.entries.filter((entry) => entry.id === id);
      for (const hit of [
        ...numbered.map((entry) => ({ entry, cost: -1, why: "number", is: "sure" as const })),
        ...index.search(text, words),
      ]) {
        const key = `${hit.entry.kind} ${hit.entry.id}`;
        const before = found.get(key);
        if (before === undefined || hit.cost < before.cost) found.set(key, hit);
      }
      among.set(kind, Math.max(among.get(kind) ?? 0, index.size));
    } catch (error) {
      if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
      failures.push({ kind, error });
    }
  };
  await Promise.all(
    kinds.flatMap((kind) =>
      Object.entries(searchedLists[kind]).map(([route, read]) => one(kind, route, read)),
    ),
  );
  const failedBy = (isPolicys: boolean) => [
    ...new Set(failures.filter(({ error }) => isOfPolicy(error) === isPolicys).map(({ kind }) => kind)),
  ];
  return {
    ...ranked([...found.values()]),
    among,
    unread: failedBy(false),
    leftOut: failedBy(true),
    ...(among.size === 0 && failures[0] && { failure: failures[0].error }),
  };
}

export const isOfPolicy = (error: unknown): boolean =>
  error instanceof OutsidePolicy || error instanceof LeftOutByPolicy;

/** Both together; one of them is enough. */
export const mergedResults = (one: SearchResult, other: SearchResult): SearchResult => ({
  ...ranked([...one.hits, ...other.hits]),
  among: new Map([...one.among, ...other.among]),
  unread: [...one.unread, ...other.unread],
  leftOut: [...one.leftOut, ...other.leftOut],
  ...(one.failure !== undefined && other.failure !== undefined && { failure: one.failure }),
});

/** Something fits well: what was typed is in it, and a single typo is not all that speaks for it. */
export const isFound = ({ hits: [best] }: SearchResult): boolean => best !== undefined && !isWeak(best);

const order: readonly RecordKind[] = ["person", "course", "group", "path", "training", "session"];

function ranked(all: readonly Hit[]): Pick<SearchResult, "hits" | "equally"> {
  const best = all.reduce((least, { cost }) => Math.min(least, cost), Number.POSITIVE_INFINITY);
  const hits = all
    .filter(({ cost }) => cost < best + muchWorse)
    .sort(
      (a, b) =>
        a.cost - b.cost ||
        order.indexOf(a.entry.kind) - order.indexOf(b.entry.kind) ||
        a.entry.id - b.entry.id,
    );
  return { hits, equally: hits.filter(({ cost }) => cost < best + hardlyWorse).length };
}

const fewPartly = 4;

/** Whom else a text may mean that names nobody exactly: their numbers and names, best first. */
export async function nearest(
  kind: Exclude<SearchKind, "session">,
  text: string,
  world: Pick<JobWorld, "list">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const looked = await search([kind], text, world, signal);
  // What has only some of the words is worth a look where it is little.
  const whole = looked.hits[0]?.is !== "partly";
  const offered = whole || looked.hits.length <= fewPartly ? looked.hits : [];
  return offered.map((hit) => {
    const { id, name, login, code } = shown(hit);
    const known = login ?? code;
    return [id, name, known !== undefined && `(${known})`].filter(Boolean).join(" ");
  });
}

/** Two editions of a course, of which one has a word more in its name, are no further apart. */
const muchNearer = 0.25;

/** The one that a text is nearest to by far, where all that was typed is in it; a number is near to nothing. */
export async function onlyNear(
  kind: Exclude<SearchKind, "session">,
  text: string,
  world: Pick<JobWorld, "list">,
  signal: AbortSignal,
): Promise<{ readonly id: number; readonly label: string; readonly login?: string } | undefined> {
  if (/^\W*\d+\W*$/.test(text)) return undefined;
  const looked = await search([kind], text, world, signal);
  const [best, next] = looked.hits;
  if (best === undefined || !isFound(looked)) return undefined;
  if (next !== undefined && next.cost < best.cost + muchNearer) return undefined;
  const { id, name, login } = shown(best);
  return { id: Number(id), label: String(name), ...(login !== undefined && { login: String(login) }) };
}
