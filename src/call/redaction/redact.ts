import { isPairs } from "../../catalogue/schema.ts";
import type { Journal, Outcome } from "../../journal/line.ts";
import { type Reply, refuseFor } from "../../reply/reply.ts";
import { type Args, type Checkable, expects } from "../check/check.ts";
import { pairIn } from "../check/interpret.ts";

/** Takes out of a text what must never be printed. */
export type Redact = (text: string) => string;

/** What is taken out where. */
export interface Redaction {
  /** Of SkyPrep's data: replies that are no errors. Whoever reads them may write them back. */
  readonly inData: Redact;
  /** Of all else that is said: errors, logs, journal, questions. */
  readonly inWords: Redact;
}

/** The one list of what must never be printed, wherever text leaves: replies, errors, logs, journal, pages, kept files. */
export interface Secrets {
  /** Hidden wherever they stand, in whatever spelling. None is longer than a setting or an argument may be. */
  readonly anywhere: readonly string[];
  /**
   * Hidden as words of their own only, and not in data: an academy's domain stands in links and in people's
   * logins, and a PIN of four digits is like any number.
   */
  readonly words?: readonly string[];
  /** The account's keys, hidden also as somebody would write them to get them past this list. */
  readonly keys?: readonly string[];
}

const blot = "•••";
/** A shorter one is in every other text: it is hidden as a word of its own, and not in data. */
const shortest = 4;
/** So much of a secret that was cut gives it away. */
const telling = 6;

export const createRedaction = (secrets: Secrets): Redaction => {
  const words = (secrets.words ?? []).filter(({ length }) => length >= shortest);
  const { anywhere, keys = [] } = secrets;
  return { inData: hiding({ anywhere, keys }), inWords: hiding({ anywhere, words, keys }) };
};

/** The same, and more. */
export const alsoRedacting = ({ inData, inWords }: Redaction, more: readonly string[]): Redaction => {
  const inAll = hiding({ anywhere: more });
  const alone = hiding({ anywhere: more, words: more.filter(({ length }) => length < shortest) });
  return { inData: (text) => inData(inAll(text)), inWords: (text) => inWords(alone(text)) };
};

