import type { VariantOf } from "../assumptions.ts";
import type { Incoming, Send } from "../send.ts";
import type { Sightings } from "../sightings.ts";

export const speaksOfLimit =
  /\brate[- ]?limit|\btoo many (requests|calls)|\b(request|call|api|usage|quota)s? (limit|quota)s?\b.{0,40}\b(exceeded|reached|hit)|\b(exceeded|reached|hit)\b.{0,40}\b(request|call|api|rate|usage)s?.{0,12}(limit|quota)|\bthrottl(ed|ing)\b|requests? per (second|minute|hour)/i;

/**
 * Whether what `wordsIn` finds in it can hold one of these: in JSON's own spelling of letters, or with marks of a page in
 * between, any of them may not be seen. Most answers are records, and a look at their letters saves reading them twice.
 */
export const mayHold = (text: string, words: RegExp): boolean => words.test(text) || /[\\<]/.test(text);
/** One of these stands in whatever speaks of a limit. */
export const ofLimits = /limit|quota|too many|throttl|requests? per /i;

/** Of a write that was done all the same. */
export const saysDone = /\bsuccess|\b(created|updated|enrolled|added|removed|deleted|saved|done)\b/i;

/** Longer than any such answer; records and lists are. */
const longest = 16 * 1024;

const decoder = new TextDecoder("utf-8");

/** What may hold the words: a page's own text, a sentence, or the message of JSON that is no record. */
export function wordsIn(text: string, isGood: boolean): string | undefined {
  if (/^\s*(<!doctype html|<html[\s>]|<head[\s>])/i.test(text)) {
    return text
      .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  }
  if (!/^\s*[{["]/.test(text)) return !isGood || /^[^\n]{1,300}$/.test(text.trim()) ? text.trim() : undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return value;
    const said = (Array.isArray(value) ? value[0] : value) as Record<string, unknown> | null | undefined;
    // What has a number is a record, whatever it is called.
    if (typeof said !== "object" || said === null || "id" in said || "columns" in said) return undefined;
    const own = ["message", "error", "errors", "error_message", "status", "detail", "title"];
    return own
      .flatMap((name) => [said[name]].flat(3))
      .filter((one) => typeof one === "string")
      .join("; ");
  } catch {
    return isGood ? undefined : text;
  }
}

/** How an answer says that the limit is reached; undefined: it does not. */
function limitIn({
  status,
  body,
  retryAfter,
}: Incoming): { how?: VariantOf<"limit-is-429">; words?: string } | undefined {
  if (status === 429 && retryAfter !== undefined) return {};
  if (body.length > longest) return status === 429 ? { how: "without-retry-after" } : undefined;
  const isGood = status >= 200 && status < 300;
  if (!isGood && ![403, 429, 503].includes(status)) return undefined;
  const text = decoder.decode(body);
  const words = mayHold(text, ofLimits) ? wordsIn(text, isGood) : undefined;
  const speaks = words !== undefined && speaksOfLimit.test(words);
  if (status === 429) return { how: "without-retry-after" };
  // It was done, and something beside it was over a limit: to send it again would do it twice.
  if (!speaks || (isGood && saysDone.test(text))) return undefined;
  const isPage = /^\s*</.test(text);
  return { how: status === 503 ? "503" : isPage ? "page" : "words", words: words.slice(0, 200) };
}

const encoder = new TextEncoder();

/**
 * A limit in whatever form it is told is one: a 429, as far as anything above knows. Whoever is turned away at the door
 * did nothing, so that writes may be sent again, too; a 503 without a word of a limit says no such thing.
 */
export const tellingLimits =
  (send: Send, sightings: Pick<Sightings, "differs" | "holds">): Send =>
  async (request, signal, context) => {
    const answer = await send(request, signal, context);
    const limit = limitIn(answer);
    if (limit === undefined) return answer;
    if (limit.how === undefined) sightings.holds("limit-is-429");
    else sightings.differs("limit-is-429", limit.how);
    if (limit.words === undefined) return answer;
    const retryAfter = answer.retryAfter ?? secondsIn(limit.words);
    return {
      ...answer,
      status: 429,
      contentType: "text/plain; charset=utf-8",
      body: encoder.encode(limit.words),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  };

/** “Retry in 12 seconds”. */
function secondsIn(words: string): number | undefined {
  const [, seconds] = /\b(?:in|after|for)\s+(\d{1,3})\s*s(?:ec(?:ond)?s?)?\b/i.exec(words) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
