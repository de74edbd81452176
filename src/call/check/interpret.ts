import { type Detail, isPairs, type Property, type Shape } from "../../catalogue/schema.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { tidied } from "../../text/typed.ts";
import type { Args, Checkable } from "./check.ts";
import { isInstantFor, takeInstant } from "./given-instants.ts";
import {
  type GivenWorld,
  isOfLogins,
  propertyOf,
  type Taking,
  takeLogins,
  takeNumbers,
} from "./given-names.ts";

/** What a client gave, as it was meant; and what has to be said of that. */
export type Given =
  | { readonly raw: unknown; readonly notes: readonly string[] }
  | { readonly wrong: readonly string[] };

/**
 * A client's own arguments before they are checked: what is empty counts as left out, what our replies print is
 * taken back, a login loses what it was copied with. Steps of jobs never come this way: they are exact.
 */
export async function interpret(
  tool: Checkable,
  raw: unknown,
  world: GivenWorld,
  signal: AbortSignal,
): Promise<Given> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { raw, notes: [] };
  const taking: Taking = { tool, world, signal, notes: [], wrong: [] };
  const args = withoutEmpty(readable(raw as Args, taking), taking);
  for (const [name, value] of Object.entries(args)) {
    const property = propertyOf(tool, name);
    if (property?.type === "integer" || property?.items?.type === "integer") {
      await takeNumbers(args, name, value, taking);
    } else if (isOfLogins(name)) await takeLogins(args, name, value, taking);
  }
  // Last: which session is meant says in which zone.
  for (const [name, value] of Object.entries(args))
    if (isInstantFor(tool, name)) await takeInstant(args, name, value, taking);
  return taking.wrong.length > 0 ? { wrong: taking.wrong } : { raw: args, notes: taking.notes };
}

/** What is empty is told of afterwards, as it came. */
function readable(raw: Args, { tool: { shape }, wrong }: Taking): Args {
  const maps = pairsAsMaps(raw, shape);
  wrong.push(...maps.wrong);
  const { args } = maps;
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, isEmpty(value) ? value : args[name]]),
  );
}

/** The call with the client's arguments as they were meant; what was made of them is said. */
export async function interpretedArguments(
  tool: Checkable | false | undefined,
  raw: unknown,
  world: GivenWorld & { readonly signal: AbortSignal },
  go: (args: unknown) => Promise<Reply> | Reply,
): Promise<Reply> {
  if (!tool) return go(raw);
  const meant = await interpret(tool, raw, world, world.signal);
  return "wrong" in meant
    ? refuse(`${tool.name} was not called; nothing was sent.`, ...meant.wrong)
    : noted(await go(meant.raw), meant.notes);
}

/** The reply, with what was made of the arguments. */
function noted(reply: Reply, notes: readonly string[]): Reply {
  if (notes.length === 0) return reply;
  const { structured } = reply;
  const all = [...[structured?.notes ?? []].flat(), ...notes];
  return {
    ...reply,
    text: [reply.text, ...notes].join("\n"),
    ...(structured && { structured: { ...structured, notes: all } }),
  };
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "string"
    ? tidied(value) === "" || value.trim() === "[]"
    : Array.isArray(value) && value.every((one) => one === null || isEmpty(one));

/** Who or what a call is about: leaving it out is no change of a field. */
const identity = /^(?:user_email|user_id|confirm|.*_ids?|fields|search|limit|cursor|fresh)$/;

function withoutEmpty(raw: Args, { tool, notes, wrong }: Taking): Args {
  const { shape, operation } = tool;
  const required = new Set(shape.plain.required ?? []);
  const isUpdate = operation.effect === "change" && operation.about !== undefined;
  // Defined, not assigned: a client may name __proto__, and is told that it is no argument.
  const kept = new Map<string, unknown>();
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const property = propertyOf(tool, name);
    if (property === undefined || required.has(name) || !isEmpty(value)) {
      const own = property && isPairs(property) ? withoutEmptyFlags(value, tool, name) : value;
      kept.set(name, Array.isArray(own) ? own.filter((one) => one !== null && !isEmpty(one)) : own);
    } else if (operation.widens?.includes(name)) {
      wrong.push(`${name} came empty: without it the call reaches everybody. Leave it out if that is meant.`);
    } else if (isUpdate && !identity.test(name)) {
      // A blank is how a text is emptied: nobody fills that in for what they do not need.
      if (typeof value === "string" && /^\s+$/.test(value) && mayBeEmptied(tool, name)) kept.set(name, "");
      else dropped.push(name);
    }
  }
  if (dropped.length > 0) {
    const said = leftAsItIs(dropped, tool);
    const changes = [...kept.keys()].some((name) => !identity.test(name));
    if (changes) notes.push(said);
    else wrong.push(`Nothing to change. ${said}`);
  }
  return Object.fromEntries(kept);
}

const mayBeEmptied = ({ operation }: Checkable, name: string): boolean =>
  operation.input.shape[name]?.safeParse("").success === true && !/date|time/.test(name);

function leftAsItIs(names: readonly string[], tool: Checkable): string {
  const emptied = names.filter((name) => mayBeEmptied(tool, name));
  const others = names.filter((name) => !emptied.includes(name));
  return [
    `${names.join(", ")} came empty, which counts as left out: not changed.`,
    ...(emptied.length > 0 ? [`To empty ${emptied.join(" or ")}, give a single blank.`] : []),
    ...(others.length > 0
      ? [`${others.join(", ")} cannot be emptied here: no way is known; SkyPrep's web admin can.`]
      : []),
  ].join(" ");
}

function withoutEmptyFlags(value: unknown, { shape }: Checkable, name: string): unknown {
  const isMap = [...shape.unlisted.values()].some(({ within }) => within === name);
  if (!isMap || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one)));
}

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
export function pairsAsMaps(raw: Args, { plain, unlisted, details }: Shape): Maps {
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
      // Whole or not at all: of a secret that was cut nobody would know what it was.
      const named = twice.slice(0, 3).map((one) => (one.length > 64 ? "a field" : JSON.stringify(one)));
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
