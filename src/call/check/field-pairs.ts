import type { Detail, Property, Shape } from "../../catalogue/schema.ts";
import { isPairs } from "../../catalogue/schema.ts";

type Args = Record<string, unknown>;

/** What was given for a list of `{field, is}`, as the map it stands for; or what is wrong with it. */
export interface Maps {
  readonly args: Args;
  readonly wrong: readonly string[];
}

const fieldNames = ["field", "name", "key", "column", "label", "permission", "parameter"];
const isNames = ["is", "value", "equals", "to", "allowed"];

/** One field and what it is, under our names for the two or under others that assistants use for them. */
export function pairIn(value: unknown): { readonly field: string; readonly is: unknown } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const [field, ...otherFields] = entries.filter(([name]) => fieldNames.includes(name));
  const [is, ...otherValues] = entries.filter(([name]) => isNames.includes(name));
  if (field === undefined || is === undefined || otherFields.length + otherValues.length > 0)
    return undefined;
  if (entries.length > 2 || !["string", "number"].includes(typeof field[1])) return undefined;
  return { field: String(field[1]).trim(), is: is[1] };
}

/**
 * Lists of `{field, is}` as the maps that everything behind this knows: check, guard, digest, journal and wire never see
 * the other form. A map is taken, too, and either as JSON in a text. What is neither is left for the check to refuse.
 */
export function pairsAsMaps(
  raw: Args,
  { plain, unlisted, details }: Shape,
  hide = (text: string) => text,
): Maps {
  const wrong: string[] = [];
  const args = new Map<string, unknown>();
  for (const [name, value] of Object.entries(raw)) {
    const property = Object.hasOwn(plain.properties, name)
      ? plain.properties[name]
      : unlisted.get(name)?.property;
    const entries = property && isPairs(property) ? entriesIn(value) : undefined;
    if (property === undefined || entries === undefined) args.set(name, value);
    else if (entries.length > 0 || !isList(value)) {
      const { map, twice } = mapOf(entries, property, details.get(name));
      args.set(name, map);
      // No record keeps it: a condition would be gone, and nobody told.
      if (Object.hasOwn(map, "__proto__")) wrong.push(`${name}: "__proto__" is no field.`);
      const named = twice.slice(0, 3).map((one) => JSON.stringify(hide(one).slice(0, 64)));
      if (named.length > 0)
        wrong.push(
          `${name} names ${named.join(", ")} twice, and not with the same value: give each field once.`,
        );
    }
  }
  // Defined, not assigned: a client may name __proto__.
  return { args: Object.fromEntries(args), wrong };
}

/** One without anything in it counts as left out. */
const isList = (value: unknown): boolean =>
  Array.isArray(value) || (typeof value === "string" && value.trim().startsWith("["));

/** Undefined where it is neither a list of pairs nor a map. */
function entriesIn(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  const given = typeof value === "string" ? jsonIn(value) : value;
  if (Array.isArray(given)) {
    const all = given
      .filter((one) => one !== null && one !== "")
      .map((one) => itemEntries(typeof one === "string" ? jsonIn(one) : one));
    return all.every((one) => one !== undefined) ? all.flat() : undefined;
  }
  if (typeof given !== "object" || given === null) return undefined;
  const names = Object.keys(given);
  // A map may have a field of any name: only our own two make it one pair that came without its list.
  const isPair = names.length === 2 && names.includes("field") && names.includes("is");
  return isPair ? itemEntries(given) : Object.entries(given);
}

function itemEntries(item: unknown): readonly (readonly [string, unknown])[] | undefined {
  const pair = pairIn(item);
  if (pair) return [[pair.field, pair.is]];
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  const names = Object.keys(item);
  // Half a pair, or one with more to it than we would do.
  return names.includes("field") || names.includes("is") ? undefined : Object.entries(item);
}

function mapOf(
  entries: readonly (readonly [string, unknown])[],
  property: Property,
  detail: Detail | undefined,
): { readonly map: Args; readonly twice: readonly string[] } {
  const map = new Map<string, unknown>();
  const twice = new Set<string>();
  const isFlag = property.items?.properties?.is?.type === "boolean";
  for (const [field, is] of entries) {
    const before = map.get(field);
    if (is === null || before === undefined || before === null) {
      if (before === undefined || before === null) map.set(field, is);
    } else if (alike(before, is, isFlag)) continue;
    else if (detail?.limits.compares === true && compares(before) && compares(is)) {
      map.set(field, `${before} and ${is}`);
    } else twice.add(field);
  }
  return { map: Object.fromEntries(map), twice: [...twice] };
}

const alike = (one: unknown, other: unknown, isFlag: boolean): boolean =>
  isFlag ? flagIn(one) === flagIn(other) : String(one).trim() === String(other).trim();
const flagIn = (value: unknown): string =>
  String(value).trim().toLowerCase().replace(/^1$/, "true").replace(/^0$/, "false");

/** Both ends of a span, each with its sign: a cell has to keep to both. */
const compares = (value: unknown): boolean => typeof value === "string" && /^\s*(?:[<>≤≥≠]|!=)/.test(value);

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
