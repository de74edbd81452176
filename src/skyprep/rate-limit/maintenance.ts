import type { Send } from "../send.ts";
import { mayHold, saysDone, wordsIn } from "./limit-words.ts";

export const speaksOfMaintenance =
  /\b(down|closed|offline|unavailable|under|undergoing|performing|scheduled|planned|ongoing|routine|system|site|server)\b[^.;]{0,20}\bmaintenance\b|\bmaintenance (mode|page|window|in progress|break)\b|^\W*maintenance\W*$|\btemporarily (unavailable|down|offline|closed|out of service)\b|\bbe (right )?back (soon|shortly|later|in)\b|\bbe right back\b/i;
/** One of these stands in whatever speaks of maintenance, and in whatever is marked as such. */
export const ofMaintenance = /maintenance|temporarily|right back|be back/i;
/** Of one thing, or of what was asked. */
const ofSomethingElse =
  /\bnot (be )?found\b|\bno such\b|\bexists?\b|\binvalid\b|\b(course|user|person|learner|group|path|report|training|session|timeslot|enrol\w*|record|material|item)s?\b/i;

/** Longer than any such answer. */
const longest = 64 * 1024;
const decoder = new TextDecoder("utf-8");
const encoder = new TextEncoder();

function flagIn(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    const { id, maintenance, maintenance_mode } = JSON.parse(text) as Record<string, unknown>;
    return id === undefined && [maintenance, maintenance_mode].includes(true);
  } catch {
    return false;
  }
}

/**
 * A maintenance page in place of an answer, on whatever status, is a 503 as far as anything above knows: no key and no
 * number is at fault. Whether a write was done before it was shown is not known, so that only reads are sent again.
 */
export const tellingMaintenance =
  (send: Send): Send =>
  async (request, signal, context) => {
    const answer = await send(request, signal, context);
    const { status, body } = answer;
    const isGood = status >= 200 && status < 300;
    if (body.length === 0 || body.length > longest) return answer;
    const text = decoder.decode(body);
    const isTurnedAway = [401, 403, 404].includes(status) && /^\s*</.test(text);
    if (!isGood && !isTurnedAway && ![500, 502, 503, 504].includes(status)) return answer;
    if (!mayHold(text, ofMaintenance)) return answer;
    const words = flagIn(text) ? "maintenance" : wordsIn(text, isGood);
    if (words === undefined || !speaksOfMaintenance.test(words) || ofSomethingElse.test(words)) return answer;
    if (isGood && saysDone.test(text)) return answer;
    return {
      ...answer,
      status: 503,
      contentType: "text/plain; charset=utf-8",
      body: encoder.encode(words.slice(0, 200)),
      isMaintenance: true,
    };
  };
