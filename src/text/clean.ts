import { decodeHTMLStrict } from "entities/decode";
import { cleanText } from "./clean-text.ts";

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
