/** One value in a table or behind a name: short, on one line. */
export function cell(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(cell).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([name, one]) => `${name} ${cell(one)}`)
    .join("; ");
}

/** Tab-separated, header row first; a column nobody has a value in is left out. */
export function columnsOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
): string[] {
  return columns.filter((column) => rows.some((row) => row[column] !== undefined && row[column] !== null));
}

export const line = (row: Readonly<Record<string, unknown>>, columns: readonly string[]): string =>
  columns.map((column) => cell(row[column])).join("\t");

/** A value that is too long to show: as text, cut, and marked so. */
export function cutTo(value: unknown, most: number): unknown {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const text = cell(value);
  return text.length <= most ? value : `${text.slice(0, most - 1)}…`;
}
