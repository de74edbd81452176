const isKey = /^\s*:/;
/** Whoever puts more blanks than these between a key and its colon means harm. */
const longestGap = 10_000;

/**
 * Keys that an object of a JSON text has twice: the last one counts, and a rule that was meant would be gone without
 * a word. Only for text that is JSON.
 */
export function doubleKeys(text: string): string[] {
  const open: (Set<string> | undefined)[] = [];
  const double = new Set<string>();
  // A text between quotes, what opens and closes, and what follows a key; nothing else tells keys apart.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (isKey.test(text.slice(index + token.length, index + token.length + longestGap))) {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) double.add(key);
      keys?.add(key);
    }
  }
  return [...double];
}
