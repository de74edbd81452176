import type { Need, Operation, WriteOperation } from "../../../tools/schema/operation.ts";
import { type Detail, isPairs, type Property, type Shape } from "../../catalogue/schema.ts";
import { wrongInLogin } from "../../tables/people/login.ts";

export type Args = Record<string, unknown>;
export type Checked = { readonly args: Args } | { readonly wrong: readonly string[] };

export interface CheckContext {
  /** Parameters some record names: `extra` may not carry them. */
  readonly reserved: ReadonlySet<string>;
  /** The tenant's label in lower case → `ca_N`. */
  readonly customFields: ReadonlyMap<string, string>;
  /** Takes out of what the caller wrote what must not be repeated. */
  readonly hide?: (text: string) => string;
}

/** What has arguments to check: an operation's tool, or a job's. */
export interface Checkable {
  readonly name: string;
  readonly operation: Pick<
    Operation,
    "effect" | "input" | "person" | "needs" | "wire" | "newLogin" | "widens" | "example"
  > & {
    /** Of an operation that writes. */
    readonly about?: WriteOperation["about"];
  };
  readonly shape: Shape;
}

/** Raw arguments → what the operation takes, or everything that is wrong with them, at once, in sentences. */
export function check(tool: Checkable, raw: unknown, context: CheckContext): Checked {
  if (raw !== undefined && (typeof raw !== "object" || raw === null || Array.isArray(raw))) {
    return { wrong: [`The arguments of ${tool.name} are one object of names and values.`] };
  }
  const { operation, shape } = tool;
  const { properties } = shape.plain;
  const { hide = (text) => text } = context;
  const wrong: string[] = [];
  const mended: Args = {};
  const unknown: string[] = [];
  for (const [name, value] of unfolded((raw ?? {}) as Args, shape)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : shape.unlisted.get(name)?.property;
    if (property === undefined) unknown.push(name);
    else if (isMap(shape, name)) wrong.push(expects(name, property, shape.details.get(name), true));
    else if (value !== null && value !== undefined) {
      const meant = isOneLine(value, shape.details.get(name))
        ? [value.trim()]
        : coerce(value, property, separatorOf(operation, name));
      // By itself and in its list: neither is guessed.
      if (Object.hasOwn(mended, name) && mended[name] !== meant)
        wrong.push(`${name} is given twice, and not with the same value: give it once.`);
      // A list of pairs in which nothing is said is left out, like any other list without anything in it.
      if (!isPairs(property) || objectIn(meant) === undefined || Object.keys(meant as Args).length > 0)
        mended[name] = meant;
    }
  }
  if (unknown.length > 0) wrong.push(unknownNames(tool, unknown.map(hide)));
  const parsed = operation.input.safeParse(mended);
  if (!parsed.success) {
    const named = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
    for (const name of named) {
      const property = properties[name] ?? shape.unlisted.get(name)?.property;
      if (property) wrong.push(expects(name, property, shape.details.get(name), name in mended));
    }
  }
  for (const need of needsOf(operation)) {
    const sentence = unmet(need, mended, shape.details);
    if (sentence) wrong.push(sentence);
  }
  if (changesNothing(tool, mended)) wrong.push(nothingGiven(tool));
  wrong.push(...nulsIn(mended), ...loginWrongs(operation, mended));
  wrong.push(...extraWrongs(mended.extra, context.reserved, hide));
  const custom = customFields(mended.custom_fields, context.customFields, hide);
  wrong.push(...custom.wrong);
  if (wrong.length > 0 || !parsed.success) return { wrong };
  return { args: { ...parsed.data, ...(custom.fields && { custom_fields: custom.fields }) } };
}

/** What stands in a map that clients see, as the arguments it stands for. */
function unfolded(raw: Args, shape: Shape): [string, unknown][] {
  return Object.entries(raw).flatMap(([name, value]): [string, unknown][] => {
    if (!isMap(shape, name)) return [[name, value]];
    const map = objectIn(value);
    if (map === undefined) return value === null ? [] : [[name, value]];
    // Another argument's name has no place in it, and must not come in by it.
    return Object.entries(map).map(([key, one]) =>
      Object.hasOwn(shape.plain.properties, key) ? [`${name}.${key}`, one] : [key, one],
    );
  });
}

