import { createHash } from "node:crypto";

/** The same people are shown again and again. */
const made = new Map<string, string>();
const mostKept = 100_000;

/** Looks like a secret, is the same every time: 24 hexadecimal digits out of whatever is named. */
export function fakeKey(...parts: (string | number)[]): string {
  const text = parts.join("|");
  let key = made.get(text);
  if (key === undefined) {
    if (made.size >= mostKept) made.clear();
    key = createHash("sha256").update(text).digest("hex").slice(0, 24);
    made.set(text, key);
  }
  return key;
}
