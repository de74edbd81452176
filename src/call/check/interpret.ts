import type { PersonRule } from "../../../tools/schema/operation.ts";
import { type KnownPerson, personIn, type Who } from "../../academy/reads.ts";
import { isCalledNow } from "../../catalogue/former-names.ts";
import { type Detail, isPairs, type Property, type Shape } from "../../catalogue/schema.ts";
import { type Reply, refuseFor } from "../../reply/reply.ts";
import type { Api } from "../../skyprep/api.ts";
import { encode } from "../../skyprep/request.ts";
import { errorInside, Rejected, saidBack, saysNotFound, Unreadable } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { tidied } from "../../text/typed.ts";
import { type Args, type Checkable, isMap, objectIn, valuesOf } from "./check.ts";
import {
  type GivenWorld,
  isOfLogins,
  propertyOf,
  type Taking,
  takeLogins,
  takeNumbers,
} from "./given-names.ts";
import { takeInstant } from "./instants.ts";

/** What a client gave, as it was meant; and what has to be said of that. */
export type Interpreted =
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
  signal: () => AbortSignal,
): Promise<Interpreted> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { raw, notes: [] };
  const taking: Taking = {
    tool,
    world,
    // Asked for where something is read, which mostly nothing is.
    get signal() {
      return signal();
    },
    notes: [],
    wrong: [],
  };
  const args = withoutEmpty(readable(raw as Args, taking), taking);
  for (const [name, value] of Object.entries(args)) {
    // A bare number is what it is.
    if (typeof value === "number") continue;
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
  world: GivenWorld,
  signal: () => AbortSignal,
  go: (args: unknown) => Promise<Reply> | Reply,
): Promise<Reply> {
  if (!tool) return go(raw);
  const meant = await interpret(tool, raw, world, signal);
  return "wrong" in meant
    ? refuseFor("arguments", `${tool.name} was not called; nothing was sent.`, ...meant.wrong)
    : noted(await go(meant.raw), meant.notes);
}

/** The reply to a call by a former name says the name of now; left out: it was called by that. */
export const underNewName = (reply: Reply, name: string, calledAs: string | undefined): Reply =>
  calledAs === undefined ? reply : noted(reply, [isCalledNow(calledAs, name)]);

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

function withoutEmpty(raw: Args, taking: Taking): Args {
  const { tool, notes, wrong } = taking;
  const { shape, operation } = tool;
  const required = new Set(shape.plain.required ?? []);
  const values = new Set(valuesOf(tool));
  const isOpen = (property: Property, name: string) => isPairs(property) && !isMap(shape, name);
  const isValue = (name: string): boolean => values.has(shape.unlisted.get(name)?.within ?? name);
  // Defined, not assigned: a client may name __proto__, and is told that it is no argument.
  const kept = new Map<string, unknown>();
  const dropped: Dropped[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const property = propertyOf(tool, name);
    if (property === undefined || required.has(name) || !isEmpty(value)) {
      const own = property && isPairs(property) ? withoutEmptyFields(value, name, tool, dropped) : value;
      kept.set(name, Array.isArray(own) ? own.filter((one) => one !== null && !isEmpty(one)) : own);
    } else if (operation.widens?.includes(name)) {
      wrong.push(`${name} came empty: without it the call reaches everybody. Leave it out if that is meant.`);
    } else if (isValue(name)) {
      // A blank is how a text is emptied: nobody fills that in for what they do not need.
      const emptied = isOpen(property, name) ? "each" : mayBeEmptied(tool, name) ? "blank" : "never";
      if (isBlank(value) && emptied === "blank") kept.set(name, "");
      else dropped.push({ name, emptied });
    }
  }
  if (dropped.length > 0) {
    const said = leftAsItIs(dropped);
    const changes = [...kept].some(([name, value]) => isSaid(value) && isValue(name));
    const isAlwaysOne = [...required].some((name) => !/_ids?$/.test(name));
    if (changes || isAlwaysOne) notes.push(said);
    else wrong.push(`Nothing to change. ${said}`);
  }
  return Object.fromEntries(kept);
}

/** What came empty, and whether a blank empties it, or a field of it. */
interface Dropped {
  readonly name: string;
  readonly emptied: "blank" | "each" | "never";
}

const isBlank = (value: unknown): boolean => typeof value === "string" && /^\s+$/.test(value);

