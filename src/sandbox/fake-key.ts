import { createHash } from "node:crypto";

/** Looks like a secret, is the same every time: 24 hexadecimal digits out of whatever is named. */
export function fakeKey(...parts: (string | number)[]): string {
  return createHash("sha256").update(parts.join("|")).digest("hex").slice(0, 24);
}
