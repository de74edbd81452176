import type { Asked, Intent, Journal, Outcome } from "../journal/line.ts";

/** Takes out of a text what must never be printed. */
export type Hide = (text: string) => string;

/** What is taken out where. */
export interface Hides {
  /** Of SkyPrep's data: replies that are no errors. Whoever reads them may write them back. */
  readonly inData: Hide;
  /** Of all else that is said: errors, logs, journal, questions. */
  readonly inWords: Hide;
}

/** The one list of what must never be printed, wherever text leaves: replies, errors, logs, journal, page. */
export interface Secrets {
  /** Hidden wherever they stand, in whatever spelling. */
  readonly anywhere: readonly string[];
  /**
   * Hidden as words of their own only, and not in data: an academy's domain stands in links and in people's
   * logins, and a PIN of four digits is like any number.
   */
  readonly words?: readonly string[];
}

const blot = "•••";
/** A shorter one is in every other text. */
const shortest = 4;
/** So much of a secret that was cut gives it away. */
const telling = 6;

export const hides = (secrets: Secrets): Hides => ({
  inData: hiding({ anywhere: secrets.anywhere }),
  inWords: hiding(secrets),
});

/** The same, and more. */
export const alsoHiding = ({ inData, inWords }: Hides, anywhere: readonly string[]): Hides => {
  const more = hiding({ anywhere });
  return { inData: (text) => inData(more(text)), inWords: (text) => inWords(more(text)) };
};

function hiding({ anywhere, words = [] }: Secrets): Hide {
  const whole = anywhere.filter(({ length }) => length >= shortest).flatMap(spellings);
  const alone = words
    .filter(({ length }) => length >= shortest)
    .map((word) => `(?<![\\w@/.-])${plain(word)}(?![\\w-]|\\.\\w)`);
  const cut = whole.flatMap((secret) => beginnings(secret).map((part) => `${plain(part)}(?=…|$)`));
  const parts = [...whole.sort((a, b) => b.length - a.length).map(plain), ...alone, ...cut];
  if (parts.length === 0) return (text) => text;
  const pattern = new RegExp(parts.join("|"), "gi");
  return (text) => text.replace(pattern, blot);
}

/** As it is, as in an address, as in a form, as in JSON. */
const spellings = (secret: string): string[] => [
  ...new Set([
    secret,
    encodeURIComponent(secret.replace(/\p{Cs}/gu, "")),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ]),
];

function beginnings(secret: string): string[] {
  const parts: string[] = [];
  for (let end = secret.length - 1; end >= telling; end--) parts.push(secret.slice(0, end));
  return parts;
}

const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** The same value without what is hidden, names of fields included. */
export function hidden(value: unknown, hide: Hide): unknown {
  const texts: string[] = [];
  collect(value, texts);
  // What is cut is known by the ellipsis behind it, so the end of each text stays an end: most replies hide nothing.
  const whole = texts.join("…");
  return hide(whole) === whole ? value : without(value, hide);
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === "string") texts.push(value);
  else if (Array.isArray(value)) for (const one of value) collect(one, texts);
  else if (typeof value === "object" && value !== null) {
    for (const name in value) {
      texts.push(name);
      collect((value as Record<string, unknown>)[name], texts);
    }
  }
}

function without(value: unknown, hide: Hide): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => without(one, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [hide(name), without(one, hide)]));
}

/** A journal that never holds what is hidden. Images are kept whole: they are written back. */
export const discreet = (journal: Journal, hide: Hide): Journal => ({
  ...journal,
  intend: (intent, more) => journal.intend(hidden(intent, hide) as Intent, more),
  finish: (of, outcome, ms) => journal.finish(of, hidden(outcome, hide) as Outcome, ms),
  note: (asked) => journal.note(hidden(asked, hide) as Asked),
});

const inConfidence = /^(password|ssn)$/;

/** What the caller gave in confidence: SkyPrep's refusals may repeat it. */
export function confided(raw: unknown): string[] {
  const { password, ssn } = (raw ?? {}) as Record<string, unknown>;
  // A number is mended to text on its way, and SkyPrep would repeat it as such.
  return [password, ssn].filter((one) => typeof one === "string" || typeof one === "number").map(String);
}

/** A call's arguments as they may be written down. */
export const withoutSecrets = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, inConfidence.test(name) ? blot : value]),
  );
