import { isPairs } from "../../catalogue/schema.ts";
import type { Journal, Outcome } from "../../journal/line.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { type Args, type Checkable, expects } from "../check/check.ts";
import { pairIn } from "../check/interpret.ts";
import { blot, type Redact } from "./redact.ts";

/** No argument that holds a secret takes more, and a pattern of more would cost more than it hides. */
export const mostOfASecret = 500;
/** A call has a password and a number; this many is a mistake, or worse. */
const mostSecrets = 20;
const longestName = 64;
/** A table in a text in a text: nothing that is read nests deeper. */
const deepestText = 3;
const deepest = 50;

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
  refuse(
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
  if (depth >= deepest) return "…";
  if (Array.isArray(value)) return value.map((one) => bare(one, depth + 1));
  const hidden = secretPair(value)?.is;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      isSecretArgument(name) || (hidden !== undefined && one === hidden) ? blot : bare(one, depth + 1),
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
