import type { JsonResponse } from "./json-response.ts";
import { type Decoded, lettersIn } from "./letters.ts";
import type { Incoming } from "./send.ts";

/** What the bytes are, once read: JSON, other text (CSV, a bare word), or a file. */
export type ParsedResponse =
  | JsonResponse
  | ({ readonly is: "text" } & Decoded)
  | { readonly is: "xlsx"; readonly bytes: Uint8Array };

const keysAndDomain =
  "Check SKYPREP_API_KEY and SKYPREP_ACCT_KEY (the account's domain), and that the key may be used from this computer.";

/**
 * Bytes → value, in the order of skyprep-api §3.2: status, HTML, file, JSON, text. The content type is a hint
 * that is not needed; the first bytes decide.
 * Throws `Rejected` for a bad status, `SignInRefused` for a page where data was promised, and `Unreadable` for
 * JSON that no record of SkyPrep's can be.
 */
export function parseResponse(incoming: Incoming): ParsedResponse {
  const { status, body } = incoming;
  if (status < 200 || status > 299) throw refusal(incoming);
  if (body[0] === 0x50 && body[1] === 0x4b) return { is: "xlsx", bytes: body };
  const text = decode(body);
  if (isHtml(text)) {
    // Shown instead of an answer, perhaps after the work was done: a session that ended, a proxy that lost its patience.
    throw new SignInRefused("SkyPrep answered with a web page instead of data.", keysAndDomain, "maybe");
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
  return json === undefined
    ? { is: "text", ...lettersIn(body) }
    : { is: "json", value: json.value, bytes: body.length };
}

function refusal({ status, body, retryAfter, location, isMaintenance }: Incoming): Failure {
  const text = decode(body);
  const words = wordsOf(text);
  if (isMaintenance) {
    const when = retryAfter === undefined ? "" : `, in ${retryAfter} s at the earliest`;
    const message = `SkyPrep is down for maintenance or for a while${words === undefined ? "" : `: ${words}`}`;
    return new Rejected(status, message, `Try again later${when}: nothing here is at fault.`, "maybe");
  }
  const message = `SkyPrep answered ${status}${words === undefined ? "" : `: ${words}`}`;
  if (status >= 300 && status < 400) {
    return new Rejected(
      status,
      `${message} (a redirect, not followed)`,
      location ? `Set SKYPREP_BASE_URL to ${location}` : `Check SKYPREP_BASE_URL. ${keysAndDomain}`,
      "maybe",
    );
  }
  if (status === 401 || status === 403) return new SignInRefused(message, keysAndDomain, "no");
  if (status === 404) {
    const next = isHtml(text)
      ? keysAndDomain
      : "Check the numbers and logins you gave; list or find them first.";
    return new Rejected(status, message, next, "refused", words);
  }
  if (status === 429) {
    const wait = retryAfter === undefined ? "a minute" : `${retryAfter} s`;
    const next = `Too many calls in a minute: wait ${wait}, then go on one call at a time.`;
    return new Rejected(status, message, next, "no");
  }
  if (status === 408)
    return new Rejected(status, message, "SkyPrep was too slow; try again in a minute.", "maybe");
  if (status >= 500)
    return new Rejected(status, message, "SkyPrep has a problem; try again in some minutes.", "maybe");
  const next = "Correct the arguments as SkyPrep says, then call again.";
  return new Rejected(status, message, next, "refused", words);
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
  const said = errorInside(json.value)?.text ?? saysWords(json.value);
  return said === undefined ? undefined : brief(said);
}

function saysWords(value: unknown): string | undefined {
  if (Array.isArray(value)) return wordsIn(value);
  const { message } = (value ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : undefined;
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

/**
 * Whether this JSON nests deeper than so many records and lists in each other, found in one pass without
 * reading it: whatever walks what was read would run out of stack.
 */
export function nestsDeeperThan(most: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    } else if (code === 0x22) {
      at = endOfString(text, at + 1);
    }
  }
  return false;
}

/** Where the closing quote is; the text's end where there is none. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** The same of what was read; asks for no more stack than `most` records take. */
export function isDeeperThan(most: number, value: object): boolean {
  if (most === 0) return true;
  for (const name in value) {
    const one = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof one === "object" && one !== null && isDeeperThan(most - 1, one)) return true;
  }
  return false;
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

export interface ErrorInside {
  readonly text: string;
  /** Success is said beside it. */
  readonly partly: boolean;
}

/** What SkyPrep may call an error, whatever its shape: a sentence, several, or a map of them. */
const errorNames = ["error", "errors", "error_message", "error_messages"] as const;
const saysFailure = (text: unknown): boolean =>
  typeof text === "string" && /^(error|failed|failure)$/i.test(text.trim());

/** Said of a success: that there was none. */
const saysNo = (success: unknown): boolean =>
  success === false ||
  success === 0 ||
  (typeof success === "string" && /^(false|no|0|error|failed|failure)$/i.test(success.trim()));

/**
 * The text of an error inside a good status: an error by name, `success: false`, or a status that says so
 * (skyprep-api §3.2); of a list, where it consists of errors.
 */
export function errorInside(value: unknown): ErrorInside | undefined {
  if (Array.isArray(value)) return errorOfAll(value);
  if (typeof value !== "object" || value === null) return undefined;
  const said = value as Record<string, unknown>;
  const { message, status, success } = said;
  const partly = saysSuccess(message) || saysSuccess(status) || success === true;
  for (const name of errorNames) {
    const words = said[name];
    if (!isEmpty(words)) return { text: brief(sentences(words).join("; ")) || name, partly };
  }
  // A progress has a status of "failed" of its own.
  const bad =
    saysNo(success) ||
    (typeof status === "string" && /^(error|failure)$/i.test(status)) ||
    (typeof status === "number" && status >= 400);
  if (!bad) return undefined;
  return {
    text: brief(typeof message === "string" && !saysSuccess(message) ? message : "no success"),
    partly,
  };
}

function errorOfAll(rows: readonly unknown[]): ErrorInside | undefined {
  const inside: ErrorInside[] = [];
  for (const row of rows) {
    // What has a number is a record, whatever it tells of errors.
    const one = typeof row === "object" && row !== null && !("id" in row) ? errorInside(row) : undefined;
    if (one === undefined) return undefined;
    inside.push(one);
  }
  if (inside.length === 0) return undefined;
  return {
    text: brief(inside.map(({ text }) => text).join("; ")),
    partly: inside.some(({ partly }) => partly),
  };
}

/**
 * A bare `success`, `{"message":"success"}` or `{"status":"success"}` (skyprep-api §3.2), and nothing that says
 * otherwise.
 */
export function isSuccess(reading: ParsedResponse): boolean {
  if (reading.is === "text") return saysSuccess(reading.text);
  if (reading.is !== "json") return false;
  if (saysSuccess(reading.value)) return true;
  if (typeof reading.value !== "object" || reading.value === null || errorInside(reading.value)) return false;
  const { message, status, success, ...more } = reading.value as Record<string, unknown>;
  if (saysFailure(message) || saysFailure(status)) return false;
  // “queued” beside it is not done yet, and a list of those left out is not all of it.
  const words = [message, status].filter((word) => typeof word === "string" && word.trim() !== "");
  if (words.some(takesBack) || exceptionIn(more) !== undefined) return false;
  return saysSuccess(message) || saysSuccess(status) || success === true;
}

const exceptions =
  /warn|fail|skip|reject|invalid|missing|ignored|duplicate|denied|refus|problem|exception|error|(^|[ _])not[ _]|n't|unprocess|unknown|queue|pending|partial/i;
/** Of a status besides: what is under way is not done. */
const underWay = /schedul|progress|wait|process/i;
const takesBack = (word: unknown): boolean => exceptions.test(String(word)) || underWay.test(String(word));

/** What stands beside a success and takes something back from it. */
function exceptionIn(beside: Readonly<Record<string, unknown>>): string | undefined {
  const [name, said] =
    Object.entries(beside).find(([one, value]) => exceptions.test(one) && !isEmpty(value)) ?? [];
  if (name === undefined) return undefined;
  const plain = [said].flat().filter((one) => ["number", "boolean"].includes(typeof one));
  const words = [...sentences(said), ...(neverRepeated.test(name) ? [] : plain.map(String))].join("; ");
  return brief(words === "" ? name : `${name}: ${words}`);
}

/** The words an answer consists of, if it consists of words: what was meant as a record may hold what must not leave. */
export function saidBack(reading: ParsedResponse): string | undefined {
  if (reading.is === "text") return looksLikeJson(reading.text) ? undefined : reading.text.trim();
  return reading.is === "json" ? wordsIn(reading.value) : undefined;
}

function wordsIn(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) {
    const words = value.map((one) => (typeof one === "object" ? undefined : wordsIn(one)));
    return value.length > 0 && words.every((one) => one !== undefined) ? brief(words.join("; ")) : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { message, status, ...more } = value as Record<string, unknown>;
  const [said, beside] = [message ?? status, exceptionIn(more)];
  if (typeof said === "string" && beside !== undefined) return `${said.trim()}; ${beside}`;
  if (saysSuccess(message) && typeof status === "string" && takesBack(status))
    return `${message}; ${status.trim()}`;
  if (typeof message === "string") return message.trim();
  return typeof status === "string" ? status.trim() : undefined;
}

/** A web page or the way to one, where data was promised: of a write, it says nothing of whether it was done. */
export const isPage = (error: unknown): boolean =>
  (error instanceof SignInRefused && error.reached === "maybe") ||
  (error instanceof Rejected && error.status >= 300 && error.status < 400);

/** Of keys and permissions, or of the way to SkyPrep. */
const aboutAccess =
  /authori[sz]|permission|forbidden|denied|not allowed|limit|too many|(api|acct|account).?key|\b(account|key|domain|route|page|endpoint|url|method|program|platform)\b.{0,12}\b(not|n't|unknown)\b|no such (account|key|domain|route|page|endpoint)/i;
export const speaksOfAccess = (sentence: string): boolean => aboutAccess.test(sentence);
const speaksOfNothing =
  /not (be )?found|(could|can|did) ?n[o'’]?t find|cannot find|no such|(does|do) ?n[o'’]t exist|n't exist|\bno (user|person|course|group|learner|record)s?\b.{0,40}(found|exist)|unknown (user|person|course|group|login|record|id)|no longer (exists|there)|non-?existent|(user|person|course|group|learner|record) is unknown/i;

/** A sentence that says that there is no such thing; one about keys and permissions says nothing of it. */
export const saysNotFound = (sentence: string): boolean =>
  speaksOfNothing.test(sentence) && !speaksOfAccess(sentence);

/**
 * Whether what we asked for may have happened: decides what a write's error says. `refused`: SkyPrep read it
 * and said no; of a list, a part may still have been done.
 */
export type Reached = "no" | "refused" | "maybe" | "yes";

/**
 * Something went wrong between us and SkyPrep. `message` says what happened, `next` what to do about it;
 * neither ever holds a key.
 */
export class Failure extends Error {
  readonly next: string;
  readonly reached: Reached;
  constructor(message: string, next: string, reached: Reached, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.next = next;
    this.reached = reached;
  }
}

/** No answer came: no connection, a lost one, or silence. */
export class Unreachable extends Failure {}

/** An answer came that says no. */
export class Rejected extends Failure {
  readonly status: number;
  /** Its own words, where it had any. */
  readonly said: string | undefined;
  constructor(status: number, message: string, next: string, reached: Reached, said?: string) {
    super(message, next, reached);
    this.status = status;
    this.said = said;
  }
}

/** A sign-in page instead of data (skyprep-api §4, 1). */
export class SignInRefused extends Failure {}

/** An answer came, on a good status, and it cannot be read. */
export class Unreadable extends Failure {}

/** Not sent: the way to SkyPrep is closed for now, by the limit or after failures. */
export class NotNow extends Failure {
  /** Until it may be open again. */
  readonly waitMs: number;
  constructor(message: string, waitMs: number, cause?: unknown) {
    super(message, `Call again in ${Math.max(1, Math.ceil(waitMs / 1000))} s.`, "no", cause);
    this.waitMs = waitMs;
  }
}

/** Whether the same may go through later, with nothing changed: SkyPrep is down, slow or out of reach, or counts us out. */
export const mayPass = (error: unknown): boolean =>
  error instanceof NotNow ||
  error instanceof Unreachable ||
  (error instanceof Rejected && (error.status === 408 || error.status === 429 || error.status >= 500)) ||
  (error instanceof Error && error.name === "TimeoutError");

/**
 * A write was sent again after a try whose answer was lost, and the last try says no: about the first, which
 * may have been done, that says nothing. With one exception, see `foundNothing`.
 */
export class LostBefore extends Failure {
  readonly last: Failure;
  constructor(last: Failure) {
    super(
      `The first answer was lost, and the next try failed: ${last.message}`,
      "Look with a read whether the first try was done.",
      "maybe",
      last,
    );
    this.last = last;
  }

  /** The last try found nothing there: a removal is done, by the try whose answer was lost. */
  get foundNothing(): boolean {
    return this.last instanceof Rejected && this.last.status === 404;
  }
}
