import { errorInside, isSuccess, nestsDeeperThan } from "./response.ts";
import type { Incoming } from "./send.ts";

/** No refusal nests deeper, and what does is not repeated. */
const mostLevels = 200;

/**
 * An answer without what was told in confidence, where it is words: a refusal, or a sentence. Before anything is
 * made of it: what is cut short later would no longer be known. Records stay: they are compared with what was asked
 * for.
 */
export function discreetly(incoming: Incoming, hide: (text: string) => string): Incoming {
  const { status, body } = incoming;
  const text = new TextDecoder("utf-8").decode(body);
  const json = parsed(text);
  const refused = status < 200 || status > 299;
  if (json === undefined) {
    if (!refused && (isSuccess({ is: "text", text }) || /^(?:PK|\s*[{[])/.test(text))) return incoming;
    return said(incoming, text, hide(text));
  }
  const { value } = json;
  if (!refused) {
    const bare = isSuccess({ is: "json", value, bytes: body.length }) && errorInside(value) === undefined;
    const record = typeof value === "object" && value !== null && !errorInside(value) && !isSentence(value);
    if (bare) return incoming;
    if (record) return said(incoming, text, JSON.stringify(quietBeside(value, hide)), JSON.stringify(value));
  }
  return said(incoming, text, JSON.stringify(quiet(value, hide)), JSON.stringify(value));
}

const said = (incoming: Incoming, text: string, left: string, before = text): Incoming =>
  left === before ? incoming : { ...incoming, body: new TextEncoder().encode(left) };

/** Of a record, only what is said beside it. */
const quietBeside = (value: object, hide: (text: string) => string): object =>
  Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, /message$/.test(name) ? quiet(one, hide) : one]),
      );

/** `{"message": …}` and nothing beside it that could be a record's. */
const isSentence = (value: object): boolean =>
  Object.keys(value).every((name) => /^(?:message|status|success|error_message)$/.test(name));

function parsed(text: string): { value: unknown } | undefined {
  if (!/^\s*["[{]/.test(text) || nestsDeeperThan(mostLevels, text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function quiet(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => quiet(one, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    // A status is a word that is read, not said.
    Object.entries(value).map(([name, one]) => [name, name === "status" ? one : quiet(one, hide)]),
  );
}
