import fc from "fast-check";
import { expect, it } from "vitest";
import { type Cursor, goOn, pageRows } from "../../../src/jobs/shared/training/change-pagination.ts";
import type { TrainingRecord } from "../../../src/jobs/shared/training/record.ts";
import { often } from "../../support/long.ts";

interface Row {
  readonly id: number;
  /** Second of the last change. */
  at: number;
}

const record = ({ id, at }: Row): TrainingRecord => ({
  id,
  person: 1,
  course: 1,
  status: "passed",
  updated: at * 128 + 64,
});

/** Reads to the end while rows change and go; `between` is told of every page. */
function walk(
  rows: Row[],
  between: (page: number) => void,
  honours = { order: true, bound: true, page: true },
) {
  const upTo = 10_000;
  const leg = { after: 0, upTo };
  const seen = new Set<number>();
  let at: Cursor | null = { before: upTo, page: 1 };
  let pages = 0;
  while (at !== null) {
    if (++pages > 2_000) throw new Error("it never ends");
    const { before, page, size = pageRows }: Cursor = at;
    const sorted = honours.order ? rows.toSorted((a, b) => b.at - a.at || b.id - a.id) : rows;
    const window = honours.bound ? sorted.filter((row) => row.at < before) : sorted;
    const from = honours.page ? size * (page - 1) : 0;
    const came = window.slice(from, from + size);
    for (const { id } of came) seen.add(id);
    at = goOn(came.map(record), came.length, leg, at);
    between(pages);
  }
  return { seen, pages };
}

/** Bursts of records that share their second. */
const academies = fc.array(fc.nat(300), { minLength: 1, maxLength: 12 }).map((bursts) => {
  let id = 0;
  return bursts.flatMap((many, second) =>
    Array.from({ length: many }, (): Row => ({ id: ++id, at: 1_000 + second })),
  );
});

const changes = fc.record({ which: fc.nat(400), many: fc.nat(20), deleted: fc.boolean() });

it("sees every record that stays as it is, whatever changes or is deleted between pages, and ends", () => {
  fc.assert(
    fc.property(academies, fc.array(changes, { minLength: 60, maxLength: 60 }), (academy, events) => {
      const rows = academy.map((row) => ({ ...row }));
      const gone = new Set<number>();
      const { seen } = walk(rows, (page) => {
        if (page % 3 !== 0) return;
        const { which, many, deleted } = events[page % events.length] ?? {
          which: 0,
          many: 0,
          deleted: false,
        };
        const newest = rows.toSorted((a, b) => b.at - a.at || b.id - a.id).filter(({ at }) => at < 10_000);
        // Neighbours, as whole groups are enrolled and changed together.
        for (const row of newest.slice(which % Math.max(1, newest.length)).slice(0, many)) {
          gone.add(row.id);
          // A change leaves the window: it is later than its upper bound.
          if (deleted) rows.splice(rows.indexOf(row), 1);
          else row.at = 20_000;
        }
      });

      for (const { id } of rows) if (!gone.has(id)) expect(seen.has(id), `record ${id}`).toBe(true);
    }),
    { numRuns: often({ long: 150, short: 50 }) },
  );
});

it("costs few pages more than there have to be, though hundreds share their second", () => {
  const rows = Array.from(
    { length: 20_000 },
    (_, n): Row => ({ id: n + 1, at: 1_000 + Math.floor(n / 250) }),
  );

  const { seen, pages } = walk(rows, () => {});

  expect(seen.size).toBe(rows.length);
  expect(pages).toBeLessThanOrEqual(rows.length / pageRows + 40);
});

it("reads thousands that were changed in one second", () => {
  const rows = Array.from({ length: 4_500 }, (_, n): Row => ({ id: n + 1, at: n < 4_000 ? 1_000 : 900 }));

  const { seen, pages } = walk(rows, () => {});

  expect(seen.size).toBe(rows.length);
  expect(pages).toBeLessThan(90);
});

it.each([
  ["the order", { order: false, bound: true, page: true }],
  ["order and window", { order: false, bound: false, page: true }],
])("reads everything where SkyPrep does not keep %s", (_, honours) => {
  const rows = Array.from({ length: 1_234 }, (_, n): Row => ({ id: n + 1, at: 1_000 + ((n * 37) % 600) }));

  expect(walk(rows, () => {}, honours).seen.size).toBe(rows.length);
});

it("reads everything where SkyPrep does not page, and ends", () => {
  const rows = Array.from({ length: 1_234 }, (_, n): Row => ({ id: n + 1, at: 1_000 + n }));

  expect(walk(rows, () => {}, { order: true, bound: true, page: false }).seen.size).toBe(rows.length);
  expect(walk(rows, () => {}, { order: false, bound: false, page: false }).pages).toBeLessThan(5);
  const alike = rows.map(({ id }): Row => ({ id, at: 1_000 }));
  expect(walk(alike, () => {}, { order: true, bound: true, page: false }).pages).toBeLessThan(200);
});
