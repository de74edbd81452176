import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { journeys } from "../journeys/all.ts";
import { isLong, often } from "../support/long.ts";
import { seeded } from "../support/seed.ts";
import { covering, inWords, singles } from "./dialects.ts";
import { open } from "./open.ts";
import { judged } from "./play.ts";
import { begin, end } from "./table.ts";

/** Those of an ordinary size; `npm run dialects` plays all of them everywhere, and writes docs/dialects.md. */
const quick = journeys.filter(({ people = 302 }) => people <= 302);
/** So many, from another place on each time. */
const handful = (size: number, nth: number) =>
  Array.from({ length: size }, (_, k) => quick[(nth * 7 + k * 13) % quick.length]).flatMap(
    (one) => one ?? [],
  );

const dealt = [
  ...singles.map((named, n) => ({ named, some: handful(often({ long: 2, short: 1 }), n) })),
  ...covering
    .filter((_, n) => n % 5 === 0)
    .map((named, n) => ({ named, some: handful(often({ long: 3, short: 2 }), n) })),
];

describe("no false claim, no write twice, nobody else's name, where", () => {
  // In the short form a third of them, another each time.
  const random = seeded("dialects");
  const played = dealt.filter(() => isLong || random() < 1 / 3);
  it.each(played.map(({ named, some }) => ({ where: inWords(named), named, some })))(
    "$where",
    async ({ named, some }) => {
      for (const journey of some) {
        if (open.some(([row, job]) => row === named.name && job === journey.job)) continue;
        const { is, why } = await judged(journey, named);
        expect(is, `${journey.job}. ${journey.asks}: ${why}`).not.toBe("false");
      }
    },
  );
});

const page = readFileSync(new URL("../../docs/dialects.md", import.meta.url), "utf8");
const [, generated = ""] = page.split(begin);
/** Cells of each line that tells of a switch or of a row: its name, right, refused, false. */
const lines = (generated.split(end)[0] ?? "").split("\n").flatMap((line) => {
  const [name, , ...counts] = line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((one) => one.trim().replaceAll("`", ""));
  return name !== undefined && counts.length === 3 ? [{ name, counts: counts.map(Number) }] : [];
});

/** Four jobs are about just that, and cannot be done: 35 of 39. */
const whatAKeyMayNotRead = "key-opens-all=";

describe("docs/dialects.md", () => {
  it("has a line for every switch and every row, with every journey in it", () => {
    const told = lines.filter(({ counts }) => counts.every(Number.isInteger));

    expect(told.map(({ name }) => name)).toEqual([...singles, ...covering].map(({ name }) => name));
    for (const { name, counts } of told)
      expect(
        counts.reduce((sum, n) => sum + n, 0),
        name,
      ).toBe(journeys.length);
  });

  it("has no false claim but those that stand open, and with one switch nine of ten journeys end right", () => {
    const own = new Set(singles.map(({ name }) => name));
    const wrong = lines.flatMap(({ name, counts: [, , n = 0] }) => (n > 0 ? [[name, n] as const] : []));
    const known = new Map<string, number>();
    for (const [row] of open) known.set(row, (known.get(row) ?? 0) + 1);

    expect(new Map(wrong)).toEqual(known);
    expect(open.filter(([row]) => own.has(row))).toEqual([]);
    expect(
      lines.filter(
        ({ name, counts: [right = 0] }) =>
          own.has(name) && !name.startsWith(whatAKeyMayNotRead) && right < 0.9 * journeys.length,
      ),
    ).toEqual([]);
  });
});
