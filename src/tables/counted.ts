import { foldCell } from "./condition.ts";
import type { Table } from "./csv.ts";

/** Rows that say the same, case-blind, as one row with their count behind it; the most first. */
export function counted({ columns, rows, problems }: Table): Table {
  const groups = new Map<string, { readonly row: readonly string[]; count: number }>();
  for (const row of rows) {
    const key = row.map(foldCell).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, count: 1 });
    else group.count += 1;
  }
  const sorted = [...groups].sort(([a, { count: one }], [b, { count: other }]) =>
    one === other ? (a < b ? -1 : 1) : other - one,
  );
  return {
    columns: [...columns, "count"],
    rows: sorted.map(([, { row, count }]) => [...row, String(count)]),
    problems,
  };
}
