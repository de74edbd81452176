import { isDeeperThan, nestsDeeperThan } from "./depth.ts";
import { type Failure, Rejected, SignInRefused, Unreadable } from "./failure.ts";
import type { Incoming } from "./send.ts";

/** What the bytes are, once read: JSON, other text (CSV, a bare word), or a file. */
export type Reading =
  /** `bytes`: how long the answer was. */
  | { readonly is: "json"; readonly value: unknown; readonly bytes: number }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "xlsx"; readonly bytes: Uint8Array };

const keysAndDomain =
  "Check SKYPREP_API_KEY and SKYPREP_ACCT_KEY (the account's domain), and that the key may be used from this computer.";

/**
 * Bytes → value, in the order of facts.md §3.2: status, HTML, file, JSON, text. The content type is a hint
 * that is not needed; the first bytes decide.
 * Throws `Rejected` for a bad status, `SignInRefused` for a page where data was promised, and `Unreadable` for
 * JSON that no record of SkyPrep's can be.
 */
export function read(incoming: Incoming): Reading {
  const { status, body } = incoming;
  if (status < 200 || status > 299) throw refusal(incoming);
  if (body[0] === 0x50 && body[1] === 0x4b) return { is: "xlsx", bytes: body };
  const text = decode(body);
  if (isHtml(text)) {
    throw new SignInRefused("SkyPrep answered with a web page instead of data.", keysAndDomain, "no");
  }
  const json = parse(text);
  if (json === "too deep") {
    // An error may stand in there as well as a record.
    throw new Unreadable(
      "SkyPrep's answer could not be understood: it is nested deeper than any record.",
      "Tell whoever looks after this server.",
      "maybe",
    );
  }
  return json === undefined ? { is: "text", text } : { is: "json", value: json.value, bytes: body.length };
}

function refusal({ status, body, retryAfter }: Incoming): Failure {
  const text = decode(body);
  const words = wordsOf(text);
  const message = `SkyPrep answered ${status}${words === undefined ? "" : `: ${words}`}`;
  if (status >= 300 && status < 400) {
    return new Rejected(
      status,
      `${message} (a redirect, not followed)`,
      `Check SKYPREP_BASE_URL. ${keysAndDomain}`,
      "refused",
    );
  }
  if (status === 401 || status === 403) return new SignInRefused(message, keysAndDomain, "no");
  if (status === 404) {
    const next = isHtml(text)
      ? keysAndDomain
      : "Check the numbers and logins you gave; list or find them first.";
    return new Rejected(status, message, next, "refused");
  }
  if (status === 429) {
    const wait = retryAfter === undefined ? "a minute" : `${retryAfter} s`;
    return new Rejected(
      status,
      message,
      `Too many calls in a minute: wait ${wait}, then go on one call at a time.`,
      "no",
    );
  }
  if (status === 408)
    return new Rejected(status, message, "SkyPrep was too slow; try again in a minute.", "maybe");
  if (status >= 500)
    return new Rejected(status, message, "SkyPrep has a problem; try again in some minutes.", "maybe");
  return new Rejected(status, message, "Correct the arguments as SkyPrep says, then call again.", "refused");
}

/**
 * What a refusal says in words. Of JSON only its error or message, and nothing of broken JSON or a page: a
 * record in the wrong place may hold what must not leave.
 */
function wordsOf(text: string): string | undefined {
  if (text.trim() === "" || isHtml(text)) return undefined;
  const json = parse(text);
  if (json === undefined || json === "too deep") return looksLikeJson(text) ? undefined : brief(text);
  if (typeof json.value === "string") return brief(json.value);
  const { message } = (json.value ?? {}) as { message?: unknown };
  return errorInside(json.value)?.text ?? (typeof message === "string" ? brief(message) : undefined);
}

