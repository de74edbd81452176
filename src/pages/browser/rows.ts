/** As it is searched for: without case, accents and what stands over letters. */
export const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();

/** By what a column is of; what is empty comes last, whichever way round. */
export function comparing(
  is: string | undefined,
  language: string,
): (a: string, b: string, isUp: boolean) => number {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const isNumber = is === "number" || is === "percent" || is === "id";
  return (a, b, isUp) => {
    if (a === "" || b === "") return (a === "" ? 1 : 0) - (b === "" ? 1 : 0);
    const by = isNumber ? Number(a) - Number(b) : compare(a, b);
    return isUp ? by : -by;
  };
}
