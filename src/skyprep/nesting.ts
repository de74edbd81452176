const quote = 0x22;
const backslash = 0x5c;

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
    } else if (code === quote) {
      at = endOfString(text, at + 1);
    }
  }
  return false;
}

/** Where the closing quote is; the text's end where there is none. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === backslash) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** The same of what was read; asks for no more stack than `most` records take. */
export function isDeeperThan(most: number, value: object): boolean {
  if (most === 0) return true;
  const inner: Readonly<Record<string, unknown>> = value as Readonly<Record<string, unknown>>;
  for (const name in inner) {
    const one = inner[name];
    if (typeof one === "object" && one !== null && isDeeperThan(most - 1, one)) return true;
  }
  return false;
}