function hiding({ anywhere, words = [], keys = [] }: Secrets): Redact {
  const whole = [...anywhere, ...keys]
    .filter(({ length }) => length >= shortest)
    .flatMap(spellings)
    .sort((a, b) => b.length - a.length);
  const alone = words.map((word) => `(?<![\\w@/.-])${plain(word)}(?![\\w-]|\\.\\w)`);
  const parts = [
    ...whole.map(plain),
    ...alone,
    ...keys.filter(({ length }) => length >= telling).flatMap(disguises),
  ];
  if (parts.length === 0) return (text) => text;
  const pattern = new RegExp(parts.join("|"), "gi");
  const beginnings = whole.filter(({ length }) => length > telling).map(folded);
  return (text) => withoutBeginnings(text.replace(pattern, blot), beginnings);
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

/**
 * Patterns of a key in other clothes: spelt apart, without its joints, backwards, character by character as HTML,
 * in addresses or in wide letters, as hexadecimal or in base64 wherever it stands in what was encoded, folded or not.
 */
function disguises(key: string): string[] {
  const bare = [...key].filter((one) => /[^\s_-]/.test(one));
  const letters = [...key].filter((one) => /[a-z0-9]/i.test(one));
  // Where it has letters enough, they are the key, and what stands between may be anything else.
  const isLettered = letters.length >= telling;
  const characters = isLettered ? letters : bare;
  const between = isLettered ? anySign(key) : sign;
  const apart = (all: readonly string[]) => all.map(ofCharacter).join(between);
  const folding = (text: string) => [...text].map(plain).join("[^a-z0-9+/=]{0,4}");
  const texts = new Set([key, bare.join(""), [...key].reverse().join(""), [...bare].reverse().join("")]);
  return [
    apart(characters),
    apart([...characters].reverse()),
    ...[...texts].flatMap((text) => [
      folding(Buffer.from(text).toString("hex")),
      ...[0, 1, 2].flatMap((shift) => {
        const inner = inBase64(text, shift);
        return [...new Set([inner, inner.replaceAll("+", "-").replaceAll("/", "_")])].map(folding);
      }),
    ]),
  ].filter(({ length }) => length >= telling);
}

/** What may stand between the characters of a key, also as HTML writes it. */
const sign = "(?:[\\s_.\\u00a0-]|&#0{0,5}(?:32|45|46|95);|&#x0{0,5}(?:20|2d|2e|5f);){0,3}";

/** Whatever is no letter, also as HTML or an address writes it, and room for what of the key is none. */
const anySign = (key: string): string => {
  const run = Math.max(0, ...(key.match(/[^a-z0-9]+/gi) ?? []).map(({ length }) => length));
  return `(?:%(?:25){0,2}[2-9a-f][0-9a-f]|&(?:amp;)?#?\\w{1,8};|\\\\{1,2}(?:u00|x)[2-7][0-9a-f]|[^a-z0-9]){0,${4 + 4 * Math.min(run, 9)}}`;
};

/** A character, or what HTML, an address, JSON or wide letters make of it. */
const ofCharacter = (one: string): string => {
  const code = one.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const forms = [
    plain(one),
    `&(?:amp;)?#(?:0{0,5}${code}|x0{0,5}${hex});`,
    `%(?:25){0,2}${hex}`,
    `\\\\{1,2}(?:u00|x)${hex}`,
  ];
  if (code > 0x20 && code < 0x7f) forms.push(String.fromCodePoint(code + 0xfee0));
  const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" }[one];
  return `(?:${[...forms, ...(named ? [named] : [])].join("|")})`;
};

/** What of a key's base64 is its own, where `shift` other bytes stand before it. */
function inBase64(key: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(key)]);
  const whole = Math.floor((bytes.length * 8) / 6);
  return bytes.toString("base64").slice(Math.ceil((shift * 8) / 6), whole);
}

const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** In lower case, unit by unit: places stay the same. */
const folded = (text: string): string => {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text.charAt(at).toLowerCase();
    return unit.length === 1 ? unit : text.charAt(at);
  }).join("");
};

/**
 * What somebody else cut short, at the end or before an ellipsis. Each stretch is looked at once, and no further
 * back than a secret is long. What we cut ourselves is hidden before.
 */
function withoutBeginnings(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text;
  let left = "";
  for (let from = 0; ; ) {
    const at = text.indexOf("…", from);
    const stretch = text.slice(from, at === -1 ? text.length : at);
    const known =
      stretch.length < telling ? 0 : Math.max(...secrets.map((secret) => begunAtTheEnd(stretch, secret)));
    left += known < telling ? stretch : `${stretch.slice(0, stretch.length - known)}${blot}`;
    if (at === -1) return left;
    left += "…";
    from = at + 1;
  }
}

/** How long the beginning of a secret is that a text ends in (Knuth, Morris, Pratt: each unit is looked at once). */
function begunAtTheEnd(text: string, secret: string): number {
  const end = folded(text.slice(Math.max(0, text.length - secret.length + 1)));
  if (end.length < telling) return 0;
  const back = [0];
  const further = (unit: string, from: number) => {
    let length = from;
    while (length > 0 && unit !== secret.charAt(length)) length = back[length - 1] ?? 0;
    return unit === secret.charAt(length) ? length + 1 : 0;
  };
  for (let at = 1; at < end.length; at++) back.push(further(secret.charAt(at), back[at - 1] ?? 0));
  let length = 0;
  for (let at = 0; at < end.length; at++) length = further(end.charAt(at), length);
  return length;
}

/** Nothing that anybody means to say nests deeper; whoever walks it needs a floor. */
const deepest = 100;

