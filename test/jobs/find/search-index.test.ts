import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { searchedLists } from "../../../src/jobs/shared/search/entries.ts";
import { search } from "../../../src/jobs/shared/search/search.ts";
import { type SearchIndex, searchIndexOf } from "../../../src/jobs/shared/search/search-index.ts";
import { findCosts } from "../../bench/find.ts";
import { settled } from "../../support/clock.ts";
import { seeded } from "../../support/seed.ts";
import { staff } from "./names.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const collected = new FinalizationRegistry<() => void>((tell) => tell());
const whenCollected = (one: object) => new Promise<void>((tell) => collected.register(one, tell));

/** Collects until this is gone: what a weak reference gave out is held to the end of a job of the event loop. */
async function collectUntil(gone: Promise<void>): Promise<void> {
  let isGone = false;
  gone.then(() => {
    isGone = true;
  });
  while (!isGone) {
    await settled();
    collect();
  }
}
const { signal } = new AbortController();

it("reads each record once as long as the same list is kept, whoever asks, also at once", async () => {
  const rows = staff(3_000, seeded("search index"));
  let reads = 0;
  const list = rows.map(
    (row) =>
      new Proxy(row, {
        get: (target, name) => {
          if (name === "user_identifier") reads += 1;
          return Reflect.get(target, name);
        },
      }),
  );
  const world = { list: async () => list };

  await Promise.all(["Smith", "John"].map((text) => search(["person"], text, world, signal)));
  const first = reads;
  for (const text of ["Garcia", "J. Smith", "Maria"]) await search(["person"], text, world, signal);

  expect(first).toBe(3_000);
  expect(reads).toBe(3_000);
});

async function indexOf(list: Record<string, unknown>[]) {
  const index: SearchIndex = await searchIndexOf(list, searchedLists.person.get_users);
  return { index: new WeakRef(index), gone: whenCollected(index) };
}

it("is gone with the list", async () => {
  let list: Record<string, unknown>[] | undefined = staff(500, seeded("search index"));
  const { index, gone } = await indexOf(list);
  // With the next thing that nobody holds it would have gone.
  await collectUntil(whenCollected({}));
  expect(index.deref()?.size).toBe(500);

  list = undefined;
  await collectUntil(gone);

  expect([list, index.deref()]).toEqual([undefined, undefined]);
});

/** How much faster it is than a linear scan is measured by `npm run bench`. */
it("finds more than a linear scan over the same list", async () => {
  const { found, queries } = await findCosts(5_000, 1);

  expect(found.find).toBe(queries);
  expect(found.scan).toBeLessThan(queries / 2);
});
