/** The one that a misspelt word most likely means; undefined where none is near. */
export function nearest(word: string, among: readonly string[]): string | undefined {
  const best = among
    .map((one) => ({ one, apart: distance(word.toLowerCase(), one) }))
    .sort((a, b) => a.apart - b.apart)[0];
  return best !== undefined && best.apart <= Math.max(2, Math.floor(word.length / 3)) ? best.one : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