/** The same value without what is hidden, names of fields included. */
export function hidden(value: unknown, hide: Redact): unknown {
  return without(value, hide, { names: (name) => hide(name), depth: 0 });
}

/** Fields of replies that are words of ours, or what a person is sent to. */
const ours = /^(?:kind|status|outcome|tool|confirm|page|expires_at|next_cursor|verified)$/;

/** The same value without what is hidden; its names are ours, and so are the words of some fields. */
export function hiddenInValues<T extends object>(value: T, hide: Redact): T {
  const texts: string[] = [];
  collect(value, texts, 0);
  // What is cut is known by the ellipsis behind it, so the end of each text stays an end: most replies hide nothing.
  const whole = texts.join("…");
  if (hide(whole) === whole) return value;
  const names = (name: string) => name;
  // The same names and kinds of values: texts become texts.
  return without(value, hide, { names, keep: (name) => ours.test(name), depth: 0 }) as T;
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (typeof value === "string") texts.push(value);
  else if (depth >= deepest || typeof value !== "object" || value === null) return;
  else for (const one of Object.values(value)) collect(one, texts, depth + 1);
}

interface Walking {
  readonly names: Redact;
  readonly keep?: (name: string) => boolean;
  readonly depth: number;
}

function without(value: unknown, hide: Redact, walking: Walking): unknown {
  if (typeof value === "string") return hide(value);
  if (typeof value !== "object" || value === null) return value;
  if (walking.depth >= deepest) return "…";
  const inside = { ...walking, depth: walking.depth + 1 };
  if (Array.isArray(value)) return value.map((one) => without(one, hide, inside));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      walking.names(name),
      typeof one === "string" && walking.keep?.(name) ? one : without(one, hide, inside),
    ]),
  );
}

/** No argument that holds a secret takes more, and a pattern of more would cost more than it hides. */
export const mostOfASecret = 500;
/** A call has a password and a number; this many is a mistake, or worse. */
const mostSecrets = 20;
const longestName = 64;
/** A table in a text in a text: nothing that is read nests deeper. */
const deepestText = 3;
const deepestRead = 50;

const whole = new Set(["passwd", "passphrase", "passcode", "pwd", "ssn", "socialsecuritynumber"]);

/** Whether a field of this name holds what is told in confidence; the day a password ends on is no secret. */
export function isSecretArgument(name: string): boolean {
  if (name.length > longestName) return false;
  const letters = name.toLowerCase().replace(/[^a-z]/g, "");
  if (letters.startsWith("can")) return false;
  return whole.has(letters) || /password(?:confirmation)?$/.test(letters) || /^.{0,12}ssn$/.test(letters);
}

/** What the caller gave in confidence: SkyPrep's refusals may repeat it. */
export interface SecretArguments {
  readonly secrets: readonly string[];
  /** Fields whose secret is longer than any, or one too many: of such a call nothing is looked at or said. */
  readonly tooMuch: readonly string[];
}

/** Looks at each part of what came once, however it nests; also into objects that came as text. */
export function secretArguments(raw: unknown): SecretArguments {
  const secrets = new Set<string>();
  const tooMuch = new Set<string>();
  const open: { value: unknown; name?: string; texts: number }[] = [{ value: raw, texts: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, name, texts } = next;
    if (typeof value === "object" && value !== null) {
      const pair = secretPair(value);
      if (pair && name === undefined) {
        open.push({ value: pair.is, texts, name: pair.field });
        continue;
      }
      for (const [key, one] of Object.entries(value)) {
        const under = name ?? (!Array.isArray(value) && isSecretArgument(key) ? key : undefined);
        open.push({ value: one, texts, ...(under !== undefined && { name: under }) });
      }
    } else if (name !== undefined) {
      if (typeof value !== "string" && typeof value !== "number") continue;
      // A number is mended to text on its way, and texts are trimmed; SkyPrep would repeat it as such.
      const secret = String(value).trim();
      if (secret.length > mostOfASecret || secrets.size >= mostSecrets) tooMuch.add(name);
      else if (secret !== "") secrets.add(secret);
    } else if (typeof value === "string" && texts < deepestText) {
      const inside = objectIn(value);
      if (inside !== undefined) open.push({ value: inside, texts: texts + 1 });
    }
  }
  return tooMuch.size > 0 ? { secrets: [], tooMuch: [...tooMuch] } : { secrets: [...secrets], tooMuch: [] };
}

