import { searched } from "../../src/call/read/pages.ts";
import { searchedLists } from "../../src/jobs/shared/search/entries.ts";
import { search } from "../../src/jobs/shared/search/search.ts";
import { searchIndexOf } from "../../src/jobs/shared/search/search-index.ts";
import { type Name, staff } from "../jobs/find/names.ts";
import { queries } from "../jobs/find/queries.ts";
import { seeded } from "../support/seed.ts";
import { median } from "./figures.ts";

const shown = ["display_name", "first_name", "last_name", "email", "username", "user_identifier"] as const;

export interface FindCosts {
  people: number;
  queries: number;
  /** Milliseconds, medians over the queries. */
  find: number;
  /** `includes` over the fields a person is known by, lower case. */
  scan: number;
  /** What `search` of a list tool does: each word, without accents, in those fields. */
  words: number;
  /** Of those queries, how many each finds anybody for. */
  found: { find: number; scan: number; words: number };
  buildMs: number;
  /** MiB that stay; undefined where node was not started with --expose-gc. */
  kept: number | undefined;
}

/** Looking people up in a kept list, beside a linear scan over the same list, in turns. */
export async function findCosts(people = 20_000, each = 25): Promise<FindCosts> {
  const random = seeded("find bench");
  const rows = staff(people, random);
  const names = rows.map(({ first_name, last_name }) => ({ first: first_name, last: last_name }) as Name);
  const { gc } = globalThis as { gc?: () => void };
  const heap = () => {
    gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  // Warm: what is measured is a server that runs, not one that compiles.
  await searchIndexOf(staff(2_000, random), searchedLists.person.get_users);
  const before = heap();
  const begun = performance.now();
  await searchIndexOf(rows, searchedLists.person.get_users);
  const buildMs = performance.now() - begun;
  const kept = gc && heap() - before;

  const world = { list: async () => rows };
  const { signal } = new AbortController();
  const scan = (text: string) => {
    const wanted = text.toLowerCase();
    return rows.filter((row) => shown.some((name) => String(row[name]).toLowerCase().includes(wanted)));
  };
  const times = { find: [] as number[], scan: [] as number[], words: [] as number[] };
  const found = { find: 0, scan: 0, words: 0 };
  const asked = queries(names, each, random).map(({ text }) => text);
  for (const round of [0, 1]) {
    for (const text of asked) {
      const ways = {
        find: async () => (await search(["person"], text, world, signal)).hits.length,
        scan: async () => scan(text).length,
        words: async () => searched(rows, text).length,
      };
      for (const [way, run] of Object.entries(ways) as [keyof typeof ways, () => Promise<number>][]) {
        const start = performance.now();
        const n = await run();
        if (round === 0) continue;
        times[way].push(performance.now() - start);
        if (n > 0) found[way] += 1;
      }
    }
  }
  return {
    people,
    queries: asked.length,
    find: median(times.find),
    scan: median(times.scan),
    words: median(times.words),
    found,
    buildMs,
    kept,
  };
}
