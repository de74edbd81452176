import type { Tool } from "../../catalogue/catalogue.ts";
import type { CallOutcome, Reply } from "../../reply/reply.ts";
import { cleanLines } from "../../text/clean-text.ts";
import { hiddenInValues, type Redact, type Redaction } from "../redaction/redact.ts";

/** For whoever watches the traffic; whoever reads the answer has no use for it. */
export const withTries = (reply: Reply, tries: number): Reply =>
  tries > 1
    ? {
        ...reply,
        ...(reply.structured && { structured: { ...reply.structured, tries } }),
      }
    : reply;

/** What a credential opens stands in its own reply and nowhere else, whichever answer it came in. */
export const spoken = (tool: Tool | undefined, reply: Reply | undefined): string | undefined =>
  tool?.operation.effect === "credential" && reply && mayHold.has(reply.outcome) ? undefined : reply?.text;

const mayHold: ReadonlySet<CallOutcome> = new Set(["done", "partly", "unknown"]);

/** The one place where a reply leaves: the sandbox says so in the first line, and a secret never passes. */
export function finalizeReply(reply: Reply, sandbox: boolean, { inData, inWords }: Redaction): Reply {
  // Records were cleaned field by field; what else is said may hold SkyPrep's own words.
  const hide: Redact = reply.outcome === "done" ? inData : (text) => cleanLines(inWords(text));
  // A half of a character would make the whole message unreadable to a strict client.
  const whole: Redact = (text) => {
    const left = hide(text);
    return left.isWellFormed() ? left : left.replace(/\p{Cs}/gu, "");
  };
  const text = whole(reply.text);
  const structured = reply.structured && hiddenInValues(reply.structured, whole);
  return {
    text: sandbox ? `[sandbox] ${text}` : text,
    ...(structured && { structured }),
    ...(reply.link && { link: reply.link }),
    ...(reply.missing && { missing: true as const }),
    outcome: reply.outcome,
  };
}
