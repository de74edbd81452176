import { type Input, Refusal } from "./route.ts";

const credentials = new Set(["api_key", "acct_key"]);

/** What a form carries, before anybody asks: a value, or the values of a repeated `name[]`. */
type Values = Map<string, string | string[]>;

function valuesOf(body: string, heard: (name: string) => boolean): Values {
  const values: Values = new Map();
  for (const [written, value] of new URLSearchParams(body)) {
    const many = written.endsWith("[]");
    const name = (many ? written.slice(0, -2) : written).trim();
    if (credentials.has(name) || !heard(name)) continue;
    const earlier = values.get(name);
    values.set(name, many ? [...(Array.isArray(earlier) ? earlier : []), value] : value);
  }
  return values;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(422, `Invalid parameter: ${name}`);
  return Number(text);
}

function flagOf(name: string, text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "1") return true;
  if (word === "false" || word === "0") return false;
  throw new Refusal(422, `Invalid parameter: ${name}`);
}

/** The form of a urlencoded body. With `only`, every other parameter goes unheard, as in a strict sandbox. */
export function readForm(body: string, only?: readonly string[]): Input {
  const named = only && new Set(only);
  const values = valuesOf(body, (name) => !named || named.has(name));
  const all = new Map([...values].map(([name, value]) => [name, String(value)] as const));

  const optional = (name: string) => all.get(name);
  const text = (name: string) => {
    const value = optional(name)?.trim();
    if (!value) throw new Refusal(422, `Missing parameter: ${name}`);
    return value;
  };
  const list = (name: string, separator = ",") => {
    const value = values.get(name) ?? [];
    const items = Array.isArray(value) ? value : value.split(separator);
    return items.map((item) => item.trim()).filter((item) => item !== "");
  };

  return {
    all,
    text,
    optional,
    list,
    has: (name) => all.has(name),
    id: (name) => wholeNumber(name, text(name)),
    optionalId: (name) => (optional(name)?.trim() ? wholeNumber(name, text(name)) : undefined),
    number: (name) => {
      const value = Number(text(name));
      if (!Number.isFinite(value)) throw new Refusal(422, `Invalid parameter: ${name}`);
      return value;
    },
    flag: (name) => (optional(name)?.trim() ? flagOf(name, text(name)) : undefined),
    ids: (name) => [...new Set(list(name).map((item) => wholeNumber(name, item)))],
  };
}