const isSaid = (value: unknown): boolean => {
  const fields = objectIn(value);
  return fields === undefined
    ? value !== null && value !== undefined
    : Object.values(fields).some((one) => one !== null);
};

const mayBeEmptied = ({ operation }: Checkable, name: string): boolean =>
  operation.input.shape[name]?.safeParse("").success === true && !/date|time/.test(name);

function leftAsItIs(dropped: readonly Dropped[]): string {
  const named = (...how: Dropped["emptied"][]) =>
    dropped.filter(({ emptied }) => how.includes(emptied)).map(({ name }) => name);
  const texts = named("blank");
  const lists = named("each");
  const others = named("never");
  return [
    `${named("blank", "each", "never").join(", ")} came empty, which counts as left out: not changed.`,
    ...(texts.length > 0 ? [`To empty ${texts.join(" or ")}, give a single blank.`] : []),
    ...(lists.length > 0 ? [`To empty a field of ${lists.join(" or ")}, give it a single blank.`] : []),
    ...(others.length > 0
      ? [`${others.join(", ")} cannot be emptied here: no way is known; SkyPrep's web admin can.`]
      : []),
  ].join(" ");
}

/** The same for each field of a list of pairs: of a filter only an empty flag is none, of what is written any. */
function withoutEmptyFields(value: unknown, name: string, tool: Checkable, dropped: Dropped[]): unknown {
  const isOurs = isMap(tool.shape, name);
  const fields = objectIn(value);
  if (fields === undefined || (!isOurs && tool.operation.about === undefined)) return value;
  const isUpdate = valuesOf(tool).includes(name);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, is]): [string, unknown][] => {
      if (!isEmpty(is)) return [[field, is]];
      const isKnown = tool.shape.unlisted.get(field)?.within === name;
      const emptied = !isOurs || (isKnown && mayBeEmptied(tool, field)) ? "blank" : "never";
      if (isUpdate && emptied === "blank" && isBlank(is)) return [[field, ""]];
      if (isUpdate) dropped.push({ name: `${name} (${cleanText(field).slice(0, 64)})`, emptied });
      return [];
    }),
  );
}

/** The person meant could not be made out; nothing else was sent. */
export class NobodyFound extends Error {}

/**
 * A person in the spelling the route knows: the page names only one for most routes, so the other is
 * looked up rather than hoped for (contract §3).
 */
export async function spellPerson(
  rule: PersonRule | undefined,
  args: Args,
  api: Api,
  signal: AbortSignal,
  known?: KnownPerson,
): Promise<Args> {
  if (rule === undefined) return args;
  const { user_id, user_email, ...rest } = args;
  if (rule.knows === "user_id" && user_email !== undefined) {
    const found = known ?? (await lookUp({ user_email: String(user_email) }, api, signal));
    return { ...rest, user_id: found.id };
  }
  if (rule.knows === "user_email") {
    const name = rule.as ?? "user_email";
    if (user_email !== undefined) return { ...rest, [name]: user_email };
    if (user_id !== undefined) {
      const found = known ?? (await lookUp({ user_id: Number(user_id) }, api, signal));
      return { ...rest, [name]: found.login };
    }
  }
  return args;
}

async function lookUp(who: Who, api: Api, signal: AbortSignal): Promise<KnownPerson> {
  const reading = await api("get_user", encode(who), signal);
  const refused = reading.is === "json" ? errorInside(reading.value) : undefined;
  const words = refused?.text ?? saidBack(reading);
  const [[name, wanted] = []] = Object.entries(who);
  const found = reading.is === "json" && !refused ? personIn(reading.value, who) : undefined;
  if (found !== undefined) return found;
  if (words !== undefined && saysNotFound(words))
    throw new NobodyFound(`Nobody with ${name} ${wanted} was found.`);
  if (refused) {
    throw new Rejected(
      200,
      `SkyPrep refused to look the person up: ${refused.text}`,
      "Call again in a minute.",
      "no",
    );
  }
  const said = words === undefined ? "" : `: SkyPrep said ${JSON.stringify(cleanText(words).slice(0, 240))}`;
  throw new Unreadable(
    `${name} ${wanted} was looked up, and no such record came${said}.`,
    "Call again in a minute; if it stays so, look with get_user.",
    "no",
  );
}

export const isInstantFor = ({ shape }: Checkable, name: string): boolean =>
  shape.details.get(name)?.limits.instant === true;

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
