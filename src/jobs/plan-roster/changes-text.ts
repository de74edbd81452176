import { shownFields } from "../../reply/records.ts";
import { type PersonField, rowList } from "../../tables/people.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import type { Plan } from "../shared/plan.ts";
import type { Roster } from "./compare.ts";
import { type Changed, fieldName, type LeftAsIs, shownAs } from "./differing.ts";

/** Values are shown old → new for so many people; a file has all. */
const mostShown = 12;
const mostSuspects = 20;
const masked = "(personal)";

export type Mask = (field: PersonField, text: string) => string;

/** Texts of a field, unless they are personal and not revealed. */
export function maskOf({ records, view }: Pick<JobWorld, "records" | "view">): Mask {
  const output = records.get("get_user")?.operation.output;
  const may = output !== undefined && "kind" in output ? shownFields(output.kind, view) : undefined;
  return (field, text) =>
    may?.has(shownAs(field)) ? cleanText(text).slice(0, 80) : text === "" ? "" : masked;
}

/** “150 Ann Lee: title “Clerk” → “Chief”” for the first dozen. */
export function changesInWords(
  changed: readonly Changed[],
  mask: Mask,
  labels: JobWorld["view"]["labels"],
): string[] {
  if (changed.length === 0) return [];
  const lines = changed.slice(0, mostShown).map(({ who, fields }) => {
    const said = fields.map(({ field, old, new: value }) => {
      const [before, after] = [mask(field, old), mask(field, value)];
      const name = fieldName(field, labels);
      return after === masked ? `${name} ${masked}` : `${name} “${before}” → “${after}”`;
    });
    return `${who.id} ${who.name}: ${said.join(", ")}`.slice(0, 500);
  });
  const more = changed.length - lines.length;
  return [`Changed (${changed.length}):`, ...lines, ...(more > 0 ? [`And ${more} more.`] : [])];
}

/** Cells that are not believed, the same ones together. */
export function suspectsInWords(suspects: readonly LeftAsIs[], mask: Mask): string[] {
  if (suspects.length === 0) return [];
  const alike = new Map<string, { readonly one: LeftAsIs; readonly rows: number[] }>();
  for (const one of suspects) {
    const key = `${one.column}\n${one.text}\n${one.why}`;
    const known = alike.get(key);
    if (known) known.rows.push(one.row);
    else alike.set(key, { one, rows: [one.row] });
  }
  const lines = [...alike.values()]
    .slice(0, mostSuspects)
    .map(
      ({ one: { column, field, text, why }, rows }) =>
        `${rowList(rows)} ${cleanText(column).slice(0, 40)} “${mask(field, text)}”: ${why}`,
    );
  const more = alike.size - lines.length;
  return [
    `Damaged, so left as SkyPrep has it (${suspects.length}):`,
    ...lines,
    ...(more > 0 ? [`And ${count(more, "more kind", "more kinds")}.`] : []),
  ];
}

export const columns = ["row", "person", "login", "name", "what", "field", "old", "new"];

/** All of it, for a file: who, what, which field, old and new. */
export function rosterRows(
  plan: Plan,
  { changed, suspects }: Pick<Roster, "changed" | "suspects">,
  mask: Mask,
  { view: { labels } }: Pick<JobWorld, "view">,
): string[][] {
  const of = (what: string) => plan.units.filter((unit) => unit.do === what);
  const who = (p: number) => {
    const person = plan.people[p];
    return ["", String(person?.id ?? ""), person?.login ?? "", person?.name ?? ""];
  };
  return [
    ...of("create").flatMap(({ p, args = {} }) =>
      Object.entries(args).flatMap(([field, value]) =>
        typeof value === "string"
          ? [[...who(p), "create", field, "", mask(field as PersonField, value)]]
          : [],
      ),
    ),
    ...changed.flatMap(({ row, who: { id, login, name: called }, fields }) =>
      fields.map(({ field, old, new: value }) => [
        String(row),
        String(id),
        login,
        called,
        "change",
        fieldName(field, labels),
        mask(field, old),
        mask(field, value),
      ]),
    ),
    ...of("enroll").map(({ p, t = -1 }) => [
      ...who(p),
      "join",
      "group",
      "",
      `${plan.targets[t]?.id ?? ""} ${plan.targets[t]?.name ?? ""}`.trim(),
    ]),
    ...of("leave").map(({ p, args }) => [
      ...who(p),
      "end access",
      "access_end_date",
      "",
      String(args?.access_end_date ?? plan.day ?? ""),
    ]),
    ...suspects.map(({ row, field, column, text, why }) => [
      String(row),
      "",
      "",
      "",
      `left as it is: ${why}`,
      column,
      "",
      mask(field, text),
    ]),
  ];
}
