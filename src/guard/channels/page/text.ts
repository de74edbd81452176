import { count } from "../../../text/english.ts";

// Controls, bidi marks, zero-width characters and the like: they could hide or turn round what a person reads.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;
// Accents heaped on one letter grow over the lines above and below.
const heap = /(\p{M}{3})\p{M}+/gu;

/** Text as one plain line of at most so many characters, the rest counted. */
export function line(text: string, most: number): string {
  const clean = text.replace(invisible, " ").replace(heap, "$1").replace(/\s+/g, " ").trim();
  const characters = [...clean];
  if (characters.length <= most) return clean;
  return `${characters.slice(0, most).join("").trimEnd()}… (${count(characters.length, "character")} in all)`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of ours with what people wrote in its quotes: letters from right to left move nothing outside of them. */
export const withNames = (text: string): string => escaped(text).replace(/“([^”]*)”/g, "“<bdi>$1</bdi>”");

/** Text for an HTML element or a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => entities[one] ?? one);

const secret = /pass(word|wd|phrase|code)|ssn|secret|token|otp|(api|acct|login|view)_?key|^pin$/i;
const dots = "•••••••• (hidden)";
const mostOfAValue = 200;

/** An argument's value as a person reads it; a secret is dots, at any depth. */
export function shown(name: string, value: unknown): string {
  if (secret.test(name)) return dots;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object" || one === null)) {
    const text = line(value.map(String).join(", "), mostOfAValue);
    return value.length > 1 ? `${text} (${count(value.length, "item")})` : text;
  }
  if (typeof value !== "object" || value === null) return line(String(value), mostOfAValue);
  const masked = JSON.stringify(value, (key, one: unknown) => (secret.test(key) ? dots : one)) ?? "";
  return line(masked, mostOfAValue);
}

const mostRows = 40;

/** Arguments by name, as a person reads them. */
export function argumentRows(args: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const all = Object.entries(args).filter(([, value]) => value !== undefined);
  const rows = all.slice(0, mostRows).map(([name, value]) => [line(name, 64), shown(name, value)] as const);
  const left = all.length - rows.length;
  return left > 0 ? [...rows, ["…", `and ${left} more`]] : rows;
}
