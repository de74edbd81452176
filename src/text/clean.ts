import { decodeHTMLStrict } from "entities/decode";

/** `cleanText` for everything inside a value, HTML as text; nulls and empty texts are left out of objects. */
export function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(plainText(value));
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (one === null || one === undefined || one === "") continue;
    kept[cleanText(key)] = clean(one);
  }
  return kept;
}

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

const tag = /<(\/?)([a-z][a-z0-9:]*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>|<!--|<!doctype[^<>]*>/gi;
const known = new Set(
  `a abbr address article aside audio b base bdi bdo big blockquote body br button canvas caption center cite code
  col colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form frame h1 h2 h3 h4
  h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark meta nav noscript object
  ol option p param picture pre q s samp script section select small source span strike strong style sub summary
  sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr`.split(/\s+/),
);
const inline = new Set(
  `a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup
  time tt u var wbr`.split(/\s+/),
);
/** What a browser does not show must not be read by a model either. */
const unseen = /^(?:script|style|template|title|head|noscript|textarea|svg|iframe|object)$/;

/** HTML as the text a person sees; anything else as it is, `a < b` and `<avery@example.com>` included. */
export function plainText(html: string): string {
  if (!html.includes("<") && !html.includes("&")) return html;
  const bare = html.includes("<") ? withoutTags(html) : html;
  return bare.includes("&") ? decodeHTMLStrict(bare).replaceAll("\u00a0", " ") : bare;
}

/** One pass from left to right, so that unclosed tags by the thousand cost no more than others. */
function withoutTags(html: string): string {
  const kept: string[] = [];
  let from = 0;
  const tags = new RegExp(tag);
  for (let found = tags.exec(html); found !== null; found = tags.exec(html)) {
    const [whole, closing = "", name = ""] = found;
    const element = name.toLowerCase();
    // Word writes tags of its own, such as <o:p>.
    if (name !== "" && !known.has(element) && !element.includes(":")) continue;
    kept.push(html.slice(from, found.index));
    from = found.index + whole.length;
    if (whole === "<!--") from = after(html, /-->/g, from);
    else if (closing === "" && unseen.test(element))
      from = after(html, new RegExp(`</${element}\\b[^<>]*>`, "gi"), from);
    else if (element === "li" && closing === "") kept.push("\n- ");
    else if (element === "td" || element === "th") kept.push(" ");
    else if (!inline.has(element) && !element.includes(":")) kept.push("\n");
    tags.lastIndex = from;
  }
  if (from === 0 && kept.length === 0) return html;
  return [...kept, html.slice(from)]
    .map((part) => (/^\n/.test(part) && part.length <= 3 ? part : part.replace(/\s+/g, " ")))
    .join("")
    .replace(/ *\n[ \n]*/g, "\n")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** As in a browser: what is never closed hides the rest. */
function after(html: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  return end.exec(html) === null ? html.length : end.lastIndex;
}

/** Whoever has such a link signs in as somebody, or sees their calendar or certificate: `?view_key=…`. */
const keyed =
  /((?:(?:[?&;#]|%3f|%26)(?:\w{1,40}_)?key|\b(?:view|calendar|login|api|acct|access|secret|subscribe|auth)_key)(?:=|%3d))[^\s&"'<>#;)\]|\\]+/gi;
/** Nothing to take out, in a quick look: most texts name no key. */
const mayHold = /key(?:=|%3d)/i;

/** Text without the keys that links in it carry; the links stay, and open nothing. */
export const withoutKeys = (text: string): string =>
  mayHold.test(text) ? text.replace(keyed, "$1•••") : text;
