import { isSecretArgument, secretArguments } from "../../call/redaction/redact.ts";
import { isPairs, type Property, type Shape } from "../../catalogue/schema.ts";
import { settings } from "../../config/settings.ts";
import { asTyped, didYouMean, WrongUse } from "./wrong-use.ts";

type Args = Record<string, unknown>;

/** What else is read for a call. Both reject with `WrongUse` where there is nothing to be read. */
export interface Sources {
  readonly stdin: () => Promise<string>;
  readonly file: (path: string) => Promise<string>;
}

export interface Takes {
  readonly name: string;
  readonly shape: Shape;
}

const flagOf = (argument: string): string => `--${argument.replaceAll("_", "-")}`;

/** Every argument that a tool takes, listed or not, and what it is. */
export function argumentsOf({ plain, unlisted }: Shape): Map<string, Property> {
  return new Map([
    ...Object.entries(plain.properties),
    ...[...unlisted].map(([name, { property }]) => [name, property] as const),
  ]);
}

/** `args` and the words behind a tool's name, as the call's arguments. @throws WrongUse */
export async function readArguments(
  { args, words }: { readonly args: string | undefined; readonly words: readonly string[] },
  tool: Takes,
  sources: Sources,
): Promise<Args> {
  const whole = args === undefined ? {} : await wholeArguments(args, tool, sources);
  const flags = await flagArguments(words, tool, sources);
  const twice = Object.keys(flags).find((name) => Object.hasOwn(whole, name));
  if (twice !== undefined) throw new WrongUse(`${flagOf(twice)} is given as a flag and in --args.`);
  return { ...whole, ...flags };
}

async function wholeArguments(
  given: string,
  { name, shape }: Takes,
  { stdin, file }: Sources,
): Promise<Args> {
  const inline = given.trimStart().startsWith("{");
  const text = inline ? given : given === "-" ? await stdin() : await file(given.replace(/^@/, ""));
  const where = inline ? "--args" : given === "-" ? "stdin" : "the file of --args";
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new WrongUse(
      `${where} holds no JSON: write one object of names and values, e.g. {"user_id": 101}.`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WrongUse(`${where} holds no object of names and values.`);
  if (given !== "-") refuseSecrets(value as Args, name);
  const known = argumentsOf(shape);
  const strange = Object.keys(value).find((one) => !known.has(one));
  if (strange !== undefined)
    throw new WrongUse(unknownArgument(strange, name, [...known.keys()], (one) => one));
  return value as Args;
}

/** Whoever can list processes, or reads a file that is left behind, would know it. */
function refuseSecrets(args: Args, tool: string): void {
  const { secrets, tooMuch } = secretArguments(args);
  if (secrets.length + tooMuch.length > 0) throw new WrongUse(onlyByStdin(tool));
}

const onlyByStdin = (tool: string): string =>
  `A password or number of identity is taken from stdin only, because other users of this computer can see command lines and files: skyprep-mcp call ${tool} --args - < …`;

async function flagArguments(words: readonly string[], tool: Takes, sources: Sources): Promise<Args> {
  const { name: called, shape } = tool;
  const known = argumentsOf(shape);
  const given = new Map<string, string[]>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, flag, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag === undefined) throw new WrongUse(strayWord(called));
    const argument = flag.replaceAll("-", "_");
    if (isSecretArgument(argument)) throw new WrongUse(`${flagOf(argument)}: ${onlyByStdin(called)}`);
    const property = known.get(argument);
    const negated = argument.startsWith("no_") ? known.get(argument.slice(3)) : undefined;
    if (property === undefined && negated?.type === "boolean" && inline === undefined) {
      put(given, argument.slice(3), "false", negated);
    } else if (property === undefined) throw new WrongUse(unknownFlag(flag, called, [...known.keys()]));
    else if (property.type === "boolean") {
      const next = words[at + 1];
      const spoken = inline === undefined && next !== undefined && /^(?:true|false|1|0)$/i.test(next);
      if (spoken) at += 1;
      put(given, argument, inline ?? (spoken ? next : "true"), property);
    } else {
      const next = words[at + 1];
      const value = inline ?? (next?.startsWith("--") ? undefined : next);
      if (value === undefined) throw new WrongUse(`${flagOf(argument)} needs a value.`);
      if (inline === undefined) at += 1;
      put(given, argument, value, property);
    }
  }
  const args: Args = {};
  for (const [name, values] of given) {
    const property = known.get(name);
    if (property) args[name] = await valueMeant(name, values, property, sources);
  }
  refuseSecrets(args, called);
  return args;
}

function put(given: Map<string, string[]>, name: string, value: string, { type }: Property): void {
  const before = given.get(name) ?? [];
  if (before.length > 0 && type !== "array" && type !== "object")
    throw new WrongUse(`${flagOf(name)} is given twice.`);
  given.set(name, [...before, value]);
}

/** Texts as they were typed: what they are read as is the same for every client (contract §3). */
async function valueMeant(
  name: string,
  values: readonly string[],
  property: Property,
  { stdin, file }: Sources,
): Promise<unknown> {
  const [only = ""] = values;
  if (isPairs(property) || property.type === "object") return values.flatMap((one) => pairsIn(one, name));
  if (property.type === "array") {
    if (values.length === 1) return only;
    return values.flatMap((one) => items(one, property));
  }
  // A table is a file, as a rule.
  if (name === "csv" && only === "-") return stdin();
  if (name === "csv" && /^@[^\n]+$/.test(only)) return file(only.slice(1));
  return only;
}

function items(text: string, { items }: Property): unknown[] {
  const parsed = text.trimStart().startsWith("[") ? parse(text) : undefined;
  if (Array.isArray(parsed)) return parsed;
  // A name may hold a comma; a number may not.
  return items?.type === "integer" ? text.split(",") : [text];
}

/** `Region=Europe`, or JSON: a list of {field, is}, or an object. */
function pairsIn(text: string, name: string): { field: string; is: unknown }[] {
  const parsed = /^\s*[[{]/.test(text) ? parse(text) : undefined;
  if (Array.isArray(parsed)) return parsed;
  if (typeof parsed === "object" && parsed !== null)
    return Object.entries(parsed).map(([field, is]) => ({ field, is }));
  const [, field, is] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (field === undefined) {
    const flag = flagOf(name);
    throw new WrongUse(`${flag} takes ${flag} "name=value", once or more, or JSON.`);
  }
  return [{ field: field.trim(), is: is ?? "" }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const strayWord = (tool: string): string =>
  `${tool} is followed by a word that belongs to no flag: write --name value, e.g. as skyprep-mcp call ${tool} --help shows.`;

function unknownFlag(flag: string, tool: string, known: readonly string[]): string {
  if (Object.hasOwn(settings, flag))
    return `--${flag} is a setting: it stands before the tool's name, skyprep-mcp --${flag} … call ${tool} ….`;
  return unknownArgument(flag, tool, known, flagOf);
}

function unknownArgument(
  name: string,
  tool: string,
  known: readonly string[],
  spelt: (argument: string) => string,
): string {
  const all = known.map(spelt);
  const takes = all.length === 0 ? "It takes no arguments." : `It takes ${all.join(", ")}.`;
  return `${asTyped(name)}is no argument of ${tool}.${didYouMean(name, all)} ${takes}`;
}
