import { cleanText } from "./clean-text.ts";
import { plainText } from "./html.ts";

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