/** A field that is told in confidence, where its name stands beside it and not before it. */
function secretPair(value: object) {
  const pair = pairIn(value);
  return pair && isSecretArgument(pair.field) ? pair : undefined;
}

/** Names them and what they may be; says nothing of what was given. */
export const shorter = (
  { name: called, tool }: { readonly name: string; readonly tool?: Checkable },
  names: readonly string[],
): Reply =>
  refuseFor(
    "arguments",
    `${called} was not called; nothing was sent.`,
    ...names.slice(0, 3).map((name) => {
      const property = tool?.shape.plain.properties[name];
      return property
        ? expects(name, property, tool?.shape.details.get(name), true)
        : `${JSON.stringify(name)} is too long: at most ${mostOfASecret} characters, ${mostSecrets} of its kind in a call.`;
    }),
  );

function objectIn(text: string): object | undefined {
  if (!/^\s{0,20}[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Arguments without what was told in confidence, wherever it stands; for logs, which never hold it. */
export function withoutSecrets(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return bare(args, 0) as Record<string, unknown>;
}

function bare(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    const inside = objectIn(value);
    return inside === undefined ? value : JSON.stringify(bare(inside, depth + 1));
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepestRead) return "…";
  if (Array.isArray(value)) return value.map((one) => bare(one, depth + 1));
  const hidden = secretPair(value)?.is;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      // A code is as good as a yes, as long as it is good.
      name === "confirm" || isSecretArgument(name) || (hidden !== undefined && one === hidden)
        ? blot
        : bare(one, depth + 1),
    ]),
  );
}

/**
 * A write's arguments as they are written down. Only in what is free text is anything blotted out: never in a name
 * of ours, a number, a day, a word of a closed list or a login, or the line would not say what was done.
 */
export const writable = (args: Args, { shape }: Checkable, hide: Redact): Args =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (isSecretArgument(name)) return [name, blot];
      return [name, isFree(name, shape) ? freed(value, hide) : value];
    }),
  );

const loginNames = /^(?:login|(?:[a-z]{1,20}_)?emails?)$/;

function isFree(name: string, { plain, unlisted, details }: Checkable["shape"]): boolean {
  if (loginNames.test(name)) return false;
  const property = plain.properties[name] ?? unlisted.get(name)?.property;
  // What no schema names, nobody knows to be anything but text.
  if (property === undefined || isPairs(property)) return true;
  if (property.type === "array") return property.items?.type === "string" && !property.items.enum;
  const limits = details.get(name)?.limits ?? {};
  // A day has a format, and an instant no greatest length.
  return property.type === "string" && !property.enum && limits.format !== "date" && "maxLength" in limits;
}

function freed(value: unknown, hide: Redact): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => freed(one, hide));
  if (typeof value !== "object" || value === null) return value;
  // Names in a map are the caller's own; two that are blotted out stay two.
  const left: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    let shown = /^ca_\d{1,2}$/.test(name) ? name : hide(name);
    while (shown !== name && Object.hasOwn(left, shown)) shown += "•";
    left[shown] = isSecretArgument(name) ? blot : freed(one, hide);
  }
  return left;
}

/** A journal whose one free text of ours, why something ended as it did, never holds what is hidden. */
export const redactingJournal = (journal: Journal, hide: Redact): Journal => ({
  ...journal,
  finish: (of, outcome, ms) => journal.finish(of, quiet(outcome, hide), ms),
});

export const quiet = (outcome: Outcome, hide: Redact): Outcome =>
  "why" in outcome ? { ...outcome, why: hide(outcome.why) } : outcome;