/** Meant as a record or a list, whether or not it can be read as one. */
export const looksLikeJson = (text: string): boolean => /^\s*[{[]/.test(text);

/** The deepest sample of the API page has five levels. */
const mostLevels = 200;
const isTooDeep = (text: string): boolean => looksLikeJson(text) && nestsDeeperThan(mostLevels, text);
/** Characters whose reading costs little memory, however they nest; to look at what was read costs less than at the text. */
const small = 1024 * 1024;

const decoder = new TextDecoder("utf-8");
/** Never fails: what is not UTF-8 becomes U+FFFD, a byte-order mark is dropped. */
const decode = (body: Uint8Array): string => decoder.decode(body);

const isHtml = (text: string): boolean =>
  /^\s*(<!doctype html|<html[\s>]|<head[\s>])/i.test(text.slice(0, 512));

function parse(text: string): { value: unknown } | "too deep" | undefined {
  if (!/^\s*["[{\dtfn-]/.test(text)) return undefined;
  if (text.length > small && isTooDeep(text)) return "too deep";
  try {
    const value: unknown = JSON.parse(text);
    const deep = text.length <= small && typeof value === "object" && value !== null;
    return deep && isDeeperThan(mostLevels, value) ? "too deep" : { value };
  } catch {
    return isTooDeep(text) ? "too deep" : undefined;
  }
}

/** SkyPrep's own words, short enough for an error. */
export function brief(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

/** The sentences in whatever an error was put: `"…"`, `["…"]`, `{"email":["is taken"]}`. */
function sentences(said: unknown, depth = 5): string[] {
  if (typeof said === "string") return said === "" ? [] : [said];
  if (typeof said !== "object" || said === null || depth === 0) return [];
  if (Array.isArray(said)) return said.flatMap((one) => sentences(one, depth - 1));
  return Object.entries(said).flatMap(([name, one]) =>
    neverRepeated.test(name) ? [] : sentences(one, depth - 1).map((sentence) => `${name}: ${sentence}`),
  );
}
const neverRepeated = /ssn|key|link|url|password/i;

const saysSuccess = (text: unknown): boolean =>
  typeof text === "string" && text.trim().toLowerCase() === "success";

/** An empty place for errors is no error. */
const isEmpty = (said: unknown): boolean =>
  !said || (typeof said === "object" && Object.keys(said as object).length === 0);

/**
 * The text of an error inside a good status: `error`, `errors`, `success: false`, or a status that says so
 * (facts.md §3.2). `partly`: success is said beside it.
 */
export function errorInside(value: unknown): { text: string; partly: boolean } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { message, status, success, error, errors } = value as Record<string, unknown>;
  const partly = saysSuccess(message) || saysSuccess(status) || success === true;
  for (const [key, said] of Object.entries({ error, errors })) {
    if (!isEmpty(said)) return { text: brief(sentences(said).join("; ")) || key, partly };
  }
  const bad = success === false || (typeof status === "string" && /^(error|failure)$/i.test(status));
  return bad
    ? { text: brief(typeof message === "string" ? message : "no success"), partly: false }
    : undefined;
}

/** A bare `success`, `{"message":"success"}`, `{"status":"success"}`, or nothing at all on a good status. */
export function isSuccess(reading: Reading): boolean {
  if (reading.is === "text") return reading.text.trim() === "" || saysSuccess(reading.text);
  if (reading.is !== "json") return false;
  if (saysSuccess(reading.value)) return true;
  const { message, status, success } = (reading.value ?? {}) as Record<string, unknown>;
  return saysSuccess(message) || saysSuccess(status) || success === true;
}

/** The one word or sentence an answer consists of, if it consists of one. */
export function saidBack(reading: Reading): string | undefined {
  if (reading.is === "text") return reading.text.trim();
  if (reading.is !== "json") return undefined;
  const value = reading.value;
  if (typeof value === "string") return value.trim();
  if (typeof value !== "object" || value === null) return undefined;
  const { message, status } = value as Record<string, unknown>;
  if (typeof message === "string") return message.trim();
  return typeof status === "string" ? status.trim() : undefined;
}

export const unreadable = (what: string): Unreadable =>
  new Unreadable(
    `SkyPrep's answer could not be understood: ${what}.`,
    "Tell whoever looks after this server.",
    "yes",
  );
