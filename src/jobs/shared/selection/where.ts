import { z } from "zod";
import { foldCell } from "../../../tables/condition.ts";
import { foldHeader } from "../../../tables/header.ts";
import { nearestTo } from "../../../text/nearest.ts";
import type { JobWorld } from "../../job.ts";
import { type PeopleField, peopleFieldNamed } from "./people-fields.ts";

/** Conditions that are no field of a person's record, by the names that are listed. */
export const conditions = [
  "in_group",
  "no_group",
  "managed_by",
  "enrolled_in",
  "not_enrolled_in",
  "dormant_days",
  "status",
] as const;
export type ConditionName = (typeof conditions)[number];

const examples = { Region: "Europe", in_group: "Sales Team" };

/** One way to say who, for every job that takes people: all conditions hold at once. `words`: what stands in the list of tools. */
export const whereField = (words: string) =>
  z
    .record(z.string().min(1).max(200), z.string().max(500))
    .meta({ description: words, examples: [examples], compares: true, selects: true })
    .optional();

/** What is listed once, in `find`, and referred to elsewhere. */
export const whereWords = `All people of whom all holds, else by text; field: a shown or custom one (is: a value, a | b, >=x, empty), or ${conditions.join(", ")}`;
/** `else`: what happens without it. */
export const whereAsInFind = (otherwise: string) => `People by field and is, as in find; else ${otherwise}`;

export type Where = Readonly<Record<string, string>>;

/** What was asked, taken apart. */
export interface WhereParts {
  readonly fields: readonly { readonly field: PeopleField; readonly is: string }[];
  readonly conditions: ReadonlyMap<ConditionName, string>;
}

/** Nobody's way to say it, and yet plain. */
const alike: Readonly<Record<string, ConditionName>> = {
  group: "in_group",
  groups: "in_group",
  ingroups: "in_group",
  memberof: "in_group",
  nogroups: "no_group",
  withoutgroup: "no_group",
  manager: "managed_by",
  managers: "managed_by",
  enrolled: "enrolled_in",
  notenrolled: "not_enrolled_in",
  dormant: "dormant_days",
  inactivedays: "dormant_days",
  loginstatus: "status",
  access: "status",
};

/** Every name is a condition's or a field's, and every value says something; else sentences of what is wrong. */
export function partsOf(
  where: Where,
  world: Pick<JobWorld, "records" | "view">,
): WhereParts | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const fields: { field: PeopleField; is: string }[] = [];
  const named = new Map<ConditionName, string>();
  const labels = new Set([...world.view.labels.values()].map(foldHeader));
  for (const [name, is] of Object.entries(where)) {
    if (is.trim() === "") {
      wrong.push(`${short(name)}: nothing is no condition; “empty” asks for those who have none.`);
      continue;
    }
    const folded = foldHeader(name);
    // What the tenant calls a field of its own means that field.
    const isFlag = folded === "manager" && yesOrNo(is) !== undefined;
    const condition =
      labels.has(folded) || isFlag
        ? undefined
        : (conditions.find((one) => foldHeader(one) === folded) ?? alike[folded]);
    if (condition !== undefined) {
      if (named.has(condition)) wrong.push(`${condition} is given twice.`);
      named.set(condition, is.trim());
      continue;
    }
    const field = peopleFieldNamed(name, world);
    if (!("wrong" in field)) {
      if (fields.some((one) => one.field.key === field.key)) wrong.push(`${field.name} is given twice.`);
      fields.push({ field, is });
      continue;
    }
    const near = nearestTo(name, conditions);
    wrong.push(near.length > 0 ? `${field.wrong} Or ${near.join(", ")}?` : field.wrong);
  }
  if (wrong.length === 0 && fields.length + named.size === 0)
    wrong.push("where says nothing: it means nobody.");
  return wrong.length > 0 ? { wrong } : { fields, conditions: named };
}

/** “a | b” and “a or b”, as a condition on a field takes them. */
export const eitherOf = (text: string): string[] =>
  text
    .split(/\s*\|\|?\s*/)
    .map((one) => one.trim())
    .filter(Boolean);

/** Yes or no, as people write it; undefined: neither. */
export function yesOrNo(text: string): boolean | undefined {
  const said = foldCell(text);
  if (["true", "yes", "1", "y"].includes(said)) return true;
  return ["false", "no", "0", "n"].includes(said) ? false : undefined;
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
