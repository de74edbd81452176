import type { Kind, Output } from "../../tools/schema/answer.ts";
import { capital, cleanText } from "../text/english.ts";
import {
  asList,
  asOne,
  cell,
  columnsOf,
  cutTo,
  fit,
  line,
  type ShownRow,
  shape,
  showList,
  type View,
  withNested,
} from "./records.ts";
import type { Reply } from "./reply.ts";

/** Characters of all values of one record, and of one of them; lists inside it have room of their own. */
const longestRecord = 10_000;
const longestValue = 2_000;

/** One record: `name: value` lines, lists inside it as small tables. */
export function showOne(kind: Kind, value: unknown, view: View, inside?: string): Reply | undefined {
  const row = shape(kind, asOne(value, inside), view);
  if (row === undefined || Object.keys(row).length === 0) return undefined;
  const record = withNested(kind, row);
  const named = "display_name" in record ? "display_name" : "name";
  const lines: string[] = [titleOf(kind, record.id, cutTo(record[named], 200))];
  let room = longestRecord;
  for (const name of Object.keys(record)) {
    const one = record[name];
    const inner = kind.nested?.[name];
    if (inner === undefined || !Array.isArray(one)) {
      const value = cutTo(one, Math.max(20, Math.min(longestValue, room)));
      const text = cell(value);
      room -= text.length;
      if (name !== "id" && name !== named) lines.push(`${name}: ${text}`);
      if (value !== one) record[name] = value;
      continue;
    }
    const rows = one as ShownRow[];
    const columns = columnsOf(rows, inner.columns);
    const shown = fit(rows, (item) => line(item, columns), 1 + Object.keys(kind.nested ?? {}).length);
    const cut = shown.length < rows.length ? `, the first ${shown.length}` : "";
    lines.push(`${name} (${rows.length}${cut}):`, ...(rows.length > 0 ? [columns.join("\t")] : []));
    lines.push(...shown.map((item) => line(item, columns)));
    const pages = cut ? kind.pagedBy?.[name]?.replace("{id}", cell(record.id)) : undefined;
    if (pages !== undefined) lines.push(`All ${rows.length} are paged by ${pages}.`);
    record[name] = shown;
    if (pages !== undefined) record[`${name}_paged_by`] = pages;
    if (cut) record[`${name}_total`] = rows.length;
  }
  return { outcome: "done", text: lines.join("\n"), structured: record };
}

function titleOf(kind: Kind, id: unknown, name: unknown): string {
  const title = `${kind.one}${id === undefined ? "" : ` ${cell(id)}`}${name === undefined ? "" : `: ${cell(name)}`}`;
  return capital(title);
}

/** Names to numbers, as they come. */
export function showBalances(name: string, value: unknown): Reply | undefined {
  const one = asOne(value);
  if (typeof one !== "object" || one === null) return undefined;
  const entries = Object.entries(one)
    .filter(([, points]) => typeof points === "number")
    .slice(0, 500);
  if (entries.length === 0) return undefined;
  const balances = Object.fromEntries(entries.map(([key, points]) => [cleanText(key).slice(0, 80), points]));
  return {
    outcome: "done",
    text: [capital(name), ...Object.entries(balances).map(([k, v]) => `${k}: ${v}`)].join("\n"),
    structured: { balances },
  };
}

export type Showable = Exclude<Output, { as: "done" } | { as: "file" }>;

/** An answer in the form its record promises, or undefined where it is something else. */
export function show(output: Showable, value: unknown, view: View): Reply | undefined {
  switch (output.as) {
    case "one":
      return showOne(output.kind, value, view, output.inside);
    case "many":
      // Words are no empty list.
      if (typeof value !== "object" || value === null) return undefined;
      return showList(output.kind, asList(value), view, {});
    case "balances":
      return showBalances(output.name, value);
  }
}
