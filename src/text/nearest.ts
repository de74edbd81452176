/** The words of a list that are most like one that is not in it; none where nothing is near. */
export function nearestTo(word: string, known: readonly string[], most = 3): string[] {
  const wanted = bare(word);
  if (wanted === "") return [];
  const near = known
    .map((one) => ({ one, far: farness(wanted, bare(one)) }))
    .filter(({ far }) => far < 1)
    .sort((a, b) => a.far - b.far);
  const best = near[0]?.far ?? 0;
  return near
    .filter(({ far }) => far <= best + 0.25)
    .slice(0, most)
    .map(({ one }) => one);
}

const longest = 80;
const bare = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_|_$/g, "")
    .slice(0, longest);

/** 0: the same; below 1: near enough to have been meant. */
function farness(word: string, known: string): number {
  if (word === known) return 0;
  const typed = edits(word, known) / Math.max(2, Math.ceil(Math.max(word.length, known.length) / 3));
  const [parts, whole] = [word.split("_"), known.split("_")];
  const shared = parts.filter((part) => whole.some((one) => one === part || one.startsWith(part)));
  const said =
    parts.length > 0 && shared.length === parts.length ? 0.6 + (whole.length - parts.length) / 20 : 1;
  return Math.min(typed, said);
}

/** How many letters have to be put in, taken out, changed or swapped with the next one. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
