/** Calls a minute and IP address, as SkyPrep's help says (skyprep-api §3.6). */
const publishedLimit = 100;

/** Fewer are more likely meant of a second than of a minute. */
const fewest = 10;
const names = ["ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit"] as const;

/**
 * Calls a minute that an answer says are let through, of headers by their small names; undefined where none says so of a
 * minute. None is documented: what says of a longer or shorter time is left alone, and more than the published limit too.
 */
export function minuteLimitIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): number | undefined {
  const textOf = (name: string) => [headers[name] ?? []].flat().join(", ");
  const policy = textOf("ratelimit-policy");
  const said = [...names.map(textOf), policy].filter((text) => text !== "");
  const windows = [...said.join(", ").matchAll(/\b(?:w|window)\s*=\s*"?(\d+)/gi)].map(([, w]) => Number(w));
  if (windows.some((seconds) => seconds !== 60)) return undefined;
  const all = said.flatMap((text) => /(?:^\s*|\bq=)(\d{1,6})\b/.exec(text)?.[1] ?? []).map(Number);
  const least = Math.min(...all);
  const isOfAMinute = windows.length > 0 || least >= fewest;
  return isOfAMinute && least > 0 && least < publishedLimit ? least : undefined;
}
