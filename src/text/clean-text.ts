import { withoutKeys } from "./keyed-links.ts";

// Control and format characters: terminal escapes, bidi marks, zero-width and tag characters, and what is never
// drawn (variation selectors, fillers). They can hide text from a person that a model still reads.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu;
/** Nothing to clean, in a quick look: words of printable ASCII with one space between them, and no instant. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
const instantPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const shortestInstant = "2026-11-23T12:00:00Z".length;
const letterT = 0x54;

/** Text that people wrote, as one line of data: nothing invisible, no line breaks, no tabs, no key in a link. */
export const cleanText = (text: string): string => withoutKeys(cleanCredential(text));

/** The same with its keys, for the one reply that hands them out. */
export function cleanCredential(text: string): string {
  const mayBeInstant = text.length >= shortestInstant && text.charCodeAt(10) === letterT;
  if (!mayBeInstant && plain.test(text)) return text;
  const instant = instantPattern.exec(text);
  if (instant) return `${instant[1]}${instant[2]}`;
  return text.replace(invisible, " ").replace(/ {2,}/g, " ").trim();
}

const invisibleInLines = /[^\P{Cc}\n\t]|[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;
/** Nothing to clean, in a quick look. */
const plainLines = /^[ -~\n\t]*$/;

/** Whole sentences, SkyPrep's words among ours: lines stay, what nobody sees and the keys of links go. */
export const cleanLines = (text: string): string =>
  withoutKeys(plainLines.test(text) ? text : text.replace(invisibleInLines, " "));