/** A name may hold a comma: of what is listed by name, one text is kept whole for the job to look for. */
const longestLine = 255;
const isOneLine = (value: unknown, detail: Detail | undefined): value is string =>
  detail?.limits.whole === true &&
  typeof value === "string" &&
  value.trim() !== "" &&
  value.length <= longestLine &&
  fromJson(value, "[") === undefined;

/** A NUL ends a text for much that reads it after us. A pasted table may be UTF-16, and is read as that. */
function nulsIn(args: Args): string[] {
  // Nothing that is taken nests any deeper; what does is refused for its form.
  const holds = (value: unknown, depth = 0): boolean =>
    typeof value === "string"
      ? value.includes("\0")
      : typeof value === "object" &&
        value !== null &&
        depth < 10 &&
        Object.entries(value).some(([key, one]) => key.includes("\0") || holds(one, depth + 1));
  return Object.entries(args)
    .filter(([name, value]) => name !== "csv" && holds(value))
    .map(([name]) => `${name} holds a NUL character (\\u0000): give it without.`);
}

/** Nobody is given a login that no one can type. */
function loginWrongs({ newLogin }: Checkable["operation"], args: Args): string[] {
  const login = newLogin && args[newLogin.argument];
  if (newLogin === undefined || typeof login !== "string") return [];
  if (newLogin.when !== undefined && args[newLogin.when] !== true) return [];
  const why = wrongInLogin(login.trim());
  return why === undefined ? [] : [`${newLogin.argument} cannot be somebody's login: ${why}.`];
}

/** A list whose fields are arguments of ours, each taken by itself, too. */
export const isMap = ({ unlisted }: Shape, name: string): boolean =>
  [...unlisted.values()].some(({ within }) => within === name);

const separatorOf = (operation: Checkable["operation"], name: string) =>
  operation.wire?.[name]?.list === "semicolons" ? ";" : ",";

function unknownNames(tool: Checkable, names: readonly string[]): string {
  const { plain, unlisted } = tool.shape;
  const besides = [...unlisted].flatMap(([name, { within }]) => (within === undefined ? [name] : []));
  const allowed = [...Object.keys(plain.properties), ...besides];
  const list = allowed.length === 0 ? "it takes no arguments" : `allowed: ${allowed.join(", ")}`;
  const quoted = names.slice(0, mostTold).map((name) => JSON.stringify(name.slice(0, 64)));
  const more = names.length > mostTold ? ` (and ${names.length - mostTold} more)` : "";
  return `${quoted.join(", ")}${more} ${names.length === 1 ? "is not an argument" : "are not arguments"} of ${tool.name}; ${list}.`;
}

/** The sentence that names the argument, what is allowed and an example. */
export function expects(
  name: string,
  property: Property,
  detail: Detail | undefined,
  given: boolean,
): string {
  const example = detail?.example === undefined ? "" : `, e.g. ${JSON.stringify(detail.example)}`;
  const what = `${allowed(property, detail?.limits ?? {})}${example}`;
  return given ? `${name} must be ${what}.` : `${name} is missing: ${property.description ?? ""} (${what}).`;
}

function allowed(property: Property, limits: Readonly<Record<string, unknown>>): string {
  const choices = property.enum ?? (limits.enum as string[] | undefined);
  if (choices) return `one of ${choices.join(", ")}`;
  const { minimum, maximum, minLength, maxLength, maxItems, format } = limits as Record<
    string,
    number | string
  >;
  switch (property.type) {
    case "integer": {
      const top =
        typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : " or more";
      return typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER
        ? `a whole number, ${minimum}${top}`
        : "a whole number";
    }
    case "boolean":
      return "true or false";
    case "array": {
      if (isPairs(property)) {
        const is = limits.of === "flags" ? "each true or false" : "both texts, of at most 500 characters";
        const names = limits.named === true ? "; a field is a-z, 0-9 and _" : "";
        return `a list of {field, is}, ${is}${names}`;
      }
      const among = property.items?.enum ?? (limits.items as { enum?: string[] } | undefined)?.enum;
      const of = among ? `any of ${among.join(", ")}` : `${property.items?.type ?? "item"}s`;
      return `a list of ${of}, at least one${maxItems ? `, at most ${maxItems}` : ""}`;
    }
    case "object":
      return "an object of names and values";
    case "string":
      if (format === "date") return "a day";
      if (format === "uri") return "an https address";
      if (maxLength === undefined) return "a day, or an instant such as 2026-12-15T09:00:00-05:00";
      return `text of ${minLength ?? 0} to ${maxLength} characters`;
  }
}

