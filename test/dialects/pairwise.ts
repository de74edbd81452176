/** What may be switched, and to what: name → its variants. */
export type Switches = Readonly<Record<string, readonly string[]>>;
/** Some of them switched; whoever is left out is as assumed. */
export type Row = Readonly<Record<string, string>>;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pair = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** Every pair of variants of two different switches, each as `id=variant id=variant`. */
export function pairsOf(switches: Switches): Set<string> {
  const pairs = new Set<string>();
  const all = Object.entries(switches);
  for (const [at, [id, variants]] of all.entries())
    for (const [other, others] of all.slice(at + 1))
      for (const one of variants)
        for (const two of others) pairs.add(pair(`${id}=${one}`, `${other}=${two}`));
  return pairs;
}

export function pairsIn(row: Row): string[] {
  const set = Object.entries(row).map(([id, variant]) => `${id}=${variant}`);
  return set.flatMap((one, at) => set.slice(at + 1).map((two) => pair(one, two)));
}

/**
 * Rows that together hold every pair of variants, at most `most` switched in each: with all of them switched, nearly
 * everything would be refused at its first read. Greedy, and the same for the same seed.
 */
export function coveringRows(switches: Switches, { seed, most }: { seed: number; most: number }): Row[] {
  const random = seeded(seed);
  const open = pairsOf(switches);
  const ids = Object.keys(switches);
  const shuffled = <T>(list: readonly T[]): T[] =>
    list
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);

  const rows: Row[] = [];
  for (const first of shuffled([...open])) {
    if (!open.has(first)) continue;
    const row: Record<string, string> = {};
    for (const part of first.split(" ")) {
      const [id = "", variant = ""] = part.split("=");
      row[id] = variant;
    }
    while (Object.keys(row).length < Math.min(most, ids.length)) {
      let best: { id: string; variant: string; gain: number } | undefined;
      for (const id of shuffled(ids)) {
        if (row[id] !== undefined) continue;
        for (const variant of switches[id] ?? []) {
          const gain = Object.entries(row).filter(([other, value]) =>
            open.has(pair(`${id}=${variant}`, `${other}=${value}`)),
          ).length;
          if (gain > (best?.gain ?? 0)) best = { id, variant, gain };
        }
      }
      if (best === undefined) break;
      row[best.id] = best.variant;
    }
    for (const one of pairsIn(row)) open.delete(one);
    rows.push(row);
  }
  return rows;
}
