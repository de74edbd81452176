/** A header as people mean it: case, spaces, underscores and other marks make no difference. */
export const foldHeader = (header: string): string =>
  header
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Its words, also those of `workPhone` and `address_2`. */
export const headerWords = (header: string): string[] =>
  header
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\p{N})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Where the columns of this name stand: exactly so named, or else alike. */
export function columnsNamed(columns: readonly string[], name: string): number[] {
  const where = (same: (column: string) => boolean) =>
    columns.flatMap((column, at) => (same(column) ? [at] : []));
  const exact = where((column) => column === name);
  if (exact.length > 0) return exact;
  const folded = foldHeader(name);
  return folded === "" ? [] : where((column) => foldHeader(column) === folded);
}