/** The rule about persons is a need like any other. */
function needsOf({ person, needs = [] }: Checkable["operation"]): readonly Need[] {
  if (person === undefined) return needs;
  const pair = ["user_id", "user_email"];
  return [person.optional ? { atMostOne: pair } : { exactlyOne: pair }, ...needs];
}

/** What a change may leave out, and changes where it is given: the rest says whom or what it is about. */
export function valuesOf({ operation, shape }: Checkable): readonly string[] {
  if (operation.effect !== "change" || operation.about === undefined) return [];
  // What may be given once at most is given all the same.
  const needed = (operation.needs ?? []).flatMap((need) =>
    "atMostOne" in need ? [] : Object.values(need).flat(),
  );
  const others = new Set([...(shape.plain.required ?? []), ...needed, "user_id", "user_email", "confirm"]);
  const besides = [...shape.unlisted].flatMap(([name, { within }]) => (within === undefined ? [name] : []));
  return [...Object.keys(shape.plain.properties), ...besides].filter(
    (name) => !others.has(name) && operation.wire?.[name]?.sent !== false,
  );
}

/** Whether it would be sent, and kept, and told as done, though nothing in it says what is to change. */
function changesNothing(tool: Checkable, args: Args): boolean {
  const { plain, unlisted } = tool.shape;
  const values = valuesOf(tool);
  const isAlwaysOne = (plain.required ?? []).some((name) => !/_ids?$/.test(name));
  if (values.length === 0 || isAlwaysOne) return false;
  return !Object.keys(args).some((name) => values.includes(unlisted.get(name)?.within ?? name));
}

function nothingGiven(tool: Checkable): string {
  const values = valuesOf(tool);
  const [first = ""] = [...(tool.operation.example ?? []), ...values].filter((name) => values.includes(name));
  const list = values.length > 1 ? `${values.slice(0, -1).join(", ")} or ${values.at(-1)}` : first;
  return `Give at least one of ${list}, e.g. ${first}: ${JSON.stringify(tool.shape.details.get(first)?.example)}.`;
}

function unmet(need: Need, args: Args, details: ReadonlyMap<string, Detail>): string | undefined {
  if ("different" in need) {
    const [one, other] = need.different;
    return args[one] !== undefined && args[one] === args[other]
      ? `${one} and ${other} are the same: give two that differ.`
      : undefined;
  }
  const [names, least, most] =
    "exactlyOne" in need
      ? [need.exactlyOne, 1, 1]
      : "atLeastOne" in need
        ? [need.atLeastOne, 1, Number.POSITIVE_INFINITY]
        : [need.atMostOne, 0, 1];
  const given = names.filter((name) => name in args).length;
  if (given >= least && given <= most) return undefined;
  const list = names.join(" or ");
  const first = names[0] ?? "";
  const example = `e.g. ${first}: ${JSON.stringify(details.get(first)?.example)}`;
  if (given > most) return `Give only one of ${list}, ${example}.`;
  return `Give ${most === 1 ? "one" : "at least one"} of ${list}, ${example}.`;
}

/** Contract §3, and what else sounds like access, identity or an end. */
const forbidden =
  /role|admin|manager|permission|power|passw|pwd|login|key|email|dataset|status|disabled|user_?name|token|secret|otp|user_?type|activ|suspend|archiv|delet|destroy|remove|block|lock|access_/;
const alwaysReserved = new Set(["api_key", "acct_key", "format", "_method"]);

/** So many names are told of; whoever sent more has a list of their own. */
const mostTold = 5;

function extraWrongs(
  extra: unknown,
  reserved: ReadonlySet<string>,
  hide: (text: string) => string,
): string[] {
  if (typeof extra !== "object" || extra === null) return [];
  return Object.keys(extra)
    .filter((key) => reserved.has(key) || alwaysReserved.has(key) || forbidden.test(key) || /^ca_/.test(key))
    .slice(0, mostTold)
    .map(
      (key) =>
        `extra cannot carry ${JSON.stringify(hide(key).slice(0, 64))}: use the tool's own argument, or SkyPrep's web admin.`,
    );
}

function customFields(
  given: unknown,
  labels: ReadonlyMap<string, string>,
  hide: (text: string) => string,
): { fields?: Record<string, string>; wrong: string[] } {
  if (typeof given !== "object" || given === null) return { wrong: [] };
  const fields: Record<string, string> = {};
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(given as Record<string, string>)) {
    const number = /^(?:ca_)?(\d|10)$/.exec(name)?.[1];
    const field = number === undefined ? labels.get(name.trim().toLowerCase()) : `ca_${number}`;
    if (field === undefined) {
      const known = labels.size > 0 ? `, or a label: ${[...labels.keys()].join(", ")}` : "";
      wrong.push(
        `custom_fields: ${JSON.stringify(hide(name).slice(0, 64))} is not a number from 0 to 10${known}.`,
      );
    } else if (field in fields) {
      if (fields[field] !== value)
        wrong.push(`custom_fields names ${field} twice, and not with the same value: give each field once.`);
    } else {
      fields[field] = value;
    }
  }
  return { fields, wrong: wrong.slice(0, mostTold) };
}

/**
 * What assistants get wrong is mended, not refused (contract §3): `"42"` for 42, `"[1,2]"`, `"1,2"` or a
 * bare 1 for a list, `"true"` or `"1"` for a flag. What cannot be mended is handed on as it is, for the
 * check to refuse.
 */
export function coerce(value: unknown, property: Property, separator = ","): unknown {
  switch (property.type) {
    case "integer":
      return typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
    case "boolean":
      return mendFlag(value);
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    case "array":
      return isPairs(property) ? mendMap(value) : mendList(value, property, separator);
    case "object":
      return mendMap(value);
  }
}

function mendFlag(value: unknown): unknown {
  const text = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (text === "true" || text === "1" || text === 1) return true;
  if (text === "false" || text === "0" || text === 0) return false;
  return value;
}

function mendList(value: unknown, property: Property, separator: string): unknown {
  const item = (property.items ?? { type: "string" }) as Property;
  const each = (list: unknown[]) => once(list.map((one) => coerce(one, item)));
  if (Array.isArray(value)) return each(value);
  if (typeof value !== "string") return value === undefined ? value : each([value]);
  const parsed = fromJson(value, "[");
  if (Array.isArray(parsed)) return each(parsed);
  return each(
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
}

/** Two of a number are one, where the first stands: question, wire, phrase and journal all see the same list. */
function once(list: unknown[]): unknown[] {
  const numbers = new Set<number>();
  return list.filter((one) => {
    if (typeof one !== "number") return true;
    const first = !numbers.has(one);
    numbers.add(one);
    return first;
  });
}

/** An object of names and values, also where it came as JSON in a text. */
export function objectIn(value: unknown): Record<string, unknown> | undefined {
  const map = typeof value === "string" ? fromJson(value, "{") : value;
  return typeof map === "object" && map !== null && !Array.isArray(map)
    ? (map as Record<string, unknown>)
    : undefined;
}

function mendMap(value: unknown): unknown {
  const map = objectIn(value);
  if (map === undefined) return value;
  return Object.fromEntries(
    Object.entries(map)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => [name, coerce(one, { type: "string" })]),
  );
}

export function fromJson(text: string, opening: "[" | "{"): unknown {
  if (!text.trimStart().startsWith(opening)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
